import { HASH_BYTES } from '../kernel/kernel.ts';
import { sameBytes } from '../protocol/same-bytes.ts';
import type { OpenDecode } from './open-decode.ts';
import { copyCommon } from './rectangle.ts';
import type { CheckRowsResult, CheckRowsTask } from './tasks.ts';

/**
 * Checks that decoded rows, with zeros behind the blob's end, expand to slivers with the right
 * hashes, and gives the rows.
 */
export function runCheckRowsTask(job: OpenDecode, task: CheckRowsTask): CheckRowsResult {
  const { kernel, setup } = job;
  const { symbolBytes, rowBytes, blobBytes } = setup.geometry;
  const { begin, end, buffer } = task;
  const sharePtr = job.hold(task.share);
  for (const { rows, columns, bytes } of task.pieces) {
    copyCommon({ rows, columns, bytes: new Uint8Array(bytes) }, job.held, symbolBytes);
  }
  const rowsPtr = sharePtr + (begin - job.held.rows.begin) * rowBytes;
  const total = (end - begin) * rowBytes;
  const used = Math.max(0, Math.min(total, blobBytes - begin * rowBytes));
  kernel.bytes(rowsPtr + used, total - used).fill(0);
  const right = rowsAreRight(job, task, rowsPtr);
  new Uint8Array(buffer).set(kernel.bytes(rowsPtr, used));
  return { kind: 'check-rows', begin, end, buffer, right, moves: [buffer] };
}

function rowsAreRight({ kernel, setup }: OpenDecode, task: CheckRowsTask, rowsPtr: number) {
  const { rowsUsed } = setup.geometry;
  const { begin, end, hashes } = task;
  // All rows behind the blob are alike, so one of them is enough.
  const count = Math.min(end, Math.max(begin, rowsUsed) + 1) - begin;
  const mark = kernel.mark();
  try {
    const rootsPtr = kernel.alloc(count * HASH_BYTES);
    kernel.rowSliverRoots(rowsPtr, count, rootsPtr);
    const roots = kernel.bytes(rootsPtr, count * HASH_BYTES);
    return hashes.every((hash, i) => {
      const at = Math.min(i, count - 1) * HASH_BYTES;
      return sameBytes(roots.subarray(at, at + HASH_BYTES), hash);
    });
  } finally {
    kernel.release(mark);
  }
}
