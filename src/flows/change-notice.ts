import type { Clock } from '../protocol/ports.ts';

const PROGRESS_GAP_MS = 100; // at most ten redraws a second

type Listener = () => void;

/**
 * Tells listeners that something changed. What a person caused is told in the next microtask;
 * progress is collected and told at most ten times a second, however many files report it.
 */
export class ChangeNotice {
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Set<Listener>>();
  #changed = new Set<string>();
  #isSoon = false;
  #isNow = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns ends the subscription */
  subscribe(topic: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) {
        this.#listeners.delete(topic);
      }
    };
  }

  now(topic: string): void {
    this.#changed.add(topic);
    if (this.#isNow) return;
    this.#isNow = true;
    queueMicrotask(() => this.#tell());
  }

  soon(topic: string): void {
    this.#changed.add(topic);
    if (this.#isSoon) return;
    this.#isSoon = true;
    void this.#clock.sleep(PROGRESS_GAP_MS).then(() => {
      this.#isSoon = false;
      this.#tell();
    });
  }

  #tell(): void {
    this.#isNow = false;
    const topics = this.#changed;
    this.#changed = new Set();
    for (const topic of topics) {
      for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener();
    }
  }
}
