import { runRecoverTask } from '../../encoding/recover-task.ts';
import { runSymbolsTask } from '../../encoding/symbols-task.ts';
import type { ThreadKernel } from '../../encoding/thread-kernel.ts';
import { runVerifyTask } from '../../encoding/verify-task.ts';
import { runRebuildTask } from './rebuild.ts';
import type { SliverTask, Verifier } from './verifier.ts';

type AnyResult = Awaited<ReturnType<Verifier['run']>>;

/** Runs one task on a thread's kernel. */
export async function runSliverTask(kernel: ThreadKernel, task: SliverTask): Promise<AnyResult> {
  try {
    if (task.kind === 'recover') return await runRecoverTask(kernel, task);
    const { shardCount, symbolBytes } = task.geometry;
    const configured = await kernel.configured(shardCount, symbolBytes);
    if (task.kind === 'verify') return runVerifyTask(configured, task);
    if (task.kind === 'rebuild') return runRebuildTask(configured, task);
    return runSymbolsTask(configured, task);
  } finally {
    kernel.trim(false);
  }
}
