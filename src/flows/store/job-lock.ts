import type { Clock, Locks } from '../../protocol/ports.ts';

/** In all tabs only one works on a job: whoever holds this. */
export const lockOf = (jobId: string) => `haulout-job-${jobId}`;
/** Held beside it by a tab that only settles what is open, which takes seconds. */
const lookOf = (jobId: string) => `haulout-look-${jobId}`;

/** A tab that only looks is asked so often whether it is done. */
const LOOKING_MS = 100;

export interface LockPorts {
  readonly locks: Locks;
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * Works on a job. A tab that only looks at it is waited for.
 *
 * @returns 'busy' if another works on it
 * @throws HauloutError 'aborted', also while it waits
 */
export async function workOn<T>(
  { locks, clock }: LockPorts,
  jobId: string,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T | 'busy'> {
  for (;;) {
    const outcome = await locks.hold(lockOf(jobId), work);
    if (outcome !== 'busy') return outcome;
    const isOnlyLooked = (await locks.hold(lookOf(jobId), async () => {})) === 'busy';
    if (!isOnlyLooked) return 'busy';
    await clock.sleep(LOOKING_MS, signal);
  }
}

/**
 * Looks at a job and settles what is open, for as long as nobody works on it. Where another tab looks already,
 * that one does it.
 *
 * @returns whether somebody works on it
 */
export async function lookAt(
  { locks }: Pick<LockPorts, 'locks'>,
  jobId: string,
  look: () => Promise<void>,
): Promise<boolean> {
  const work = () => locks.hold(lockOf(jobId), look);
  const outcome = await locks.hold(lookOf(jobId), async () =>
    (await work()) === 'busy' ? 'works' : '',
  );
  return outcome === 'works';
}
