import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { isDamage, Journal } from '../../store/journal.ts';
import type { JobRecord, KeptSource } from '../../store/journal-facts.ts';
import { type IntentState, isEnded } from '../../store/journal-state.ts';
import type { CommitteeSource } from '../../transfer/put-types.ts';
import { adopt } from './adopt.ts';
import { committeeSource } from './committee-source.ts';
import { close } from './drive-intent.ts';
import { IntentRun } from './intent-run.ts';
import { lockOf, RunningJob } from './job.ts';
import { paidOf } from './job-view.ts';
import { inLanes } from './lanes.ts';
import { newJob, sourceWrite } from './new-job.ts';
import type { StorePorts } from './ports.ts';
import { type Draft, draftQuote } from './quote-flow.ts';
import { findRescues, type Rescue } from './rescue.ts';
import { settle } from './settle.ts';
import type { OpenJob, Quote, QuoteOptions, StoreJob, StoreSource } from './types.ts';
import { type ReceiptReport, verifyReceipt } from './verify-receipt.ts';

export interface StoreCallOptions {
  readonly signal?: AbortSignal;
  /** two approvals: stops before the second one until `resume` is called */
  readonly waitsBeforeCertify?: boolean;
}

/** So long a full node may take to settle what is open, before the list of uploads is given. */
const OPEN_MS = 4_000;
const JOBS_AT_ONCE = 8;

/** Stores files on Walrus. Everything that it begins can be taken up again by another page. */
export class Haulout {
  readonly #ports: StorePorts;
  readonly #journal: Journal;
  readonly #committee: CommitteeSource;
  /** what a quote was made of; quotes are plain data */
  readonly #drafts = new WeakMap<Quote, Draft & Pick<QuoteOptions, 'handles'>>();
  readonly #begun = new WeakMap<Quote, StoreJob>();

  constructor(ports: StorePorts) {
    this.#ports = ports;
    this.#journal = new Journal(ports.store, ports.onSetAside);
    this.#committee = committeeSource(ports.chain);
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
   * Uploads that were begun and not finished. What is open on chain is settled first, keys that are
   * of no use any more are deleted; no wallet is asked. Answers within seconds: an outcome that the
   * chain has not told by then is left to `resume`, which pays nothing before it is known.
   */
  async openJobs(signal = new AbortController().signal): Promise<readonly OpenJob[]> {
    const records = await this.#journal.jobs();
    const jobs = await Promise.all(
      records.map(async (record) => ({ record, ...(await this.#runsOf(record)) })),
    );
    await this.#reconcile(jobs, signal);
    const open: OpenJob[] = [];
    for (const { record, runs, error } of jobs) {
      const states = runs.map(({ state }) => state);
      if (error === undefined && states.every(({ phase }) => isEnded(phase))) continue;
      open.push(await this.#openJob(record, states, error));
    }
    return open;
  }

  /**
   * Takes an upload up again.
   *
   * @param files bytes that are needed once more, in any order
   * @throws HauloutError 'upload-unknown'; 'source-differs' for a file that belongs to none of it
   */
  async resume(
    jobId: string,
    options: StoreCallOptions & { readonly files?: readonly StoreSource[] } = {},
  ): Promise<StoreJob> {
    const record = await this.#journal.job(jobId);
    if (record === undefined) throw new HauloutError('upload-unknown', { jobId });
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
    for (const record of await this.#journal.jobs()) {
      const { runs, error } = await this.#runsOf(record);
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

  /** Settles what nobody works on, as far as the chain answers in time. */
  async #reconcile(
    jobs: readonly { readonly record: JobRecord; readonly runs: readonly IntentRun[] }[],
    signal: AbortSignal,
  ): Promise<void> {
    const { locks, clock } = this.#ports;
    const [late, over] = [new AbortController(), new AbortController()];
    const patience = clock.sleep(OPEN_MS, over.signal).then(() => late.abort());
    patience.catch(() => undefined); // everything was settled before
    const unsettled = jobs.filter(({ runs }) => runs.some(({ state }) => !state.closed));
    try {
      await inLanes(JOBS_AT_ONCE, unsettled, ({ record, runs }) => {
        const stop = AbortSignal.any([signal, late.signal]);
        return locks.hold(lockOf(record.jobId), () => reconcile(runs, stop));
      });
    } finally {
      over.abort();
    }
    if (signal.aborted) throw new HauloutError('aborted', {});
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

  /** The intents that can be read; `error` if not all of them can. */
  async #runsOf(record: JobRecord): Promise<{ runs: IntentRun[]; error?: HauloutError }> {
    const runs: IntentRun[] = [];
    const { jobId } = record;
    let error: HauloutError | undefined;
    for (const intentId of record.intentIds) {
      const state = await this.#journal.intent(intentId).catch((cause: unknown) => {
        if (!isDamage(cause)) throw cause;
        error ??= cause;
      });
      if (state) runs.push(new IntentRun(this.#ports, this.#journal, intentId, state));
      else error ??= new HauloutError('upload-unknown', { jobId });
    }
    return { runs, ...(error ? { error } : {}) };
  }

  /** A file that was chosen another day is only read after a click: until then it counts as here. */
  async #isHere(blobId: string, kept: KeptSource | undefined): Promise<boolean> {
    const { sources, pieces } = this.#ports;
    if (kept?.kind === 'handle' || (await pieces.has(blobId))) return true;
    return kept !== undefined && (await sources.open(blobId, kept)) !== undefined;
  }

  async #openJob(
    record: JobRecord,
    states: readonly IntentState[],
    error: HauloutError | undefined,
  ): Promise<OpenJob> {
    const missing: string[] = [];
    for (const { blobId, place } of record.files) {
      if (place === undefined || missing.includes(blobId)) continue;
      const kept = await this.#journal.source(record.jobId, blobId);
      if (kept === undefined || !(await this.#isHere(blobId, kept.source))) missing.push(blobId);
    }
    const files = record.files.map(({ name, bytes, blobId }) => {
      return { ...(name === undefined ? {} : { name }), bytes, blobId };
    });
    const paid = paidOf(states);
    return {
      ...{ jobId: record.jobId, atMs: record.atMs, files, missing },
      ...(error ? { paid: paid === 'nothing' ? 'unknown' : paid, error } : { paid }),
    };
  }
}

/** Facts in place of 'maybe', for a job that nobody works on. Trouble with the chain changes nothing. */
async function reconcile(runs: readonly IntentRun[], signal: AbortSignal): Promise<void> {
  for (const run of runs) {
    if (signal.aborted) return;
    try {
      await settle(run, signal);
      const { phase } = run.state;
      if (phase === 'dead' || !isEnded(phase)) await adopt(run, signal);
      if (isEnded(run.state.phase) && !run.state.closed) await close(run, signal);
    } catch (error) {
      if (!isHauloutError(error)) throw error;
    }
  }
}
