import type { Balances } from '../chain/chain-client.ts';
import { networkInfo } from '../chain/network-info.ts';
import { createHaulout } from '../flows/store/create-haulout.ts';
import type { Haulout } from '../flows/store/haulout.ts';
import type { Rescue } from '../flows/store/rescue.ts';
import type {
  CancelReport,
  JobSnapshot,
  NetworkFacts,
  OpenJob,
  Quote,
  StoredFile,
  StoreJob,
} from '../flows/store/types.ts';
import type { BlobIdentity } from '../protocol/blob-summary.ts';
import { HauloutError } from '../protocol/errors.ts';
import { Hold } from '../protocol/hold.ts';
import type { Clock, WalletAccount, WalletPort } from '../protocol/ports.ts';
import type { BlobSource } from '../transfer/read/blob-source.ts';
import type { NodesSight } from '../transfer/read/look-at-nodes.ts';
import { systemClock } from '../workers/doors.ts';
import { createEncoder } from '../workers/encoder.ts';
import { answerRead } from './answer-read.ts';
import type {
  EngineApi,
  EngineConfig,
  EnginePage,
  FoundRescue,
  JobTerms,
  JobUpdate,
  MadeQuote,
  QuoteSource,
  QuoteTerms,
} from './engine-api.ts';
import { JobUpdates } from './job-updates.ts';
import { KnownBlobs } from './known-blobs.ts';
import { type Packed, pack } from './pack.ts';
import { PageWallet } from './page-wallet.ts';
import type { ReadKind, ReadQuestions } from './read-questions.ts';
import { RowBatch } from './row-batch.ts';

/** Progress of a job is told to the page so often at most; steps at once. */
const UPDATE_MS = 100;

interface Started {
  readonly client: Haulout;
  readonly page: EnginePage;
  readonly wallet: PageWallet;
  /** whom blobs are read from before the nodes are asked */
  readonly sources: readonly BlobSource[];
}

/** The engine's side of `EngineApi`: one client, and who works for the page. */
export class EngineHost implements EngineApi {
  readonly #clock: Clock = systemClock;
  readonly #encoder = createEncoder();
  readonly #blobs = new KnownBlobs(this.#encoder);
  readonly #calls = new Map<number, { stop: AbortController; hold: Hold }>();
  readonly #quotes = new Map<number, Quote>();
  readonly #jobs = new Map<string, StoreJob>();
  /** whether a job was taken up again since the watch began */
  readonly #watched = new Map<StoreJob, boolean>();
  #rescues: readonly Rescue[] = [];
  #quoteCount = 0;
  #started: Started | undefined;

  async start({ network, relay }: EngineConfig, page: EnginePage): Promise<void> {
    const wallet = new PageWallet(page);
    const client = createHaulout({
      network,
      ...(relay === undefined ? {} : { relay }),
      encoder: this.#blobs,
      verifier: this.#encoder,
      wallet: (): WalletPort | undefined => wallet.ifConnected(),
      memoryBytes: 0, // slivers wait on disk, where the next page finds them
      onSetAside: (what) => page.setAside(what),
    });
    const { aggregatorUrl } = networkInfo(network);
    const sources = aggregatorUrl ? [{ aggregator: aggregatorUrl }] : [];
    this.#started = { client, page, wallet, sources };
  }

  async account(account: WalletAccount | undefined): Promise<void> {
    this.#here.wallet.connect(account);
  }

  async abort(callId: number): Promise<void> {
    this.#calls.get(callId)?.stop.abort();
  }

  async hold(callId: number, isHeld: boolean): Promise<void> {
    this.#calls.get(callId)?.hold.set(isHeld);
  }

  identify(callId: number, file: Blob, shardCount: number, key?: number): Promise<BlobIdentity> {
    const { page } = this.#here;
    return this.#call(callId, async (signal, hold) => {
      const summary = await this.#blobs.computeBlobId(file, {
        ...{ shardCount, signal, hold },
        onProgress: (progress) => page.identifying(callId, progress),
      });
      if (key !== undefined) this.#blobs.keep(key, file);
      const { metadata: _, ...identified } = summary;
      return identified;
    });
  }

  async forget(keys: readonly number[]): Promise<void> {
    this.#blobs.forget(keys);
  }

  network(callId: number): Promise<NetworkFacts> {
    const { client } = this.#here;
    return this.#call(callId, (signal) => client.network(signal));
  }

  balance(callId: number, address: string): Promise<Balances> {
    const { client } = this.#here;
    return this.#call(callId, (signal) => client.balance(address, signal));
  }

  nodes(callId: number): Promise<NodesSight> {
    const { client } = this.#here;
    return this.#call(callId, (signal) => client.nodes(signal));
  }

  relayTip(callId: number, encodedBytes: number): Promise<bigint | undefined> {
    const { client } = this.#here;
    return this.#call(callId, (signal) => client.relayTip(encodedBytes, signal));
  }

  quote(
    callId: number,
    sources: readonly QuoteSource[],
    terms: QuoteTerms,
  ): Promise<Packed<MadeQuote>> {
    const { client, page } = this.#here;
    return this.#call(callId, async (signal) => {
      const files = sources.map(({ file, key }) => this.#blobs.named(key, file));
      const quote = await client.quote(files, {
        ...terms,
        signal,
        handles: sources.map(({ handle }) => handle),
        onState: (state) => page.quoting(callId, state),
      });
      const quoteId = this.#quoteCount++;
      this.#quotes.set(quoteId, quote);
      this.#quotes.delete(quoteId - 2); // a page has one quote at a time, or is about to get the next
      return pack({ quoteId, quote });
    });
  }

  async store(quoteId: number, terms: JobTerms): Promise<string> {
    const quote = this.#quotes.get(quoteId);
    if (quote === undefined) {
      throw new HauloutError('argument-invalid', { name: 'quoteId', reason: 'not the last quote' });
    }
    const job = this.#here.client.store(quote, terms);
    this.#watch(job);
    return job.jobId;
  }

  openJobs(callId: number): Promise<Packed<readonly OpenJob[]>> {
    const { client } = this.#here;
    return this.#call(callId, async (signal) => pack(await client.openJobs(signal)));
  }

  exportUploads(): Promise<string> {
    return this.#here.client.exportUploads();
  }

  openElsewhere(): Promise<number> {
    return this.#here.client.openElsewhere();
  }

  async resume(jobId: string, files: readonly File[], terms: JobTerms): Promise<void> {
    const here = this.#jobs.get(jobId);
    if (here !== undefined && files.length === 0) {
      here.resume();
      this.#watch(here);
      return;
    }
    here?.pause();
    await here?.result().catch(() => undefined);
    this.#watch(await this.#here.client.resume(jobId, { ...terms, files }));
  }

  async pause(jobId: string): Promise<void> {
    this.#job(jobId).pause();
  }

  async cancel(jobId: string): Promise<CancelReport> {
    // One that nobody has taken up is not made to go on for that.
    const ended = { signal: AbortSignal.abort() };
    const job = this.#jobs.get(jobId) ?? (await this.#here.client.resume(jobId, ended));
    const report = job.cancel();
    this.#watch(job);
    return report;
  }

  async result(jobId: string): Promise<Packed<readonly StoredFile[]>> {
    return pack(await this.#job(jobId).result());
  }

  rescue(callId: number): Promise<readonly FoundRescue[]> {
    const { client } = this.#here;
    return this.#call(callId, async (signal) => {
      this.#rescues = await client.rescue(signal);
      return this.#rescues.map(({ handOver: _, deleteBlobs: __, ...found }) => found);
    });
  }

  handOver(callId: number, holder: string): Promise<void> {
    return this.#call(callId, (signal) => this.#rescueOf(holder).handOver(signal));
  }

  read<K extends ReadKind>(
    callId: number,
    kind: K,
    ask: ReadQuestions[K]['ask'],
  ): Promise<Packed<ReadQuestions[K]['answer']>> {
    const { client, page, sources } = this.#here;
    const rows = new RowBatch(this.#clock, (news) => page.reading(callId, news));
    return this.#call(callId, async (signal) => {
      const context = { client, sources, signal, onRow: rows.add.bind(rows) };
      const answer = await answerRead(kind, ask, context);
      await rows.end();
      return pack(answer);
    });
  }

  get #here() {
    if (this.#started === undefined) throw new Error('start comes first');
    return this.#started;
  }

  #job(jobId: string): StoreJob {
    const job = this.#jobs.get(jobId);
    if (job === undefined) throw new HauloutError('upload-unknown', { jobId });
    return job;
  }

  #rescueOf(holder: string): Rescue {
    const rescue = this.#rescues.find((each) => each.holder === holder);
    if (rescue === undefined) throw new HauloutError('upload-unknown', { jobId: holder });
    return rescue;
  }

  /** Monotonic time is not the same in two threads; wall time is. */
  #retryOf({ condition }: JobSnapshot): Pick<JobUpdate, 'retryWallMs'> {
    const retryAtMs = condition?.retryAtMs;
    if (retryAtMs === undefined) return {};
    return { retryWallMs: this.#clock.wall() + retryAtMs - this.#clock.monotonic() };
  }

  async #call<T>(callId: number, work: (signal: AbortSignal, hold: Hold) => Promise<T>) {
    const call = { stop: new AbortController(), hold: new Hold() };
    this.#calls.set(callId, call);
    try {
      return await work(call.stop.signal, call.hold);
    } finally {
      this.#calls.delete(callId);
    }
  }

  /** Tells the page of a job until its present try is over. */
  async #watch(job: StoreJob): Promise<void> {
    const { jobId } = job;
    this.#jobs.set(jobId, job);
    const isWatched = this.#watched.has(job);
    this.#watched.set(job, true);
    if (isWatched) return;
    const { page } = this.#here;
    const updates = new JobUpdates();
    const isLatest = () => this.#jobs.get(jobId) === job; // another tab may have had it in between
    while (this.#watched.get(job)) {
      this.#watched.set(job, false);
      job.result().catch(() => undefined); // told by the snapshots
      for await (const snapshot of job) {
        const update = { ...updates.next(snapshot, false), ...this.#retryOf(snapshot) };
        if (isLatest()) page.job(pack(update));
        await this.#clock.sleep(UPDATE_MS);
      }
    }
    this.#watched.delete(job);
    if (isLatest()) page.job(pack(updates.next(job.snapshot, true)));
  }
}
