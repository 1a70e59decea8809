import type { Engine } from '../../engine/engine.ts';
import type { NetworkFacts } from '../../flows/store/types.ts';
import type { WeatherMark } from '../../presentation/weather-bars.ts';
import { type HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports.ts';
import type { NodeSight, NodesSight } from '../../transfer/read/look-at-nodes.ts';

/** As many looks as a row of the table has room for. */
export const KEPT_LOOKS = 24;
/** a blob of this size is what the relay's fee is told for: 1 MB, encoded */
const TIP_BYTES = 66_034_000;

/** What this page has seen of the network. */
export interface NodesView {
  readonly isLooking: boolean;
  /** of the first look, wall time */
  readonly sinceMs?: number;
  /** what the last look has shown; absent if it came to nothing */
  readonly last?: NodesSight;
  /** by node ID, oldest first */
  readonly marks: ReadonlyMap<string, readonly WeatherMark[]>;
  readonly facts?: NetworkFacts;
  /** in MIST; undefined while unknown, or if the relay does not answer */
  readonly tipMist?: bigint;
  /** why the last look came to nothing */
  readonly error?: HauloutError;
}

/** Looks at the network, and remembers what it saw for as long as the page is open. */
export class NodesDesk {
  readonly #engine: () => Promise<Engine>;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #view: NodesView = { isLooking: false, marks: new Map() };
  #looking: Promise<void> | undefined;

  constructor(engine: () => Promise<Engine>, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  readonly view = (): NodesView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Asks all nodes, and the chain for prices. One look at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    this.#set({ isLooking: true });
    try {
      const engine = await this.#engine();
      const [last, facts, tipMist] = await Promise.all([
        engine.nodes(),
        engine.network(),
        engine.relayTip(TIP_BYTES),
      ]);
      const sinceMs = this.#view.sinceMs ?? this.#clock.wall();
      const marks = new Map(last.nodes.map((node) => [node.nodeId, this.#marked(node)]));
      const { isLooking: _, error: __, tipMist: ___, ...before } = this.#view;
      const tip = tipMist === undefined ? {} : { tipMist };
      this.#replace({ ...before, isLooking: false, last, facts, sinceMs, marks, ...tip });
    } catch (error) {
      const { last: _, ...before } = this.#view; // what was so then, nobody knows now
      this.#replace({ ...before, isLooking: false, ...(isHauloutError(error) ? { error } : {}) });
    }
  }

  #marked({ nodeId, ms }: NodeSight): readonly WeatherMark[] {
    const before = this.#view.marks.get(nodeId) ?? [];
    return [...before, ms === undefined ? {} : { ms }].slice(-KEPT_LOOKS);
  }

  #set(change: Partial<NodesView>): void {
    this.#replace({ ...this.#view, ...change });
  }

  #replace(view: NodesView): void {
    this.#view = view;
    for (const listener of [...this.#listeners]) listener();
  }
}
