import type { Kernel } from '../kernel/kernel.ts';
import { HauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import type { SpillAccess } from '../store/spill.ts';
import { runAssembleTask } from './assemble-task.ts';
import { runCheckRowsTask } from './check-rows-task.ts';
import { runColumnTask } from './column-task.ts';
import { runDecodeTask } from './decode-task.ts';
import { runFinishTask } from './finish-task.ts';
import { OpenDecode } from './open-decode.ts';
import { OpenEncode } from './open-encode.ts';
import { runRecoverTask } from './recover-task.ts';
import { ResultMemory } from './result-memory.ts';
import { runRootTask } from './root-task.ts';
import { runRowTask } from './row-task.ts';
import { runSymbolsTask } from './symbols-task.ts';
import type { Setup, Task, TaskResult } from './tasks.ts';
import { ThreadKernel } from './thread-kernel.ts';
import { runVerifyTask } from './verify-task.ts';

/** What a thread does for the owner of the jobs; the same on this thread and in a worker. */
export interface ThreadApi {
  /** Prepares for tasks of one job; a job that was open before is closed. */
  open(setup: Setup): Promise<void>;
  /** Runs one task after those that were given before. */
  run(task: Task): Promise<TaskResult>;
  /** Ends the open job. Memory of a usual size is kept for a job that follows at once. */
  close(): Promise<void>;
  /** Frees that memory: nothing has followed. */
  rest(): Promise<void>;
}

/** One thread's state: its kernel, and the job that it serves. Calls are run one after another. */
export class EncodingThread implements ThreadApi {
  readonly #kernel: ThreadKernel;
  readonly #spill: SpillAccess;
  readonly #memory = new ResultMemory();
  #encode: OpenEncode | undefined;
  #decode: OpenDecode | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    loadKernel: () => Promise<WebAssembly.Module>,
    spill: SpillAccess,
    clock?: Pick<Clock, 'monotonic'>,
  ) {
    this.#kernel = new ThreadKernel(loadKernel, clock);
    this.#spill = spill;
  }

  open(setup: Setup): Promise<void> {
    return this.#inTurn(async () => {
      await this.#leave();
      const { shardCount, symbolBytes, rowsUsed } = setup.geometry;
      const kernel = await this.#kernel.configured(shardCount, symbolBytes, rowsUsed);
      this.#memory.clear(); // blobs of other sizes would leave what nobody takes
      if (setup.kind === 'encode') {
        this.#encode = new OpenEncode(kernel, setup, this.#spill, this.#memory);
      } else this.#decode = new OpenDecode(kernel, setup);
    });
  }

  run(task: Task): Promise<TaskResult> {
    return this.#inTurn(() => this.#dispatch(task));
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#leave();
      this.#kernel.trim(false);
    });
  }

  rest(): Promise<void> {
    return this.#inTurn(async () => {
      this.#kernel.trim(true);
      this.#memory.clear();
    });
  }

  async #leave(): Promise<void> {
    const encode = this.#encode;
    this.#encode = undefined;
    this.#decode = undefined;
    await encode?.seal();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #dispatch(task: Task): Promise<TaskResult> {
    switch (task.kind) {
      case 'load':
        return this.#opened().load(task);
      case 'rows':
        return runRowTask(this.#opened(), task);
      case 'seal':
        await this.#opened().seal();
        return { kind: 'seal' };
      case 'columns':
        return runColumnTask(this.#opened(), task);
      case 'assemble':
        return runAssembleTask(this.#opened(), task);
      case 'finish':
        return runFinishTask(this.#opened().kernel, task);
      case 'decode':
        return runDecodeTask(this.#openedDecode(), task);
      case 'check-rows':
        return runCheckRowsTask(this.#openedDecode(), task);
      case 'verify':
        return runVerifyTask(await this.#configured(task), task);
      case 'root':
        return runRootTask(await this.#configured(task), task);
      case 'recover':
        return runRecoverTask(this.#kernel, task);
      case 'symbols':
        return runSymbolsTask(await this.#configured(task), task);
    }
  }

  #configured({ geometry }: { geometry: Setup['geometry'] }): Promise<Kernel> {
    return this.#kernel.configured(geometry.shardCount, geometry.symbolBytes);
  }

  #openedDecode(): OpenDecode {
    if (this.#decode === undefined) throw notOpen();
    return this.#decode;
  }

  #opened(): OpenEncode {
    if (this.#encode === undefined) throw notOpen();
    return this.#encode;
  }
}

function notOpen(): HauloutError {
  return new HauloutError('engine-crashed', { reason: 'a task came without its job' });
}
