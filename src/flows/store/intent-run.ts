import type { Write } from '../../protocol/ports.ts';
import type { Journal } from '../../store/journal.ts';
import type { IntentFact, JournalStores } from '../../store/journal-facts.ts';
import type { IntentState } from '../../store/journal-state.ts';
import type { StorePorts } from './ports.ts';

/** One intent while somebody works on it: its state, and the one way to change it. */
export class IntentRun {
  readonly ports: StorePorts;
  readonly journal: Journal;
  readonly intentId: string;
  readonly #uploads = new Map<number, AbortController>();
  #state: IntentState;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: StorePorts, journal: Journal, intentId: string, state: IntentState) {
    this.ports = ports;
    this.journal = journal;
    this.intentId = intentId;
    this.#state = state;
  }

  get state(): IntentState {
    return this.#state;
  }

  /**
   * The signal of one more upload of a blob. It ends what may still go on of the one before, whose nodes would be sent
   * the same once more: what two know of a node, they learn at different times.
   */
  nextUpload(blob: number, signal: AbortSignal): AbortSignal {
    this.#uploads.get(blob)?.abort();
    const own = new AbortController();
    this.#uploads.set(blob, own);
    return AbortSignal.any([signal, own.signal]);
  }

  /**
   * Writes facts down and, once they are durable, believes them. Appends follow one another.
   *
   * @throws HauloutError 'revision-stale' if somebody else works on the intent; 'store-full'
   */
  append(facts: readonly IntentFact[], more: readonly Write<JournalStores>[] = []): Promise<void> {
    const done = this.#last
      .catch(() => undefined)
      .then(async () => {
        this.#state = await this.journal.append(this.intentId, this.#state, facts, more);
      });
    this.#last = done;
    return done;
  }
}
