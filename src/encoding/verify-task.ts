import { HASH_BYTES, type Kernel } from '../kernel/kernel.ts';
import { sameBytes } from '../protocol/same-bytes.ts';
import type { VerifyResult, VerifyTask } from './tasks.ts';

/** Expands each sliver and compares the root of its symbols with its hash. */
export function runVerifyTask(kernel: Kernel, task: VerifyTask): VerifyResult {
  const wrong: number[] = [];
  task.slivers.forEach(({ data, hash }, i) => {
    const mark = kernel.mark();
    try {
      const dataPtr = kernel.alloc(data.length);
      const rootPtr = kernel.alloc(HASH_BYTES);
      kernel.bytes(dataPtr, data.length).set(data);
      kernel.sliverRoot(task.axis, dataPtr, rootPtr);
      if (!sameBytes(kernel.bytes(rootPtr, HASH_BYTES), hash)) wrong.push(i);
    } finally {
      kernel.release(mark);
    }
  });
  return { kind: 'verify', wrong };
}
