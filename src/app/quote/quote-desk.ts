import type { Engine } from '../../engine/engine.ts';
import type { MadeQuote, QuoteSource, QuoteTerms } from '../../engine/engine-api.ts';
import { ChangeNotice } from '../../flows/change-notice.ts';
import type { QueueItem } from '../../flows/prepare-item.ts';
import type { NetworkFacts } from '../../flows/store/types.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports.ts';

/** How long files are to be stored, and whether their owner may end it. */
export interface Wishes {
  /** periods, counting the running one; a year if the person has not chosen */
  readonly epochs?: number;
  readonly deletable: boolean;
}

/** The price of some files, as far as it is known. A new object with each change. */
export interface QuoteView {
  /** what is asked about; empty while no sheet is open */
  readonly items: readonly QueueItem[];
  readonly wishes: Wishes;
  readonly facts?: NetworkFacts;
  /** the last one; while `step` is there it is about to be replaced */
  readonly made?: MadeQuote;
  readonly step?: 'encoding' | 'quoting';
  readonly error?: unknown;
  /** the upload that was begun with it: its payment is not on chain yet */
  readonly jobId?: string;
}

/** What the settings say. */
export type FixedTerms = Omit<QuoteTerms, 'epochs' | 'deletable'>;

const ALL = '';
const YEAR_MS = 365 * 24 * 3_600_000;

/** Asks the price of files, and again whenever something changes that it depends on. */
export class QuoteDesk {
  readonly #engine: () => Promise<Engine>;
  readonly #clock: Clock;
  readonly #sourceOf: (item: QueueItem) => QuoteSource;
  readonly #notice: ChangeNotice;
  #terms: FixedTerms | undefined;
  #asking: AbortController | undefined;
  #view: QuoteView = { items: [], wishes: { deletable: true } };

  constructor(
    engine: () => Promise<Engine>,
    sourceOf: (item: QueueItem) => QuoteSource,
    clock: Clock,
  ) {
    this.#engine = engine;
    this.#sourceOf = sourceOf;
    this.#clock = clock;
    this.#notice = new ChangeNotice(clock);
  }

  readonly subscribe = (listener: () => void): (() => void) =>
    this.#notice.subscribe(ALL, listener);

  readonly view = (): QuoteView => this.#view;

  /** Asks the price of files. `terms` are what the settings say. */
  open(items: readonly QueueItem[], terms: FixedTerms): void {
    this.#terms = terms;
    this.#set({ items, made: undefined, error: undefined, jobId: undefined });
    void this.#ask();
  }

  /** An upload was begun with the quote that is shown. */
  begun(jobId: string): void {
    this.#set({ jobId });
  }

  wish(change: Partial<Wishes>): void {
    this.#set({ wishes: { ...this.#view.wishes, ...change } });
    void this.#ask();
  }

  /** Asks anew: another wallet, other coins, or the price has changed. */
  again(): void {
    if (this.#view.items.length > 0) void this.#ask();
  }

  close(): void {
    this.#asking?.abort();
    const none = { made: undefined, error: undefined, step: undefined, jobId: undefined };
    this.#set({ items: [], ...none });
  }

  async #ask(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const { signal } = asking;
    this.#set({ step: 'quoting', error: undefined, jobId: undefined });
    try {
      const engine = await this.#engine();
      const facts = await engine.network(signal);
      const { items, wishes } = this.#view;
      const epochs = Math.min(
        facts.maxEpochsAhead,
        wishes.epochs ?? epochsUntil(facts, this.#clock.wall() + YEAR_MS),
      );
      this.#set({ facts, wishes: { ...wishes, epochs } });
      const made = await engine.quote(
        items.map((item) => this.#sourceOf(item)),
        { ...this.#terms, epochs, deletable: wishes.deletable },
        { signal, onState: (step) => !signal.aborted && this.#set({ step }) },
      );
      if (!signal.aborted) this.#set({ made, step: undefined });
    } catch (error) {
      if (signal.aborted || isHauloutError(error, 'aborted')) return;
      this.#set({ error, step: undefined, made: undefined });
    }
  }

  #set(change: { [K in keyof QuoteView]?: QuoteView[K] | undefined }): void {
    const next = { ...this.#view, ...change };
    this.#view = Object.fromEntries(
      Object.entries(next).filter(([, value]) => value !== undefined),
    ) as unknown as QuoteView;
    this.#notice.now(ALL);
  }
}

/** Periods, counting the running one, that last at least until a date; 1 to the network's longest. */
export function epochsUntil(
  { epochEndsMs, epochDurationMs, maxEpochsAhead }: NetworkFacts,
  wallMs: number,
): number {
  const epochs = 1 + Math.ceil((wallMs - epochEndsMs) / epochDurationMs);
  return Math.min(maxEpochsAhead, Math.max(1, epochs));
}

/** Wall time at which so many periods end. */
export function endOf({ epochEndsMs, epochDurationMs }: NetworkFacts, epochs: number): number {
  return epochEndsMs + (epochs - 1) * epochDurationMs;
}
