import type { Balances } from '../chain/chain-client.ts';
import type { JobSnapshot, NetworkFacts, OpenJob, StoredFile } from '../flows/store/types.ts';
import type { BlobIdentity, ComputeOptions, EncodeProgress } from '../protocol/blob-summary.ts';
import { HauloutError } from '../protocol/errors.ts';
import type { WalletPort } from '../protocol/ports.ts';
import type { SetAside } from '../store/schema.ts';
import type { RowNews } from '../transfer/read/read-types.ts';
import type {
  EngineApi,
  EngineConfig,
  EnginePage,
  JobTerms,
  MadeQuote,
  QuoteSource,
  QuoteTerms,
} from './engine-api.ts';
import { applyUpdate } from './job-updates.ts';
import { unpack } from './pack.ts';
import type { ReadKind, ReadQuestions } from './read-questions.ts';

/** A job as far as this page has heard of it. */
export interface SeenJob {
  readonly snapshot: JobSnapshot;
  /** wall time of the next try, where its condition ends by itself */
  readonly retryWallMs?: number;
  /** nobody in this page works on it any more */
  readonly isOver: boolean;
}

export interface EngineEvents {
  onJob(seen: SeenJob): void;
  onSetAside(what: SetAside): void;
  /** the engine's thread has died */
  onLost(error: HauloutError): void;
}

export interface QuoteCall {
  readonly signal?: AbortSignal;
  onState?(state: 'encoding' | 'quoting'): void;
}

export interface ReadCall {
  readonly signal?: AbortSignal;
  /** told of rows as they are handed out, ten times a second at most */
  onRows?(rows: readonly RowNews[]): void;
}

/** The page's side of an engine: what one asks of it, with signals and callbacks as usual. */
export class Engine {
  readonly #api: EngineApi;
  readonly #events: EngineEvents;
  readonly #jobs = new Map<string, SeenJob>();
  readonly #signatures = new Map<number, AbortController>();
  readonly #progress = new Map<number, (progress: EncodeProgress) => void>();
  readonly #states = new Map<number, (state: 'encoding' | 'quoting') => void>();
  readonly #rows = new Map<number, (rows: readonly RowNews[]) => void>();
  #wallet: WalletPort | undefined;
  #endWallet: () => void = () => undefined;
  #callCount = 0;

  private constructor(api: EngineApi, events: EngineEvents) {
    this.#api = api;
    this.#events = events;
  }

  /**
   * @param api of a thread of its own, or of this one
   * @param asProxy makes what the page offers fit for the way to that thread
   */
  static async start(
    api: EngineApi,
    config: EngineConfig,
    events: EngineEvents,
    asProxy: (page: EnginePage) => EnginePage,
  ): Promise<Engine> {
    const engine = new Engine(api, events);
    await api.start(config, asProxy(engine.#page()));
    return engine;
  }

  /** Whose signatures are asked for from now on. */
  connect(wallet: WalletPort | undefined): Promise<void> {
    this.#endWallet();
    this.#wallet = wallet;
    const tell = () => this.#api.account(wallet?.account());
    this.#endWallet = wallet?.onChange(() => void tell()) ?? (() => undefined);
    return tell();
  }

  /** See `KnownBlobs`. */
  identify(file: Blob, options: ComputeOptions, key?: number): Promise<BlobIdentity> {
    const { shardCount, signal, hold, onProgress } = options;
    return this.#call((callId) => {
      if (onProgress) this.#progress.set(callId, onProgress);
      const endHold = hold?.onChange(() => void this.#api.hold(callId, hold.isHeld));
      const answer = this.#api.identify(callId, file, shardCount, key);
      if (hold?.isHeld) void this.#api.hold(callId, true);
      return answer.finally(() => {
        endHold?.();
        this.#progress.delete(callId);
      });
    }, signal);
  }

  forget(keys: readonly number[]): void {
    void this.#api.forget(keys);
  }

  network(signal?: AbortSignal): Promise<NetworkFacts> {
    return this.#call((callId) => this.#api.network(callId), signal);
  }

  balance(address: string, signal?: AbortSignal): Promise<Balances> {
    return this.#call((callId) => this.#api.balance(callId, address), signal);
  }

  nodes(signal?: AbortSignal) {
    return this.#call((callId) => this.#api.nodes(callId), signal);
  }

  relayTip(encodedBytes: number, signal?: AbortSignal) {
    return this.#call((callId) => this.#api.relayTip(callId, encodedBytes), signal);
  }

  async quote(
    sources: readonly QuoteSource[],
    terms: QuoteTerms,
    { signal, onState }: QuoteCall = {},
  ): Promise<MadeQuote> {
    const made = await this.#call((callId) => {
      if (onState) this.#states.set(callId, onState);
      return this.#api.quote(callId, sources, terms).finally(() => this.#states.delete(callId));
    }, signal);
    return unpack(made);
  }

  /** @returns the job's ID */
  store(quoteId: number, terms: JobTerms = {}): Promise<string> {
    return this.#api.store(quoteId, terms);
  }

  async openJobs(signal?: AbortSignal): Promise<readonly OpenJob[]> {
    return unpack(await this.#call((callId) => this.#api.openJobs(callId), signal));
  }

  exportUploads(): Promise<string> {
    return this.#api.exportUploads();
  }

  openElsewhere(): Promise<number> {
    return this.#api.openElsewhere();
  }

  resume(jobId: string, files: readonly File[] = [], terms: JobTerms = {}): Promise<void> {
    return this.#api.resume(jobId, files, terms);
  }

  pause(jobId: string): Promise<void> {
    return this.#api.pause(jobId);
  }

  cancel(jobId: string) {
    return this.#api.cancel(jobId);
  }

  async result(jobId: string): Promise<readonly StoredFile[]> {
    return unpack(await this.#api.result(jobId));
  }

  rescue(signal?: AbortSignal) {
    return this.#call((callId) => this.#api.rescue(callId), signal);
  }

  handOver(holder: string): Promise<void> {
    return this.#call((callId) => this.#api.handOver(callId, holder));
  }

  /** Asks something about blobs; see `ReadQuestions`. */
  async read<K extends ReadKind>(
    kind: K,
    ask: ReadQuestions[K]['ask'],
    { signal, onRows }: ReadCall = {},
  ): Promise<ReadQuestions[K]['answer']> {
    const answer = await this.#call((callId) => {
      if (onRows) this.#rows.set(callId, onRows);
      return this.#api.read(callId, kind, ask).finally(() => this.#rows.delete(callId));
    }, signal);
    return unpack(answer);
  }

  /** Makes a call, which ends early when the signal fires. */
  async #call<T>(make: (callId: number) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const callId = this.#callCount++;
    const answer = make(callId);
    const abort = () => void this.#api.abort(callId);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await answer;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  #page(): EnginePage {
    return {
      sign: async (callId, bytes) => {
        const wallet = this.#wallet;
        if (wallet === undefined) throw new HauloutError('wallet-missing', {});
        const stop = new AbortController();
        this.#signatures.set(callId, stop);
        try {
          return await wallet.sign(bytes, stop.signal);
        } finally {
          this.#signatures.delete(callId);
        }
      },
      leave: (callId) => this.#signatures.get(callId)?.abort(),
      identifying: (callId, progress) => this.#progress.get(callId)?.(progress),
      quoting: (callId, state) => this.#states.get(callId)?.(state),
      reading: (callId, rows) => this.#rows.get(callId)?.(rows),
      job: (packed) => {
        const update = unpack(packed);
        const { jobId, isOver, retryWallMs } = update;
        const snapshot = applyUpdate(this.#jobs.get(jobId)?.snapshot, update);
        const seen = { snapshot, isOver, ...(retryWallMs === undefined ? {} : { retryWallMs }) };
        this.#jobs.set(jobId, seen);
        this.#events.onJob(seen);
      },
      setAside: (what) => this.#events.onSetAside(what),
    };
  }
}
