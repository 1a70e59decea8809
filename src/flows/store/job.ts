import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { Journal } from '../../store/journal.ts';
import type { JobRecord } from '../../store/journal-facts.ts';
import { deferred } from '../../transfer/deferred.ts';
import type { CommitteeSource } from '../../transfer/put-types.ts';
import { cancelIntent } from './cancel.ts';
import { copySources } from './copy-sources.ts';
import { type DriveContext, driveIntent } from './drive-intent.ts';
import { EarlyUploads } from './early-uploads.ts';
import { letGo } from './forget-job.ts';
import { IntentRun } from './intent-run.ts';
import { workOn } from './job-lock.ts';
import { JobView } from './job-view.ts';
import { payAll } from './pay-all.ts';
import type { StorePorts } from './ports.ts';
import { SecondApprovals } from './second-approvals.ts';
import { storedFiles } from './stored-files.ts';
import type { CancelReport, JobSnapshot, StoredFile, StoreJob, StoreSource } from './types.ts';

export interface JobOptions {
  readonly ports: StorePorts;
  readonly journal: Journal;
  readonly record: JobRecord;
  readonly committee: CommitteeSource;
  /** by blob ID */
  readonly sources: ReadonlyMap<string, StoreSource>;
  /** stops before the second approval, until `resume` */
  readonly waitsBeforeCertify: boolean;
  readonly signal?: AbortSignal | undefined;
  /** writes a new job down; absent if it was found in the journal */
  readonly begin?: (() => Promise<void>) | undefined;
}

/** One try to bring a job to its end. */
interface Try {
  readonly stop: AbortController;
  readonly result: Promise<readonly StoredFile[]>;
  /** nobody works for it any more, and the lock is given back; never rejects */
  readonly over: Promise<void>;
  isOver: boolean;
}

/** A job and whoever works on it here. In all tabs only one has the lock. */
export class RunningJob implements StoreJob {
  readonly jobId: string;
  readonly #o: JobOptions;
  readonly #view: JobView;
  #try: Try | undefined;
  #isBegun = false;
  /** work that goes on beside, and after the certificate */
  readonly #tails = new Set<Promise<unknown>>();
  readonly #approvals = new SecondApprovals();

  constructor(options: JobOptions) {
    this.#o = options;
    this.jobId = options.record.jobId;
    this.#view = new JobView(options.record);
    options.signal?.addEventListener('abort', () => this.pause(), { once: true });
    if (options.signal?.aborted) {
      this.pause();
      this.#view.end();
    } else {
      this.resume();
    }
  }

  get snapshot(): JobSnapshot {
    return this.#view.snapshot;
  }

  [Symbol.asyncIterator](): AsyncIterator<JobSnapshot> {
    return this.#view[Symbol.asyncIterator]();
  }

  pause(): void {
    this.#try?.stop.abort();
    this.#view.paused();
  }

  resume(): void {
    if (this.#approvals.goOn()) return;
    const before = this.#try;
    if (before !== undefined && !before.isOver && !before.stop.signal.aborted) return;
    this.#start(before, (signal) => this.#work(signal));
  }

  result(): Promise<readonly StoredFile[]> {
    return this.#try?.result ?? Promise.reject(new HauloutError('aborted', {}));
  }

  async cancel(): Promise<CancelReport> {
    const before = this.#try;
    before?.stop.abort();
    let report: CancelReport = { meaning: 'nothing-paid' };
    const { result } = this.#start(before, async (signal) => {
      const runs = await this.#open();
      const meanings: CancelReport['meaning'][] = [];
      for (const run of runs) meanings.push(await cancelIntent(run, this.#contextOf(run, signal)));
      report = { meaning: meanings.find((each) => each !== 'nothing-paid') ?? 'nothing-paid' };
      return storedFiles(this.#o.record, runs, new Map());
    });
    await result;
    return report;
  }

  /**
   * Works under the lock, once the try before is over. The lock is kept until nobody works any more:
   * after a result until slow nodes are served, after an error until everything has stopped.
   */
  #start(before: Try | undefined, work: (signal: AbortSignal) => Promise<StoredFile[]>): Try {
    const { ports } = this.#o;
    const stop = new AbortController();
    const jobId = this.jobId;
    const end = deferred<readonly StoredFile[]>();
    end.promise.catch(() => undefined); // whoever asks for the result hears of it
    const underLock = async () => {
      try {
        end.resolve(await work(stop.signal));
        await this.#finish().catch(() => undefined); // what is kept too long loses nothing
      } finally {
        stop.abort();
        await Promise.allSettled([...this.#tails]);
      }
    };
    const run = async () => {
      await before?.over;
      this.#view.begin();
      const outcome = await workOn(ports, jobId, underLock, stop.signal);
      if (outcome === 'busy') throw new HauloutError('upload-elsewhere', { jobId });
    };
    const close = () => {
      next.isOver = true;
      this.#view.end();
    };
    const over = run().then(
      () => close(),
      (error: unknown) => {
        if (isHauloutError(error) && error.code !== 'aborted') this.#view.condition({ error });
        close();
        end.reject(error);
      },
    );
    const next: Try = { stop, result: end.promise, over, isOver: false };
    this.#try = next;
    return next;
  }

  async #work(signal: AbortSignal): Promise<StoredFile[]> {
    const runs = await this.#open();
    const failures = new Map<string, HauloutError>();
    const works = runs.map((run) => {
      const early = new EarlyUploads(run);
      return { run, early, context: { ...this.#contextOf(run, signal, failures), early } };
    });
    const { ports, journal, record, sources } = this.#o;
    this.#keep(copySources(ports, journal, record, sources, signal));
    const unpaid = await payAll(works).finally(() => {
      for (const { early } of works) this.#keep(early.over());
    });
    const paid = works.filter(({ run }) => run.state.registered !== undefined);
    const ends = await Promise.allSettled(
      paid.map(async ({ run, context }) => {
        await driveIntent(run, context);
        context.onState(undefined);
      }),
    );
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if (unpaid !== undefined) throw unpaid;
    // Whoever closes it later has nothing to tell.
    const isClosed = runs.every(({ state }) => state.closed);
    if (!isClosed) await journal.setNews(record.jobId, false).catch(() => undefined);
    return storedFiles(this.#o.record, runs, failures);
  }

  async #open(): Promise<IntentRun[]> {
    const { ports, journal, record, begin } = this.#o;
    if (begin !== undefined && !this.#isBegun) await begin();
    this.#isBegun = true;
    const runs: IntentRun[] = [];
    for (const intentId of record.intentIds) {
      const state = await journal.intent(intentId);
      if (state === undefined) throw new HauloutError('upload-unknown', { jobId: this.jobId });
      runs.push(new IntentRun(ports, journal, intentId, state));
      this.#view.intent(intentId, state);
    }
    return runs;
  }

  #contextOf(
    run: IntentRun,
    signal: AbortSignal,
    failures = new Map<string, HauloutError>(),
  ): DriveContext {
    const { committee, sources, record, waitsBeforeCertify } = this.#o;
    const view = this.#view;
    const { intentId } = run;
    let isWanted = !waitsBeforeCertify;
    return {
      shardCount: record.shardCount,
      committee,
      sources,
      signal,
      approve: async (ask) => {
        if (!isWanted) await this.#approvals.wanted(signal);
        isWanted = true; // also where nodes have to sign anew, as the epoch has ended meanwhile
        await this.#approvals.inTurn(ask);
      },
      onState: (state) => view.intent(intentId, run.state, state),
      onCondition: (condition) => view.condition(condition),
      onProgress: (blob, progress) => view.progress(intentId, blob, progress),
      onSending: (blob, committee) => view.sending(intentId, blob, committee),
      onNode: (blob, nodeId, state) => view.node(intentId, blob, nodeId, state),
      onSent: (blob) => view.sent(intentId, blob),
      onFailed: (blob, error) => {
        failures.set(`${intentId}/${blob}`, error);
        view.progress(intentId, blob, { error });
      },
      onTail: (tail) => this.#tail(tail),
    };
  }

  /** Nodes that are slow are still served; then nothing of the job is needed any more. */
  #tail(tail: Promise<unknown>): void {
    this.#keep(tail);
    this.#view.toppingUp(true);
  }

  /** The lock is kept until this, which never rejects, has ended. */
  #keep(work: Promise<unknown>): void {
    this.#tails.add(work);
    void work.finally(() => this.#tails.delete(work));
  }

  async #finish(): Promise<void> {
    await Promise.allSettled([...this.#tails]);
    this.#view.toppingUp(false);
    const { ports, journal, record } = this.#o;
    const forgotten = record.intentIds.map((intentId) => journal.forgetHoldings(intentId));
    await ports.store.commit((await Promise.all(forgotten)).flat(), 'relaxed');
    for (const { blobId } of record.files) await letGo(ports, journal, this.jobId, blobId);
  }
}
