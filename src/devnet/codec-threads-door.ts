import { Worker } from 'node:worker_threads';
import workerCode from 'virtual:codec-worker';
import type { Moving, Setup, Task, TaskResult } from '../encoding/tasks.ts';
import { HauloutError, type PlainError, reviveError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import type { SpawnThread, Thread } from '../workers/thread.ts';
import { type Codec, pooledCodec } from './codec.ts';
import type { KernelModule } from './verify/threads-door.ts';

/** What a thread is asked. */
export interface CodecCall {
  readonly id: number;
  readonly call:
    | { readonly name: 'open'; readonly setup: Setup }
    | { readonly name: 'run'; readonly task: Task }
    | { readonly name: 'close' | 'rest' };
}

export interface CodecAnswer {
  readonly id: number;
  readonly result?: TaskResult | undefined;
  readonly error?: PlainError;
}

/** A codec with threads of its own, which start with the first blob. */
export function threadedCodec(kernel: KernelModule, threadCount: number, clock: Clock): Codec {
  const spawn: SpawnThread = async () => startThread(await kernel);
  return pooledCodec({ spawn, threadCount: Math.max(1, threadCount), clock });
}

function startThread(module: WebAssembly.Module): Thread {
  const worker = new Worker(workerCode, { eval: true, workerData: module });
  worker.unref(); // a thread must not keep the process alive
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let next = 0;
  let fail: (error: Error) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => {
    fail = reject;
  });
  lost.catch(() => undefined);
  const lose = (reason: string) => fail(new HauloutError('engine-crashed', { reason }));
  worker.on('message', ({ id, result, error }: CodecAnswer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (error === undefined) call?.resolve(result);
    else call?.reject(reviveError(error));
  });
  worker.on('error', ({ message }) => lose(message));
  worker.on('exit', () => lose('the thread ended'));
  const send = (call: CodecCall['call'], moves: ArrayBuffer[] = []) =>
    new Promise<unknown>((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, call }, moves);
    });
  const movesOf = ({ moves }: Moving) => moves ?? [];
  return {
    api: {
      open: async (setup) => void (await send({ name: 'open', setup }, movesOf(setup))),
      run: (task) => send({ name: 'run', task }, movesOf(task)) as Promise<TaskResult>,
      close: async () => void (await send({ name: 'close' })),
      rest: async () => void (await send({ name: 'rest' })),
    },
    traits: { syncAccess: false },
    shared: false,
    lost,
    end: () => {
      lose('the thread was ended');
      void worker.terminate();
    },
  };
}
