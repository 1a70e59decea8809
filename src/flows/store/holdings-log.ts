import type { Journal } from '../../store/journal.ts';
import { addFact } from '../../transfer/node-facts.ts';
import type { NodeFacts, PutFact } from '../../transfer/put-types.ts';

/** Writes down what nodes hold of one blob, while it is being sent. Many facts become one write. */
export class HoldingsLog {
  readonly #journal: Journal;
  readonly #intentId: string;
  readonly #blob: number;
  readonly #shardCount: number;
  readonly #nodes: Map<string, NodeFacts>;
  readonly #changed = new Set<string>();
  #writing: Promise<void> | undefined;

  /** @param known of earlier tries */
  constructor(
    journal: Journal,
    intentId: string,
    blob: number,
    shardCount: number,
    known: ReadonlyMap<string, NodeFacts>,
  ) {
    this.#journal = journal;
    this.#intentId = intentId;
    this.#blob = blob;
    this.#shardCount = shardCount;
    this.#nodes = new Map(known);
  }

  add(fact: PutFact): void {
    const { nodeId } = fact;
    this.#nodes.set(nodeId, addFact(this.#nodes.get(nodeId), fact, this.#shardCount));
    this.#changed.add(nodeId);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    // What cannot be written is only asked of the nodes again.
    this.#writing.catch(() => undefined);
  }

  /** Waits until all that was told is written. */
  async flushed(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#changed.size > 0) {
      const nodes = new Map<string, NodeFacts>();
      for (const nodeId of this.#changed) {
        const facts = this.#nodes.get(nodeId);
        if (facts !== undefined) nodes.set(nodeId, facts);
      }
      this.#changed.clear();
      await this.#journal.keepHoldings(this.#intentId, this.#blob, nodes);
    }
  }
}
