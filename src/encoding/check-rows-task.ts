import { HASH_BYTES } from '../kernel/kernel.ts';
import type { OpenDecode } from './open-decode.ts';
import { copyCommon } from './rectangle.ts';
import { sameBytes } from './same-bytes.ts';
import type { CheckRowsResult, CheckRowsTask } from './tasks.ts';

/**
 * Checks that decoded rows, with zeros behind the blob's end, expand to slivers with the right
 * hashes, and gives the rows.
 */
export function runCheckRowsTask(job: OpenDecode, task: CheckRowsTask): CheckRowsResult {
  const { kernel, setup } = job;
  const { symbolBytes, columnCount, rowBytes, rowsUsed } = setup.geometry;
  const { begin, end, buffer, hashes } = task;
  const sharePtr = job.hold(task.share);
  for (const { rows, columns, bytes } of task.pieces) {
    copyCommon({ rows, columns, bytes: new Uint8Array(bytes) }, job.held, symbolBytes);
  }
  clearPadding(job, task);
  const { rows } = job.held;
  const columnPitch = (rows.end - rows.begin) * symbolBytes;
  const rowsPtr = sharePtr + (begin - rows.begin) * symbolBytes;
  // All rows behind the blob are alike: the first one stands for the others.
  const firstZero = Math.max(begin, rowsUsed);
  const rowCount = Math.min(end, firstZero + 1) - begin;
  const mark = kernel.mark();
  try {
    const rootsPtr = kernel.alloc(rowCount * HASH_BYTES);
    const outPtr = kernel.alloc(rowCount * rowBytes);
    kernel.matrixRowRoots({ rowsPtr, columnPitch, rowCount, rootsPtr });
    const right = hashes.every((hash, i) => {
      const row = Math.min(begin + i, firstZero) - begin;
      return sameBytes(kernel.bytes(rootsPtr + row * HASH_BYTES, HASH_BYTES), hash);
    });
    for (let row = 0; row < rowCount; row++) {
      kernel.copyPieces({
        sourcePtr: rowsPtr + row * symbolBytes,
        sourcePitch: columnPitch,
        pieceBytes: symbolBytes,
        count: columnCount,
        targetPtr: outPtr + row * rowBytes,
        targetPitch: symbolBytes,
      });
    }
    new Uint8Array(buffer).set(kernel.bytes(outPtr, rowCount * rowBytes));
    return { kind: 'check-rows', begin, end, buffer, right, moves: [buffer] };
  } finally {
    kernel.release(mark);
  }
}

/** Zeros what lies behind the blob's end, whatever was decoded there. */
function clearPadding({ held, setup }: OpenDecode, { begin, end }: CheckRowsTask): void {
  const { symbolBytes, columnCount, rowBytes, blobBytes } = setup.geometry;
  const columnPitch = (held.rows.end - held.rows.begin) * symbolBytes;
  for (let column = 0; column < columnCount; column++) {
    // The blob's bytes in this column: whole symbols of full rows, then a part of the next one.
    const fullRows = Math.floor(blobBytes / rowBytes);
    const rest = (blobBytes % rowBytes) - column * symbolBytes;
    const used = fullRows * symbolBytes + Math.max(0, Math.min(symbolBytes, rest));
    const from = Math.max(begin * symbolBytes, used);
    const at = column * columnPitch - held.rows.begin * symbolBytes;
    if (from < end * symbolBytes) held.bytes.fill(0, at + from, at + end * symbolBytes);
  }
}
