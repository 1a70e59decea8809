import { ThreadKernel } from '../../encoding/thread-kernel.ts';
import { runSliverTask } from './run-task.ts';
import type { SliverResult, SliverTask, Verifier } from './verifier.ts';

/**
 * Computes in the thread that asks. With a compiled module nothing waits for anything but micro-tasks, and the tasks
 * run in the order in which they were given.
 */
export class InThreadVerifier implements Verifier {
  readonly #kernel: ThreadKernel;
  #last: Promise<unknown> = Promise.resolve();

  constructor(module: WebAssembly.Module) {
    this.#kernel = new ThreadKernel(async () => module);
  }

  run<Task extends SliverTask>(task: Task): Promise<SliverResult<Task>> {
    // Tasks share one kernel, and making it ready is asynchronous: one after another.
    const turn = this.#last.then(() => runSliverTask(this.#kernel, task));
    this.#last = turn.catch(() => undefined);
    return turn as Promise<SliverResult<Task>>;
  }

  async close(): Promise<void> {
    await this.#last;
  }
}
