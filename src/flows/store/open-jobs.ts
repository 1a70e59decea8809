import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { isDamage, type Journal } from '../../store/journal.ts';
import type { JobRecord, KeptSource } from '../../store/journal-facts.ts';
import { isEnded } from '../../store/journal-state.ts';
import { adopt } from './adopt.ts';
import { close } from './drive-intent.ts';
import { forgetJob, letGo } from './forget-job.ts';
import { IntentRun } from './intent-run.ts';
import { lockOf, lookAt } from './job-lock.ts';
import { paidOf, spentOf } from './job-view.ts';
import { inLanes } from './lanes.ts';
import type { StorePorts } from './ports.ts';
import { sentShare } from './sent-share.ts';
import { settle } from './settle.ts';
import type { OpenJob } from './types.ts';

/** So long a full node may take to settle what is open, before the list of uploads is given. */
const OPEN_MS = 4_000;
const JOBS_AT_ONCE = 8;
/** Finished ones that are kept, the latest: the journal does not grow for ever. */
const KEPT_JOBS = 200;

/** What a journal tells of a job. */
export interface Found {
  readonly record: JobRecord;
  readonly runs: readonly IntentRun[];
  /** not everything of it could be read */
  readonly error?: HauloutError;
}

/**
 * Uploads that are not finished, once what is open on chain is settled as far as that goes within
 * seconds. The oldest of those that are finished are forgotten.
 *
 * @throws HauloutError 'aborted', 'store-unavailable'
 */
export async function openJobs(
  ports: StorePorts,
  journal: Journal,
  signal: AbortSignal,
): Promise<readonly OpenJob[]> {
  const jobs = await readJobs(ports, journal, isOfNetwork(ports));
  const unsettled = jobs.filter(isUnsettled);
  const running = await reconcileAll(ports, unsettled, signal);
  const news = unsettled.filter((job) => {
    return isStored(job) && !running.has(job.record.jobId) && job.record.isNews !== false;
  });
  for (const { record } of news) await journal.setNews(record.jobId, true);
  await tidy(ports, journal, jobs.filter(isOver));
  const isToTell = (job: Found) => news.includes(job) || job.record.isNews === true;
  const open = jobs.filter((job) => {
    const { runs, error } = job;
    const isOpen = runs.some(({ state }) => !isEnded(state.phase));
    return error !== undefined || isOpen || isToTell(job);
  });
  return Promise.all(open.map((job) => describe(ports, journal, job, running)));
}

function isUnsettled({ runs }: Found): boolean {
  return runs.some(({ state }) => !state.closed);
}

/** Whether all of it that was paid for is certified. */
function isStored({ runs, error }: Found): boolean {
  const phases = runs.map(({ state }) => state.phase);
  return error === undefined && phases.includes('done') && phases.every(isEnded);
}

/** Of the jobs in a journal those that its network knows of: others wait until the client is on theirs. */
export function isOfNetwork({ chain }: StorePorts): (record: JobRecord) => boolean {
  return ({ chainId }) => chainId === chain.network.chainId;
}

/** How many unfinished jobs wait for another network. */
export async function countElsewhere(ports: StorePorts, journal: Journal): Promise<number> {
  const isHere = isOfNetwork(ports);
  const jobs = await readJobs(ports, journal, (record) => !isHere(record));
  return jobs.filter(({ runs, error }) => {
    // What is damaged can never be finished.
    return error === undefined && runs.some(({ state }) => !isEnded(state.phase));
  }).length;
}

/** Those of a journal's jobs that are wanted, with what can be read of them. */
export async function readJobs(
  ports: StorePorts,
  journal: Journal,
  isWanted: (record: JobRecord) => boolean,
): Promise<readonly Found[]> {
  const records = (await journal.jobs()).filter(isWanted);
  return Promise.all(records.map((record) => readJob(ports, journal, record)));
}

/** A job and its intents, those that can be read. */
export async function readJob(
  ports: StorePorts,
  journal: Journal,
  record: JobRecord,
): Promise<Found> {
  const runs: IntentRun[] = [];
  const { jobId } = record;
  let error: HauloutError | undefined;
  for (const intentId of record.intentIds) {
    const state = await journal.intent(intentId).catch((cause: unknown) => {
      if (!isDamage(cause)) throw cause;
      error ??= cause;
    });
    if (state) runs.push(new IntentRun(ports, journal, intentId, state));
    else error ??= new HauloutError('upload-unknown', { jobId });
  }
  return { record, runs, ...(error ? { error } : {}) };
}

/** Whether nothing of a job is open on chain, and no key is left. */
export function isOver({ runs, error }: Found): boolean {
  return error === undefined && runs.every(({ state }) => state.closed);
}

/** Settles what nobody works on, as far as the chain answers in time. @returns the IDs of the others */
async function reconcileAll(
  { locks, clock }: StorePorts,
  jobs: readonly Found[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const running = new Set<string>();
  const [late, over] = [new AbortController(), new AbortController()];
  const patience = clock.sleep(OPEN_MS, over.signal).then(() => late.abort());
  patience.catch(() => undefined); // everything was settled before
  try {
    await inLanes(JOBS_AT_ONCE, jobs, async ({ record: { jobId }, runs }) => {
      const stop = AbortSignal.any([signal, late.signal]);
      const isRunning = await lookAt({ locks }, jobId, () => reconcile(runs, stop));
      if (isRunning) running.add(jobId);
    });
  } finally {
    over.abort();
  }
  if (signal.aborted) throw new HauloutError('aborted', {});
  return running;
}

/** Facts in place of 'maybe', for a job that nobody works on. Trouble with the chain changes nothing. */
async function reconcile(runs: readonly IntentRun[], signal: AbortSignal): Promise<void> {
  for (const run of runs.filter(({ state }) => !state.closed)) {
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

/** Of finished jobs the old ones go, and of the others what a page has left that was closed too soon. */
async function tidy(ports: StorePorts, journal: Journal, jobs: readonly Found[]): Promise<void> {
  const records = jobs.map(({ record }) => record).sort((a, b) => b.atMs - a.atMs);
  const sources = await journal.sources();
  for (const [at, record] of records.entries()) {
    const { jobId } = record;
    const left = sources.filter((source) => source.jobId === jobId);
    if (at < KEPT_JOBS && left.length === 0) continue;
    await ports.locks.hold(lockOf(jobId), async () => {
      if (at >= KEPT_JOBS) return forgetJob(ports, journal, record);
      for (const { blobId } of left) await letGo(ports, journal, jobId, blobId);
    });
  }
}

async function describe(
  ports: StorePorts,
  journal: Journal,
  job: Found,
  running: ReadonlySet<string>,
): Promise<OpenJob> {
  const { record, runs, error } = job;
  const isFinished = isStored(job);
  const missing: string[] = [];
  const handles: FileSystemFileHandle[] = [];
  for (const { blobId, place } of record.files) {
    const run = runs.find(({ intentId }) => intentId === place?.intentId);
    const isSent = place && !run?.state.plan.blobs[place.blob]?.extended;
    if (!isSent || isFinished || missing.includes(blobId)) continue;
    const kept = await journal.source(record.jobId, blobId);
    if (kept === undefined || !(await isHere(ports, blobId, kept.source))) missing.push(blobId);
    else if (kept.source?.kind === 'handle' && !(await ports.pieces.has(blobId))) {
      handles.push(kept.source.handle as FileSystemFileHandle);
    }
  }
  const files = record.files.map(({ name, bytes, blobId }) => {
    return { ...(name === undefined ? {} : { name }), bytes, blobId };
  });
  const states = runs.map(({ state }) => state);
  const paid = paidOf(states);
  const { shown } = record;
  return {
    ...{ jobId: record.jobId, atMs: record.atMs, files, missing, handles },
    ...{ isRunning: running.has(record.jobId), isFinished },
    isGivenUp: states.some(({ phase }) => phase === 'handing-over'),
    isAsked: states.some(({ asked }) => asked.length > 0),
    sentShare: await sentShare(journal, runs, record.shardCount),
    ...(shown ? { shown } : {}),
    ...spentOf(states),
    ...(error ? { paid: paid === 'nothing' ? 'unknown' : paid, error } : { paid }),
  };
}

/** A file that was chosen another day is only read after a click: until then it counts as here. */
async function isHere(
  { sources, pieces }: StorePorts,
  blobId: string,
  kept: KeptSource | undefined,
): Promise<boolean> {
  if (kept?.kind === 'handle' || (await pieces.has(blobId))) return true;
  return kept !== undefined && (await sources.open(blobId, kept)) !== undefined;
}
