import { parentPort, workerData } from 'node:worker_threads';
import { ThreadKernel } from '../../encoding/thread-kernel.ts';
import { toPlainError } from '../../protocol/errors.ts';
import { runSliverTask } from './run-task.ts';
import type { SliverTask } from './verifier.ts';

/** A thread of `threadedVerifier`. It gets the compiled kernel and then tasks, one at a time. */
const kernel = new ThreadKernel(async () => workerData as WebAssembly.Module);

parentPort?.on('message', async (task: SliverTask) => {
  try {
    const result = await runSliverTask(kernel, task);
    parentPort?.postMessage({ result });
  } catch (error) {
    parentPort?.postMessage({ error: toPlainError(error) });
  }
});
