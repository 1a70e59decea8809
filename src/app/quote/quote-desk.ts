import type { Balances } from '../../chain/chain-client.ts';
import type { Engine } from '../../engine/engine.ts';
import type { MadeQuote, QuoteSource, QuoteTerms } from '../../engine/engine-api.ts';
import { ChangeNotice } from '../../flows/change-notice.ts';
import type { QueueItem } from '../../flows/prepare-item.ts';
import type { NetworkFacts, Quote } from '../../flows/store/types.ts';
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
  /** of the wallet that would pay */
  readonly balances?: Balances;
  /** the one before it for the same files and wishes, if the price or who pays is another now */
  readonly before?: Quote;
  /** pieces need not be kept where there is no room for them: the person has said so */
  readonly isUnkeptFine?: boolean;
  /** the upload that was begun with it: its payment is not on chain yet */
  readonly jobId?: string;
}

/** What the settings say. */
export type FixedTerms = Omit<QuoteTerms, 'epochs' | 'deletable'>;

const ALL = '';
const YEAR_MS = 365 * 24 * 3_600_000;
/** A price that has been shown so long is asked for again. */
const FRESH_MS = 60_000;

const NOTHING = {
  ...{ made: undefined, before: undefined, balances: undefined, error: undefined },
  ...{ step: undefined, jobId: undefined, isUnkeptFine: undefined },
};

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
    this.#set({ ...NOTHING, items });
    void this.#ask();
  }

  /** An upload was begun with the quote that is shown, which stays as it is until `again`. */
  begun(jobId: string): void {
    this.#asking?.abort();
    this.#set({ jobId, step: undefined });
  }

  wish(change: Partial<Wishes>): void {
    this.#set({ wishes: { ...this.#view.wishes, ...change }, before: undefined, jobId: undefined });
    void this.#ask();
  }

  /** Buys the WAL that is missing with SUI, where money is worth nothing. */
  swap(): void {
    this.#terms = { ...this.#terms, exchange: true };
    this.again();
  }

  /** Pieces that there is no room for are made again when they are needed. */
  goOnUnkept(): void {
    this.#set({ isUnkeptFine: true });
  }

  /** Asks anew: another wallet, other coins, or the price has changed. */
  again(): void {
    if (this.#view.items.length === 0) return;
    this.#set({ jobId: undefined });
    void this.#ask();
  }

  /** Another account is connected. An upload that was begun with the last one is not touched. */
  accountChanged(): void {
    if (this.#view.jobId === undefined) this.again();
  }

  close(): void {
    this.#asking?.abort();
    this.#set({ ...NOTHING, items: [] });
  }

  async #ask(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const { signal } = asking;
    this.#set({ step: 'quoting', error: undefined });
    try {
      await this.#quote(signal, (step) => !signal.aborted && this.#set({ step }));
    } catch (error) {
      if (signal.aborted || isHauloutError(error, 'aborted')) return;
      this.#set({ error, step: undefined, made: undefined });
      return;
    }
    await this.#keepFresh(signal);
  }

  /** Asks again from time to time, for as long as nothing else is asked. Nothing is seen of it but a new price. */
  async #keepFresh(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#clock.sleep(FRESH_MS, signal);
        await this.#quote(signal, () => undefined);
      } catch {
        // the price that is shown stays
      }
    }
  }

  async #quote(
    signal: AbortSignal,
    onState: (step: 'encoding' | 'quoting') => void,
  ): Promise<void> {
    const engine = await this.#engine();
    const facts = await engine.network(signal);
    const { items, wishes } = this.#view;
    const epochs = Math.min(
      facts.maxEpochsAhead,
      wishes.epochs ?? epochsUntil(facts, this.#clock.wall() + YEAR_MS),
    );
    const { deletable } = wishes;
    if (!signal.aborted) this.#set({ facts, wishes: { ...wishes, epochs } });
    const made = await engine.quote(
      items.map((item) => this.#sourceOf(item)),
      { ...this.#terms, epochs, deletable },
      { signal, onState },
    );
    if (signal.aborted) return;
    const last = this.#view.made?.quote;
    const before = last && isOther(last, made.quote) ? { before: last } : {};
    this.#set({ made, step: undefined, ...before });
    const { payer } = made.quote;
    const balances = payer && (await engine.balance(payer, signal).catch(() => undefined)); // only told
    if (!signal.aborted) this.#set({ balances: balances || undefined });
  }

  #set(change: { [K in keyof QuoteView]?: QuoteView[K] | undefined }): void {
    const next = { ...this.#view, ...change };
    this.#view = Object.fromEntries(
      Object.entries(next).filter(([, value]) => value !== undefined),
    ) as unknown as QuoteView;
    this.#notice.now(ALL);
  }
}

/** Whether the same is paid for, and the amount or the payer is not the one that was shown. */
function isOther(before: Quote, now: Quote): boolean {
  if (before.endEpoch !== now.endEpoch || before.deletable !== now.deletable) return false;
  if (before.payer === undefined || now.payer === undefined) return false;
  return before.payer !== now.payer || before.cost.walFrost !== now.cost.walFrost;
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
