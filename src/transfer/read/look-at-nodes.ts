import { nodeHealth } from '../../network/node-health.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import type { ReadDoors } from './read-types.ts';

/**
 * `well`: it answered as it should. `behind`: it answered, but is in another epoch or still fetches its shards.
 * `silent`: it could not be reached, or said nothing in time. `strange`: it answered with something else.
 */
export type NodeState = 'well' | 'behind' | 'silent' | 'strange';

/** How one node was found. */
export interface NodeSight {
  readonly nodeId: string;
  /** host:port */
  readonly networkAddress: string;
  /** shards */
  readonly weight: number;
  readonly state: NodeState;
  /** until it had answered; absent where it did not */
  readonly ms?: number;
  /** code of the error, where it did not answer as it should */
  readonly reason?: string;
}

/** How all nodes of the committee were found. */
export interface NodesSight {
  readonly epoch: number;
  readonly shardCount: number;
  /** in the order of the committee */
  readonly nodes: readonly NodeSight[];
}

const IDLE_MS = 5_000;

type LookDoors = Pick<ReadDoors, 'transport' | 'clock' | 'committees' | 'nodeUrl'>;

/**
 * Asks every node of the committee how it is, all at the same time. What a node says of itself is only its word; that
 * it answers, and how soon, is what this client saw.
 *
 * @throws HauloutError 'chain-unavailable', 'aborted'
 */
export async function lookAtNodes(doors: LookDoors, signal: AbortSignal): Promise<NodesSight> {
  const { clock, transport, nodeUrl } = doors;
  const { current } = await doors.committees();
  const { epoch, shardCount, members } = current;
  const look = async ({ nodeId, networkAddress, weight }: (typeof members)[number]) => {
    const since = clock.monotonic();
    const sight = { nodeId, networkAddress, weight };
    try {
      const said = await nodeHealth(transport, nodeUrl(networkAddress), IDLE_MS, signal);
      const isUpToDate = said.epoch === epoch && said.status === 'Active';
      const state: NodeState = isUpToDate ? 'well' : 'behind';
      return { ...sight, state, ms: clock.monotonic() - since };
    } catch (error) {
      if (!isHauloutError(error) || error.code === 'aborted') throw error;
      const isSilent = SILENT.includes(error.code);
      const state: NodeState = isSilent ? 'silent' : 'strange';
      return { ...sight, state, reason: error.code };
    }
  };
  return { epoch, shardCount, nodes: await Promise.all(members.map(look)) };
}

const SILENT: readonly string[] = ['host-unreachable', 'host-silent'];
