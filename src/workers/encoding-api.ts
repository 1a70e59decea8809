import type { Setup, Task, TaskResult } from '../encoding/tasks.ts';
import type { Engine } from '../kernel/abi.ts';

/**
 * What an encoding worker offers. Calls are run one after another. Buffers listed in `moves` of a
 * setup, task or result are transferred; everything else is copied, a `Blob` by its handle.
 */
export interface EncodingApi {
  /**
   * Must be the first call.
   *
   * @param engine forces a build of the kernel; by default the best supported one
   */
  start(engine: Engine | undefined): Promise<WorkerTraits>;
  open(setup: Setup): Promise<void>;
  /** @throws HauloutError of any code, which `error-transfer` carries over */
  run(task: Task): Promise<TaskResult>;
  close(): Promise<void>;
  rest(): Promise<void>;
}

export interface WorkerTraits {
  /** whether the worker can open files of the private file system for direct access */
  readonly syncAccess: boolean;
}
