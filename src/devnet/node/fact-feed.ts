import type { Clock, Random } from '../../protocol/ports.ts';
import type { Fact } from './facts.ts';

export interface FeedOptions {
  readonly clock: Clock;
  /** of this node alone */
  readonly random: Random;
  /** how late a node hears of something, drawn for each fact */
  readonly delayMs: readonly [min: number, max: number];
  /** what is added to that now */
  lagMs(): number;
  learn(fact: Fact, sequence: number | undefined): Promise<void>;
}

const RETRY_MS = 1_000;

/** Brings facts to one node in their order, each some time after it became true. */
export class FactFeed {
  readonly #options: FeedOptions;
  readonly #life = new AbortController();
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** facts on their way */
  get waiting(): number {
    return this.#waiting;
  }

  /** @param late false for what the node should know already */
  push(fact: Fact, sequence: number | undefined, late = true): void {
    const { clock, random, delayMs, lagMs, learn } = this.#options;
    const [min, max] = delayMs;
    const drawn = late ? min + random.below(Math.max(1, max - min + 1)) : 0;
    const dueAt = clock.monotonic() + drawn;
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      try {
        const left = dueAt + (late ? lagMs() : 0) - clock.monotonic();
        if (left > 0) await clock.sleep(left, this.#life.signal);
        // A fact must not be missed: with a disk that is full the node stands still until there is room.
        while (!this.#life.signal.aborted && !(await succeeds(learn(fact, sequence)))) {
          await clock.sleep(RETRY_MS, this.#life.signal);
        }
      } catch {
        // the node stopped; its next life hears of it again
      } finally {
        this.#waiting -= 1;
      }
    });
  }

  stop(): void {
    this.#life.abort();
  }
}

function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
