import { type Job, type JobRunner, throwIfAborted } from '../encoding/job.ts';
import { Ending } from '../protocol/ending.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import { chooseJob, type QueuedJob, waitingBefore } from './queue.ts';
import type { SpawnThread, Thread } from './thread.ts';

export interface PoolOptions {
  /** threads that may exist at the same time, at least 1 */
  readonly threadCount: number;
  readonly spawn: SpawnThread;
  readonly clock: Pick<Clock, 'sleep'>;
  /** after so long without work a thread ends; it never does if this is infinite */
  readonly idleMs: number;
}

/** So long a thread keeps the memory of its last job, in case the next one follows at once. */
const REST_MS = 500;

/** One of the pool's places for a thread. */
interface Slot {
  readonly id: number;
  thread: Thread | undefined;
  starting: Promise<Thread> | undefined;
  busy: boolean;
  /** whether its lanes end, to make room for a job that waits */
  leaving: boolean;
  serving: QueuedJob | undefined;
  idle: AbortController | undefined;
}

/** Serves jobs with threads that it starts when needed and ends when idle. */
export class Pool implements JobRunner {
  readonly #options: PoolOptions;
  readonly #slots: Slot[];
  #jobs: QueuedJob[] = [];
  #order = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.threadCount }, (_, id) => {
      return {
        id,
        thread: undefined,
        starting: undefined,
        busy: false,
        leaving: false,
        serving: undefined,
        idle: undefined,
      };
    });
  }

  get threadCount(): number {
    return this.#options.threadCount;
  }

  /** Threads that exist now. */
  get liveCount(): number {
    return this.#slots.filter((slot) => slot.thread !== undefined).length;
  }

  /** A thread that runs, to ask what it can do; it is started if there is none. */
  async anyThread(): Promise<Thread> {
    const live = this.#slots.find((slot) => slot.thread !== undefined)?.thread;
    if (live !== undefined) return live;
    const starting = this.#slots.find((slot) => slot.starting !== undefined)?.starting;
    if (starting !== undefined) return starting;
    const slot = this.#slots.find((each) => !each.busy);
    if (slot === undefined) throw new HauloutError('engine-crashed', { reason: 'no thread left' });
    slot.busy = true;
    try {
      return await this.#threadOf(slot);
    } finally {
      this.#free(slot);
    }
  }

  async run<Result>(make: () => Job<Result>, signal?: AbortSignal): Promise<Result> {
    for (let tries = 1; ; tries++) {
      throwIfAborted(signal);
      if (this.#closed) throw new HauloutError('aborted', {});
      const job = make();
      try {
        return await this.#serve(job, signal);
      } catch (error) {
        const again = job.traits.repeatable && tries === 1;
        if (!again || !isHauloutError(error, 'engine-crashed')) throw error;
      }
    }
  }

  /** Ends all threads and fails all jobs. */
  close(): void {
    this.#closed = true;
    for (const { job } of this.#jobs) job.fail(new HauloutError('aborted', {}));
    for (const slot of this.#slots) this.#end(slot);
  }

  async #serve<Result>(job: Job<Result>, signal: AbortSignal | undefined): Promise<Result> {
    const queued: QueuedJob = { job, order: this.#order++, crew: 0, expected: false };
    const abort = () => {
      job.fail(new HauloutError('aborted', {}, { cause: signal?.reason }));
      this.#endCrew(queued);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const forgetHold = job.traits.hold?.onChange(() => this.#pump());
    this.#jobs.push(queued);
    this.#pump();
    try {
      return await job.result;
    } finally {
      signal?.removeEventListener('abort', abort);
      forgetHold?.();
      this.#jobs = this.#jobs.filter((each) => each !== queued);
    }
  }

  /** Gives every free slot something to do, as far as there is work. */
  #pump(): void {
    for (const slot of this.#slots) {
      if (slot.busy) continue;
      const next = this.#closed ? undefined : chooseJob(this.#jobs);
      if (next === undefined) return;
      slot.busy = true;
      slot.serving = next;
      slot.leaving = false;
      next.crew++;
      slot.idle?.abort();
      void this.#stint(slot, next);
    }
  }

  /** One slot's work for one job, until there is nothing left for it to do. */
  async #stint(slot: Slot, queued: QueuedJob): Promise<void> {
    const { job } = queued;
    let thread: Thread | undefined;
    try {
      thread = await this.#threadOf(slot);
      const setup = job.done ? undefined : job.setup(thread.shared);
      if (setup !== undefined) await thread.api.open(setup);
      const lanes = Array.from({ length: job.traits.depth }, () =>
        this.#lane(slot, queued, thread as Thread),
      );
      await Promise.all(lanes);
      if (setup !== undefined) await thread.api.close();
    } catch (error) {
      job.fail(asTyped(error));
      // After an error of ours the thread is well and is kept; anything else was a crash.
      const well = thread && isHauloutError(error) && error.code !== 'engine-crashed';
      if (well) await thread?.api.close().catch(() => undefined);
      else this.#end(slot);
    }
    job.left(slot.id);
    queued.crew--;
    slot.serving = undefined;
    this.#free(slot);
  }

  /** Several lanes keep a thread supplied, so that it does not wait for messages. */
  async #lane(slot: Slot, queued: QueuedJob, thread: Thread): Promise<void> {
    const { job } = queued;
    while (!this.#leaves(slot, queued)) {
      const task = job.take(slot.id);
      if (task === undefined) return;
      if (task === 'later') {
        await job.changed();
        continue;
      }
      const result = await thread.api.run(task);
      job.complete(task, result, slot.id);
    }
  }

  /** Whether the slot leaves its job, which is held or has others waiting; one slot for each is enough. */
  #leaves(slot: Slot, queued: QueuedJob): boolean {
    if (slot.leaving || queued.job.traits.hold?.isHeld) return true;
    const waiting = waitingBefore(this.#jobs, queued);
    if (waiting === undefined) return false;
    waiting.expected = true;
    slot.leaving = true;
    return true;
  }

  #threadOf(slot: Slot): Promise<Thread> {
    if (slot.thread !== undefined) return Promise.resolve(slot.thread);
    slot.starting ??= this.#start(slot).finally(() => {
      slot.starting = undefined;
    });
    return slot.starting;
  }

  async #start(slot: Slot): Promise<Thread> {
    const thread = failing(await this.#options.spawn());
    if (this.#closed) {
      thread.end();
      throw new HauloutError('aborted', {});
    }
    slot.thread = thread;
    thread.lost.catch(() => {
      if (slot.thread === thread) this.#end(slot);
    });
    return thread;
  }

  #free(slot: Slot): void {
    slot.busy = false;
    this.#pump();
    if (slot.busy || slot.thread === undefined || this.#options.idleMs === Infinity) return;
    void this.#windDown(slot, slot.thread);
  }

  /** Frees the memory of a thread without work soon, and ends the thread later. */
  async #windDown(slot: Slot, thread: Thread): Promise<void> {
    const { clock, idleMs } = this.#options;
    const idle = new AbortController();
    slot.idle = idle;
    try {
      const restMs = Math.min(REST_MS, idleMs);
      await clock.sleep(restMs, idle.signal);
      await thread.api.rest();
      await clock.sleep(idleMs - restMs, idle.signal);
    } catch {
      return; // there was work, or the thread died
    }
    if (!idle.signal.aborted) this.#end(slot);
  }

  /** Stops what a failed job still runs; terminating frees the memory at once. */
  #endCrew(queued: QueuedJob): void {
    for (const slot of this.#slots) if (slot.serving === queued) this.#end(slot);
  }

  #end(slot: Slot): void {
    slot.thread?.end();
    slot.thread = undefined;
    slot.idle?.abort();
  }
}

/** The same thread; what it is asked fails when it is lost. */
function failing(thread: Thread): Thread {
  const { api, lost } = thread;
  const ending = new Ending();
  lost.catch((error: unknown) => ending.end(error));
  return {
    ...thread,
    api: {
      open: (setup) => ending.until(api.open(setup)),
      run: (task) => ending.until(api.run(task)),
      close: () => ending.until(api.close()),
      rest: () => ending.until(api.rest()),
    },
  };
}

function asTyped(error: unknown): HauloutError {
  if (isHauloutError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new HauloutError('engine-crashed', { reason }, { cause: error });
}
