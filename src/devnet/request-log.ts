/** One exchange of a node. */
export interface LogEntry {
  /** counts all exchanges of the network from 0 */
  readonly sequence: number;
  /** wall time at the beginning, in milliseconds */
  readonly t: number;
  /** index of the node */
  readonly node: number;
  readonly method: string;
  /** with the query */
  readonly path: string;
  /** 0 if the connection ended without an answer */
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly ms: number;
  /** type of the fault that struck */
  readonly fault: string | null;
  /** whether another node asked */
  readonly peer: boolean;
}

const KEPT = 100_000;

interface InFlight {
  now: number;
  most: number;
}

/** Remembers the last exchanges of all nodes, and how many ran at the same time. */
export class RequestLog {
  #entries: LogEntry[] = [];
  #next = 0;
  readonly #all: InFlight = { now: 0, most: 0 };
  readonly #nodes = new Map<number, InFlight>();
  readonly #listeners = new Set<(entry: LogEntry) => void>();

  /** @returns a function that ends the subscription */
  subscribe(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An exchange begins. @returns what ends it */
  begin(node: number): (entry: Omit<LogEntry, 'sequence' | 'node'>) => void {
    const counters = [this.#all, this.#node(node)];
    for (const counter of counters) {
      counter.now += 1;
      counter.most = Math.max(counter.most, counter.now);
    }
    let ended = false;
    return (entry) => {
      if (ended) return;
      ended = true;
      for (const counter of counters) counter.now -= 1;
      this.#add({ sequence: this.#next++, node, ...entry });
    };
  }

  /** Entries from a sequence number on. */
  since(sequence = 0): readonly LogEntry[] {
    const first = this.#entries[0]?.sequence ?? 0;
    return this.#entries.slice(Math.max(0, sequence - first));
  }

  /** the sequence number that the next entry will have */
  get next(): number {
    return this.#next;
  }

  get maxInFlight(): { all: number; nodes: Record<number, number> } {
    const nodes = Object.fromEntries([...this.#nodes].map(([node, { most }]) => [node, most]));
    return { all: this.#all.most, nodes };
  }

  /** Forgets entries and the highest concurrency so far. */
  clear(): void {
    this.#entries = [];
    for (const counter of [this.#all, ...this.#nodes.values()]) counter.most = counter.now;
  }

  #node(index: number): InFlight {
    let counter = this.#nodes.get(index);
    if (counter === undefined) {
      counter = { now: 0, most: 0 };
      this.#nodes.set(index, counter);
    }
    return counter;
  }

  #add(entry: LogEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT * 1.1) this.#entries = this.#entries.slice(-KEPT);
    for (const listener of this.#listeners) listener(entry);
  }
}
