import type { Clock } from '../../protocol/ports.ts';

const GATHER_MS = 600;

export interface LiveTexts {
  readonly polite: string;
  readonly assertive: string;
}

/** Sentences for screen readers. What comes within a moment is spoken together. */
export class LiveText {
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #texts: LiveTexts = { polite: '', assertive: '' };
  #waiting: { polite: string[]; assertive: string[] } = { polite: [], assertive: [] };
  #isGathering = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  say(text: string, how: 'polite' | 'assertive' = 'polite'): void {
    const waiting = this.#waiting[how];
    if (waiting.at(-1) !== text) waiting.push(text);
    if (this.#isGathering) return;
    this.#isGathering = true;
    void this.#clock.sleep(GATHER_MS).then(() => this.#speak());
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  texts = (): LiveTexts => this.#texts;

  #speak(): void {
    this.#isGathering = false;
    const { polite, assertive } = this.#waiting;
    this.#waiting = { polite: [], assertive: [] };
    this.#texts = {
      polite: polite.length > 0 ? this.#fresh(polite, this.#texts.polite) : this.#texts.polite,
      assertive:
        assertive.length > 0
          ? this.#fresh(assertive, this.#texts.assertive)
          : this.#texts.assertive,
    };
    for (const listener of [...this.#listeners]) listener();
  }

  /** The same sentence twice in a row is only spoken again if the text differs. */
  #fresh(sentences: readonly string[], before: string): string {
    const text = sentences.join(' ');
    return text === before ? `${text}\u00a0` : text;
  }
}
