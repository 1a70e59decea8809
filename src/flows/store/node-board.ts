import type { Committee } from '../../protocol/committee.ts';
import type { NodeState } from '../../transfer/put-types.ts';
import type { NodeProgress } from './types.ts';

/** Of two states of one node, the one that says more about what keeps a batch from being done. */
const ORDER: readonly NodeState[] = ['failed', 'sending', 'confirming', 'waiting', 'confirmed'];

/** Where every storage node is with the blobs that are under way. */
export class NodeBoard {
  readonly #blobs = new Map<string, Map<string, NodeState>>();
  #committee: Committee | undefined;
  #isNewEpoch = false;
  #nodes: readonly NodeProgress[] | undefined;

  /** A blob goes to these nodes from now on; what was told of it before counts no more. */
  begin(blob: string, committee: Committee): void {
    this.#isNewEpoch ||= committee.epoch > (this.#committee?.epoch ?? committee.epoch);
    this.#committee = committee;
    this.#blobs.set(blob, new Map(committee.members.map(({ nodeId }) => [nodeId, 'waiting'])));
    this.#nodes = undefined;
  }

  node(blob: string, nodeId: string, state: NodeState): void {
    const nodes = this.#blobs.get(blob);
    if (nodes === undefined) return;
    nodes.set(nodeId, state);
    this.#nodes = undefined;
  }

  /** A blob is no longer under way. The last one stays, as it shows how all ended. */
  end(blob: string): void {
    if (this.#blobs.size <= 1) return;
    this.#blobs.delete(blob);
    this.#nodes = undefined;
  }

  /** Whether an epoch has ended since the first blob was begun, so that nodes have to sign anew. */
  get isNewEpoch(): boolean {
    return this.#isNewEpoch;
  }

  /** In the committee's order; empty while nothing goes to nodes. */
  get nodes(): readonly NodeProgress[] {
    this.#nodes ??= (this.#committee?.members ?? []).map(({ nodeId, weight }) => {
      const states = [...this.#blobs.values()].map((nodes) => nodes.get(nodeId) ?? 'waiting');
      return { nodeId, weight, state: ORDER.find((state) => states.includes(state)) ?? 'waiting' };
    });
    return this.#nodes;
  }
}
