import { parentPort, workerData } from 'node:worker_threads';
import { EncodingThread } from '../encoding/encoding-thread.ts';
import type { Moving } from '../encoding/tasks.ts';
import { toPlainError } from '../protocol/errors.ts';
import { noSpill } from './codec.ts';
import type { CodecAnswer, CodecCall } from './codec-threads-door.ts';

/** A thread of `threadedCodec`. It gets the compiled kernel and then calls, which it answers in their order. */
const thread = new EncodingThread(async () => workerData as WebAssembly.Module, noSpill);

parentPort?.on('message', async ({ id, call }: CodecCall) => {
  const answer = (value: CodecAnswer, moves: ArrayBuffer[] = []) =>
    parentPort?.postMessage(value, moves);
  try {
    if (call.name === 'open') await thread.open(call.setup);
    if (call.name === 'close') await thread.close();
    if (call.name === 'rest') await thread.rest();
    const result = call.name === 'run' ? await thread.run(call.task) : undefined;
    answer({ id, result }, (result as Moving | undefined)?.moves);
  } catch (error) {
    answer({ id, error: toPlainError(error) });
  }
});
