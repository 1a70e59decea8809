import { HASH_BYTES, type Kernel } from '../kernel/kernel.ts';
import type { CheckRowsResult, CheckRowsTask } from './tasks.ts';

/**
 * Puts decoded rows together and checks that each, with zeros behind the blob's end, expands to a
 * sliver with the right hash.
 */
export function runCheckRowsTask(kernel: Kernel, task: CheckRowsTask): CheckRowsResult {
  const { begin, end, geometry, hashes } = task;
  const { rowBytes, blobBytes, rowsUsed } = geometry;
  const mark = kernel.mark();
  try {
    const total = (end - begin) * rowBytes;
    const ptr = kernel.alloc(total);
    const rootPtr = kernel.alloc(HASH_BYTES);
    placePieces(kernel, task, ptr);
    const used = Math.max(0, Math.min(total, blobBytes - begin * rowBytes));
    kernel.bytes(ptr + used, total - used).fill(0);
    const wrongRows: number[] = [];
    let zeroRoot: Uint8Array | undefined; // all rows behind the blob are alike
    for (let row = begin; row < end; row++) {
      const zero = row >= rowsUsed;
      const root =
        (zero ? zeroRoot : undefined) ?? rootOf(kernel, ptr, row - begin, rootPtr, rowBytes);
      if (zero) zeroRoot = root;
      if (!sameBytes(root, hashes[row - begin])) wrongRows.push(row);
    }
    const bytes = kernel.bytes(ptr, total).slice().buffer;
    return { kind: 'check-rows', begin, end, bytes, wrongRows, moves: [bytes] };
  } finally {
    kernel.release(mark);
  }
}

function rootOf(kernel: Kernel, ptr: number, row: number, rootPtr: number, rowBytes: number) {
  kernel.sliverRoot('primary', ptr + row * rowBytes, rootPtr);
  return kernel.bytes(rootPtr, HASH_BYTES).slice();
}

function placePieces(kernel: Kernel, task: CheckRowsTask, ptr: number): void {
  const { begin, geometry, pieces } = task;
  const { rowBytes, symbolBytes } = geometry;
  const into = kernel.bytes(ptr, (task.end - begin) * rowBytes);
  for (const { rows, columns, bytes } of pieces) {
    const width = (columns.end - columns.begin) * symbolBytes;
    for (let row = rows.begin; row < rows.end; row++) {
      const piece = new Uint8Array(bytes, (row - rows.begin) * width, width);
      into.set(piece, (row - begin) * rowBytes + columns.begin * symbolBytes);
    }
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}
