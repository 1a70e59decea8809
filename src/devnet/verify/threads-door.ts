import { Worker } from 'node:worker_threads';
import workerCode from 'virtual:sliver-worker';
import { HauloutError, type PlainError, reviveError } from '../../protocol/errors.ts';
import type { SliverResult, SliverTask, Verifier } from './verifier.ts';

interface Waiting {
  readonly task: SliverTask;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Compiled, or still on its way: the first task waits for it. */
export type KernelModule = WebAssembly.Module | Promise<WebAssembly.Module>;

interface Thread {
  readonly worker: Worker;
  running: Waiting | undefined;
}

/** Computes in threads of its own, which start with the first task. */
export class ThreadedVerifier implements Verifier {
  readonly #kernel: KernelModule;
  readonly #threadCount: number;
  readonly #threads: Thread[] = [];
  #queue: Waiting[] = [];
  #closed = false;

  constructor(kernel: KernelModule, threadCount: number) {
    this.#kernel = kernel;
    this.#threadCount = Math.max(1, threadCount);
  }

  async run<Task extends SliverTask>(task: Task): Promise<SliverResult<Task>> {
    const module = await this.#kernel;
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new HauloutError('aborted', {}));
        return;
      }
      this.#queue.push({ task, resolve: resolve as (result: unknown) => void, reject });
      this.#pump(module);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#queue) reject(new HauloutError('aborted', {}));
    this.#queue = [];
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #pump(module: WebAssembly.Module): void {
    while (this.#queue.length > 0) {
      const thread = this.#idleThread(module);
      const next = this.#queue[0];
      if (thread === undefined || next === undefined) return;
      this.#queue.shift();
      thread.running = next;
      thread.worker.ref();
      thread.worker.postMessage(next.task);
    }
  }

  #idleThread(module: WebAssembly.Module): Thread | undefined {
    const idle = this.#threads.find(({ running }) => running === undefined);
    if (idle !== undefined || this.#threads.length === this.#threadCount) return idle;
    const worker = new Worker(workerCode, { eval: true, workerData: module });
    const thread: Thread = { worker, running: undefined };
    worker.on('message', (answer: { result?: unknown; error?: PlainError }) => {
      const { running } = thread;
      thread.running = undefined;
      worker.unref(); // an idle thread must not keep the process alive
      if (answer.error !== undefined) running?.reject(reviveError(answer.error));
      else running?.resolve(answer.result);
      this.#pump(module);
    });
    const lose = (reason: string) => {
      const at = this.#threads.indexOf(thread);
      if (at >= 0) this.#threads.splice(at, 1);
      thread.running?.reject(new HauloutError('engine-crashed', { reason }));
      thread.running = undefined;
      if (!this.#closed) this.#pump(module);
    };
    worker.on('error', (error) => lose(error.message));
    worker.on('exit', () => lose('the thread ended'));
    this.#threads.push(thread);
    return thread;
  }
}
