import type { JobTraits, ServedJob } from '../encoding/job.ts';

/** A job in a pool, with the number of threads that serve it. */
export interface QueuedJob {
  readonly job: ServedJob;
  readonly order: number;
  crew: number;
  /** whether a thread has left another job to serve this one */
  expected: boolean;
}

/**
 * Which job a free thread should serve. Jobs that nobody serves come first, by priority and size,
 * so that small files run side by side; if there is none, the thread helps where most is left to
 * do. Of the jobs that need much memory only one is served at a time.
 *
 * @returns undefined if there is nothing to do
 */
export function chooseJob(jobs: readonly QueuedJob[]): QueuedJob | undefined {
  const open = jobs.filter(isOpen);
  const busy = open.some(({ job, crew }) => crew > 0 && !job.traits.small);
  const waiting = open.filter(({ job, crew }) => crew === 0 && (job.traits.small || !busy));
  const first = waiting.sort(byTurn)[0];
  if (first !== undefined) return first;
  const helped = open.filter(
    ({ job, crew }) => crew > 0 && crew < job.traits.threadCount && job.wantsHelp,
  );
  return helped.sort((a, b) => b.job.traits.bytes - a.job.traits.bytes)[0];
}

/** The job for which a thread should leave its own between two tasks: one that waits before it. */
export function waitingBefore(
  jobs: readonly QueuedJob[],
  current: QueuedJob,
): QueuedJob | undefined {
  const { small, stays } = current.job.traits;
  if (small || stays) return undefined; // a small one is over soon
  return jobs.find(
    (other) =>
      other.crew === 0 &&
      !other.expected &&
      isOpen(other) &&
      other.job.traits.small &&
      before(other, current),
  );
}

function isOpen({ job }: QueuedJob): boolean {
  return !job.done && !job.isGivenOut && job.traits.hold?.isHeld !== true;
}

function before(a: QueuedJob, b: QueuedJob): boolean {
  return byTurn(a, b) < 0;
}

function byTurn(a: QueuedJob, b: QueuedJob): number {
  return compare(a.job.traits, b.job.traits) || a.order - b.order;
}

function compare(a: JobTraits, b: JobTraits): number {
  return b.priority - a.priority || a.bytes - b.bytes;
}
