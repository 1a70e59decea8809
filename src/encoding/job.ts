import { HauloutError } from '../protocol/errors.ts';
import type { Hold } from '../protocol/hold.ts';
import type { Setup, Task, TaskResult } from './tasks.ts';

/** What a pool must know to queue a job. */
export interface JobTraits {
  /** higher goes first */
  readonly priority: number;
  /** bytes to be worked on; of jobs of one priority the small ones go first */
  readonly bytes: number;
  /** threads that it can use */
  readonly threadCount: number;
  /** whether it may run beside others; of the rest one runs at a time */
  readonly small: boolean;
  /** whether a thread must not leave it for another job, as it holds results */
  readonly stays?: boolean;
  /** tasks that a thread should have at hand, so that it need not wait for messages */
  readonly depth: number;
  /** whether the job can be made again after a crash, or its input is gone by then */
  readonly repeatable: boolean;
  /** threads leave the job while it is held; not for one where they hold results */
  readonly hold?: Hold | undefined;
}

/**
 * Work cut into tasks. Any number of threads take tasks, run them somewhere and bring the results
 * back; the job knows what can be done next and puts the whole together.
 */
export abstract class Job<Result = unknown> {
  readonly traits: JobTraits;
  readonly result: Promise<Result>;
  #resolve!: (result: Result) => void;
  #reject!: (error: unknown) => void;
  #done = false;
  #waiting: (() => void)[] = [];

  constructor(traits: JobTraits) {
    this.traits = traits;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.result.catch(() => undefined); // whoever wants to know awaits it as well
  }

  /** Whether the result is there, or never will be. */
  get done(): boolean {
    return this.#done;
  }

  /**
   * What a thread must be told before its tasks.
   *
   * @param shared whether the thread sees the caller's memory, so that nothing needs copying
   */
  abstract setup(shared: boolean): Setup | undefined;

  /** Whether a thread that joins now would find enough to do. */
  abstract get wantsHelp(): boolean;

  /** Whether all tasks are given out: what is still waited for needs no thread. */
  get isGivenOut(): boolean {
    return false;
  }

  /** The next task for `thread`; 'later' if one may come when others are done. */
  protected abstract next(thread: number): Task | 'later' | undefined;

  protected abstract accept(task: Task, result: TaskResult, thread: number): void;

  /** Called when a thread will take no more tasks and has closed the job. */
  left(_thread: number): void {
    this.changedNow();
  }

  take(thread: number): Task | 'later' | undefined {
    return this.#done ? undefined : this.next(thread);
  }

  complete(task: Task, result: TaskResult, thread: number): void {
    if (this.#done) return;
    try {
      this.accept(task, result, thread);
    } catch (error) {
      this.fail(error);
    }
    this.changedNow();
  }

  fail(error: unknown): void {
    this.#end();
    this.#reject(error);
  }

  protected succeed(result: Result): void {
    this.#end();
    this.#resolve(result);
  }

  /** Settles at the next change after which `take` may answer differently. */
  changed(): Promise<void> {
    if (this.#done) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  protected changedNow(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #end(): void {
    this.#done = true;
    this.changedNow();
  }
}

/** What whoever serves a job needs of it, whatever its result. */
export type ServedJob = Pick<
  Job,
  | 'traits'
  | 'done'
  | 'isGivenOut'
  | 'wantsHelp'
  | 'setup'
  | 'take'
  | 'complete'
  | 'fail'
  | 'left'
  | 'changed'
>;

/** Whoever has threads that serve jobs. */
export interface JobRunner {
  /** threads that can work at the same time */
  readonly threadCount: number;
  /**
   * Queues a job and gives its result.
   *
   * @param make makes the job; once more if a thread crashes in the middle
   * @throws HauloutError 'aborted' soon after `signal` fires; 'engine-crashed'
   */
  run<Result>(make: () => Job<Result>, signal?: AbortSignal): Promise<Result>;
}

/** @throws HauloutError 'aborted' */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new HauloutError('aborted', {}, { cause: signal.reason });
}
