import type { Balances } from '../../chain/chain-client.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { Journal } from '../../store/journal.ts';
import type { JobRecord } from '../../store/journal-facts.ts';
import type { CommitteeSource } from '../../transfer/put-types.ts';
import type { AuditReport } from '../../transfer/read/audit.ts';
import type { AgreedStatus } from '../../transfer/read/blob-status.ts';
import type { NodesSight } from '../../transfer/read/look-at-nodes.ts';
import type {
  AuditOptions,
  BlobRead,
  BlobReads,
  ReadBlobOptions,
  ReadCallOptions,
} from '../read/blob-reads.ts';
import { type FoundBlob, findBlob } from '../read/find-blob.ts';
import { WalrusFetch, type WalrusFetchInit } from '../read/walrus-fetch.ts';
import { committeeSource } from './committee-source.ts';
import { exportUploads } from './export-uploads.ts';
import { forgetJob } from './forget-job.ts';
import { RunningJob } from './job.ts';
import { lockOf } from './job-lock.ts';
import { newJob, sourceWrite } from './new-job.ts';
import { countElsewhere, isOfNetwork, isOver, openJobs, readJob } from './open-jobs.ts';
import { type OwnBlob, ownBlob } from './own-blob.ts';
import type { StorePorts } from './ports.ts';
import { type Draft, draftQuote } from './quote-flow.ts';
import { findRescues, type Rescue } from './rescue.ts';
import type { NetworkFacts, OpenJob, Quote, QuoteOptions, StoreJob, StoreSource } from './types.ts';
import { type ReceiptReport, verifyReceipt } from './verify-receipt.ts';

export interface StoreCallOptions {
  readonly signal?: AbortSignal;
  /** two approvals: stops before the second one until `resume` is called */
  readonly waitsBeforeCertify?: boolean;
}

/** Stores files on Walrus and reads them. Every upload that it begins can be taken up again by another page. */
export class Haulout {
  readonly #ports: StorePorts;
  readonly #journal: Journal;
  readonly #committee: CommitteeSource;
  /** what a quote was made of; quotes are plain data */
  readonly #drafts = new WeakMap<Quote, Draft & Pick<QuoteOptions, 'handles'>>();
  readonly #begun = new WeakMap<Quote, StoreJob>();

  readonly #reads: BlobReads;
  readonly #fetch: WalrusFetch;

  constructor(ports: StorePorts, reads: BlobReads) {
    this.#ports = ports;
    this.#reads = reads;
    this.#fetch = new WalrusFetch(reads);
    this.#journal = new Journal(ports.store, ports.onSetAside);
    this.#committee = committeeSource(ports.chain);
  }

  /** Periods, prices and limits of the network as they are now. @throws HauloutError 'chain-unavailable' */
  async network(signal?: AbortSignal): Promise<NetworkFacts> {
    const system = await this.#ports.chain.system(signal ? { signal } : {});
    const { epoch, epochEndsMs, epochDurationMs, maxEpochsAhead, shardCount } = system;
    const { storagePriceFrost, writePriceFrost } = system;
    return {
      ...{ epoch, epochEndsMs, epochDurationMs, maxEpochsAhead, shardCount },
      ...{ storagePriceFrost, writePriceFrost },
    };
  }

  /** How the storage nodes are, each asked by this client. See `lookAtNodes`. @throws HauloutError 'chain-unavailable' */
  nodes(signal?: AbortSignal): Promise<NodesSight> {
    return this.#reads.nodes(signal);
  }

  /** What the relay asks for a blob of `encodedBytes`; undefined if there is none, or it does not answer. */
  async relayTip(encodedBytes: number, signal?: AbortSignal): Promise<bigint | undefined> {
    const offer = await this.#ports.relay(signal ?? new AbortController().signal);
    return offer && (offer.tip?.mist(encodedBytes) ?? 0n);
  }

  /** What a wallet has, to pay with. @throws HauloutError 'chain-unavailable' */
  balance(address: string, signal?: AbortSignal): Promise<Balances> {
    return this.#ports.chain.balance(address, signal);
  }

  /**
   * Finds out what storing files costs, all in, and what need not be paid. Nothing leaves this
   * device but questions.
   *
   * @throws HauloutError, see `draftQuote`
   */
  async quote(files: readonly StoreSource[], options: QuoteOptions): Promise<Quote> {
    const { handles } = options;
    if (handles !== undefined && handles.length !== files.length) {
      throw new HauloutError('argument-invalid', { name: 'handles', reason: 'not one per file' });
    }
    const draft = await draftQuote(this.#ports, files, options);
    this.#drafts.set(draft.quote, { ...draft, ...(handles ? { handles } : {}) });
    return draft.quote;
  }

  /**
   * Pays for a quote and stores its files. The wallet is asked at once: call it from a click. A
   * quote is paid for once, whatever is called twice.
   *
   * @param quote made by this client
   * @throws HauloutError 'argument-invalid' for any other quote, 'wallet-missing'; what happens
   *   later is told by the job
   */
  store(quote: Quote, options: StoreCallOptions = {}): StoreJob {
    const draft = this.#drafts.get(quote);
    if (draft === undefined) {
      throw new HauloutError('argument-invalid', { name: 'quote', reason: 'not of this client' });
    }
    const begun = this.#begun.get(quote);
    if (begun !== undefined) return begun;
    const { record, facts, sources: kept } = newJob(this.#ports, draft, draft.handles);
    void this.persist();
    const sources = new Map(draft.files.map(({ summary, source }) => [summary.blobId, source]));
    const begin = () => this.#journal.begin(record, facts, kept);
    const job = this.#run(record, sources, options, begin);
    this.#begun.set(quote, job);
    return job;
  }

  /**
   * Uploads that were begun and not finished, or came to their end just now. What is open on chain is settled first, keys that are
   * of no use any more are deleted; no wallet is asked. Answers within seconds: an outcome that the
   * chain has not told by then is left to `resume`, which pays nothing before it is known.
   */
  async openJobs(signal = new AbortController().signal): Promise<readonly OpenJob[]> {
    return openJobs(this.#ports, this.#journal, signal);
  }

  /** How many unfinished uploads wait for a client of another network. Nothing of theirs is touched here. */
  openElsewhere(): Promise<number> {
    return countElsewhere(this.#ports, this.#journal);
  }

  /** See `exportUploads` of export-uploads.ts. */
  exportUploads(): Promise<string> {
    return exportUploads(this.#ports, this.#journal);
  }

  /**
   * Takes away what is written down of a finished upload, its receipts too. The oldest are forgotten
   * without a call.
   *
   * @throws HauloutError 'upload-unknown'; 'not-final-yet' if something of it is open, or a wallet may
   *   still execute what it was shown; 'upload-elsewhere' while somebody works on it
   */
  async forget(jobId: string): Promise<void> {
    const record = await this.#recordOf(jobId);
    const outcome = await this.#ports.locks.hold(lockOf(jobId), async () => {
      const job = await readJob(this.#ports, this.#journal, record);
      if (job.error !== undefined) throw job.error;
      if (!isOver(job)) throw new HauloutError('not-final-yet', {});
      await forgetJob(this.#ports, this.#journal, record);
    });
    if (outcome === 'busy') throw new HauloutError('upload-elsewhere', { jobId });
  }

  /**
   * Takes an upload up again, or tells once more of one that is finished.
   *
   * @param files bytes that are needed once more, in any order
   * @throws HauloutError 'upload-unknown'; 'source-differs' for a file that belongs to none of it
   */
  async resume(
    jobId: string,
    options: StoreCallOptions & { readonly files?: readonly StoreSource[] } = {},
  ): Promise<StoreJob> {
    const record = await this.#recordOf(jobId);
    if (record.isNews) await this.#journal.setNews(record.jobId, false);
    const sources = new Map<string, StoreSource>();
    const wanted = new Set(record.files.map(({ blobId }) => blobId));
    for (const file of options.files ?? []) {
      const summary = await this.#ports.pieces.prepare(file, { shardCount: record.shardCount });
      const { blobId } = summary;
      if (!wanted.has(blobId)) {
        const expected = [...wanted].join(' ');
        throw new HauloutError('source-differs', { expected, actual: blobId });
      }
      sources.set(blobId, file);
      if ((await this.#journal.source(jobId, blobId)) !== undefined) continue;
      await this.#ports.store.commit([sourceWrite(jobId, summary, file)], 'strict');
    }
    return this.#run(record, sources, options);
  }

  /**
   * Reads a blob. Rows come from the storage nodes that have them, or are rebuilt from what others have; each is
   * verified against the blob ID before it is given.
   *
   * @param id text form of a blob ID
   * @throws HauloutError 'blob-id-malformed', 'argument-invalid', 'blob-unknown', 'blob-blocked',
   *   'metadata-unavailable', 'chain-unavailable', 'aborted'; the stream also 'not-enough-slivers', 'blob-inconsistent'
   */
  readBlob(id: string, options?: ReadBlobOptions): Promise<BlobRead> {
    return this.#reads.readBlob(id, options);
  }

  /**
   * Bytes `begin..end` of a blob, half-open, from the rows that hold them; only these are verified.
   *
   * @throws HauloutError as `readBlob`; 'argument-invalid' if the range leaves the blob
   */
  readRange(
    id: string,
    begin: number,
    end: number,
    options?: ReadCallOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#reads.readRange(id, begin, end, options);
  }

  /** What the nodes know of a blob's life, see `agreedStatus`. @throws HauloutError 'blob-id-malformed', 'quorum-unreached' */
  blobStatus(id: string, signal?: AbortSignal): Promise<AgreedStatus> {
    return this.#reads.status(id, signal);
  }

  /** See `findBlob` of find-blob.ts. */
  findBlob(
    objectId: string,
    signal = new AbortController().signal,
  ): Promise<FoundBlob | undefined> {
    return findBlob(this.#ports.chain, objectId, signal);
  }

  /** See `ownBlob` of own-blob.ts. */
  ownBlob(blobId: string, signal = new AbortController().signal): Promise<OwnBlob | undefined> {
    return ownBlob(this.#ports, this.#journal, blobId, signal);
  }

  /** As `fetch`, for a blob, see `WalrusFetch`. */
  walrusFetch(input: string | URL | Request, init?: WalrusFetchInit): Promise<Response> {
    return this.#fetch.fetch(input, init);
  }

  /**
   * Asks some shards, drawn at random, for slivers of a blob and verifies what they give. See `AuditReport` for what that
   * proves.
   *
   * @throws HauloutError as `readBlob`; 'argument-invalid' if `samples` is no count
   */
  audit(id: string, options: AuditOptions = {}): Promise<AuditReport> {
    return this.#reads.audit(id, options);
  }

  /**
   * Asks the browser to keep what this client stores even when it needs room; `store` does so, too.
   * Call it from a click: some browsers ask the person.
   *
   * @returns undefined if there is no answer within seconds, or nobody to ask
   */
  persist(): Promise<boolean | undefined> {
    return this.#ports.sources.persist();
  }

  /**
   * Unfinished uploads that only the wallet can end: those that only the chain knows, and those
   * whose page key or whose facts this browser has lost.
   */
  async rescue(signal = new AbortController().signal): Promise<readonly Rescue[]> {
    const known = new Set<string>();
    for (const record of (await this.#journal.jobs()).filter(isOfNetwork(this.#ports))) {
      const { runs, error } = await readJob(this.#ports, this.#journal, record);
      if (error !== undefined) continue; // it cannot be resumed
      for (const { intentId, state } of runs) {
        const isResumable = !state.closed && (await this.#ports.store.get('keys', intentId));
        if (state.key !== undefined && isResumable) known.add(state.key.holder);
      }
    }
    return findRescues(this.#ports, (holder) => known.has(holder), signal);
  }

  /** See `verifyReceipt` of verify-receipt.ts. */
  verifyReceipt(json: string, signal = new AbortController().signal): Promise<ReceiptReport> {
    return verifyReceipt(this.#ports.chain, json, signal);
  }

  async #recordOf(jobId: string): Promise<JobRecord> {
    const record = await this.#journal.job(jobId);
    if (record && isOfNetwork(this.#ports)(record)) return record;
    throw new HauloutError('upload-unknown', { jobId });
  }

  #run(
    record: JobRecord,
    sources: ReadonlyMap<string, StoreSource>,
    { signal, waitsBeforeCertify = false }: StoreCallOptions,
    begin?: () => Promise<void>,
  ): StoreJob {
    return new RunningJob({
      ports: this.#ports,
      journal: this.#journal,
      committee: this.#committee,
      ...{ record, sources, signal, waitsBeforeCertify, begin },
    });
  }
}
