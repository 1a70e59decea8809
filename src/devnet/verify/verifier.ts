import type {
  RecoverResult,
  RecoverTask,
  SymbolsResult,
  SymbolsTask,
  VerifyResult,
  VerifyTask,
} from '../../encoding/tasks.ts';

/** What storage nodes compute over slivers: the tasks of the encoder that concern slivers one by one. */
export type SliverTask = VerifyTask | SymbolsTask | RecoverTask;

/** @template Task gives the result of its own kind */
export type SliverResult<Task extends SliverTask> = Task extends VerifyTask
  ? VerifyResult
  : Task extends SymbolsTask
    ? SymbolsResult
    : RecoverResult;

/** Runs sliver tasks, here or in other threads. */
export interface Verifier {
  /** @throws HauloutError as the tasks of src/encoding do */
  run<Task extends SliverTask>(task: Task): Promise<SliverResult<Task>>;
  close(): Promise<void>;
}
