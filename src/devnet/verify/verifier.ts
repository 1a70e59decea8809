import type {
  RecoverResult,
  RecoverTask,
  SymbolsResult,
  SymbolsTask,
  VerifyResult,
  VerifyTask,
} from '../../encoding/tasks.ts';
import type { RebuildResult, RebuildTask } from './rebuild.ts';

/** What storage nodes compute over slivers, one by one. */
export type SliverTask = VerifyTask | SymbolsTask | RecoverTask | RebuildTask;

/** @template Task gives the result of its own kind */
export type SliverResult<Task extends SliverTask> = Task extends VerifyTask
  ? VerifyResult
  : Task extends SymbolsTask
    ? SymbolsResult
    : Task extends RecoverTask
      ? RecoverResult
      : RebuildResult;

/** Runs sliver tasks, here or in other threads. */
export interface Verifier {
  /** @throws HauloutError as the tasks of src/encoding do */
  run<Task extends SliverTask>(task: Task): Promise<SliverResult<Task>>;
  close(): Promise<void>;
}
