import { HauloutError } from '../../src/protocol/errors.ts';
import type { Clock } from '../../src/protocol/ports.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly number: number;
  wake(): void;
}

const START_MS = 1_700_000_000_000;

/**
 * A clock whose time passes only in `drive`: from one sleeper to the next, in the order of their times and, among
 * equals, of their calls.
 */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #next = 0;
  #sleepers: Sleeper[] = [];

  wall = (): number => START_MS + this.#nowMs;
  monotonic = (): number => this.#nowMs;

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = () => reject(new HauloutError('aborted', {}, { cause: signal?.reason }));
      if (signal?.aborted) {
        aborted();
        return;
      }
      const abort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        aborted();
      };
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper = { dueMs: this.#nowMs + Math.max(0, ms), number: this.#next++, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** How many wait. */
  get waiting(): number {
    return this.#sleepers.length;
  }

  /**
   * Lets time pass until work has ended. Between two sleepers everything that waits for nothing else settles.
   *
   * @throws Error if the work waits for something other than this clock, or longer than `limitMs`
   */
  async drive<T>(work: Promise<T>, limitMs = 3_600_000): Promise<T> {
    const endMs = this.#nowMs + limitMs;
    let ended = false;
    const done = () => {
      ended = true;
    };
    work.then(done, done);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (ended) return work;
      const next = this.#sleepers.reduce<Sleeper | undefined>(
        (best, each) => (best === undefined || isBefore(each, best) ? each : best),
        undefined,
      );
      if (next === undefined) throw new Error('the work waits for something else than the clock');
      if (next.dueMs > endMs) throw new Error(`the work is not done after ${limitMs} ms`);
      this.#sleepers = this.#sleepers.filter((each) => each !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.wake();
    }
  }
}

function isBefore(a: Sleeper, b: Sleeper): boolean {
  return a.dueMs === b.dueMs ? a.number < b.number : a.dueMs < b.dueMs;
}
