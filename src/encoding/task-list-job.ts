import { Job, type JobTraits } from './job.ts';
import type { Setup, Task, TaskResult } from './tasks.ts';

type ResultOf<T extends Task> = Extract<TaskResult, { kind: T['kind'] }>;

/** Independent tasks of one kind; the result is the list of their results, in order. */
export class TaskListJob<T extends Task> extends Job<ResultOf<T>[]> {
  readonly #tasks: readonly (() => T)[];
  readonly #setup: Setup | undefined;
  readonly #results: ResultOf<T>[] = [];
  readonly #taken = new Map<Task, number>();
  #next = 0;
  #left: number;

  /** @param tasks make the tasks when they are needed, as their buffers move away */
  constructor(traits: JobTraits, tasks: readonly (() => T)[], setup?: Setup) {
    super(traits);
    this.#tasks = tasks;
    this.#setup = setup;
    this.#left = tasks.length;
    if (tasks.length === 0) this.succeed([]);
  }

  get wantsHelp(): boolean {
    return this.#next < this.#tasks.length;
  }

  setup(): Setup | undefined {
    return this.#setup;
  }

  protected next(): Task | undefined {
    const make = this.#tasks[this.#next];
    if (make === undefined) return undefined;
    const task = make();
    this.#taken.set(task, this.#next++);
    return task;
  }

  protected accept(task: Task, result: TaskResult): void {
    const index = this.#taken.get(task);
    if (index === undefined) return;
    this.#results[index] = result as ResultOf<T>; // a thread answers a task in kind
    if (--this.#left === 0) this.succeed(this.#results);
  }
}

/** A job of one task. */
export function singleTask<T extends Task>(
  task: () => T,
  bytes: number,
  priority: number,
): TaskListJob<T> {
  const traits = { priority, bytes, threadCount: 1, small: true, depth: 1, repeatable: true };
  return new TaskListJob<T>(traits, [task]);
}
