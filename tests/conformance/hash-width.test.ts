import { expect, test } from 'vitest';
import type { Hashed, HashWidth } from '../../src/kernel/hash-width.ts';
import { GROUP_COLUMNS, HASH_BYTES, Kernel } from '../../src/kernel/kernel.ts';
import { loadKernel } from '../../src/kernel/load.ts';

const shardCount = 502;
const simd = await loadKernel({ engine: 'simd' });
const scalar = new Kernel(await loadKernel({ engine: 'scalar' }));

function fill(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.imul(i + 1, 0x9e3779b1) >>> 17;
}

/** Roots and row nodes of two groups of columns, the second one hashed as the first one left it. */
function hashes(kernel: Kernel, symbolBytes: number, columnCount: number): Uint8Array {
  kernel.configure(shardCount, symbolBytes);
  const width = symbolBytes * columnCount;
  const columnsPtr = kernel.alloc(168 * width);
  fill(kernel.bytes(columnsPtr, 168 * width));
  const columnRootsPtr = kernel.alloc(columnCount * HASH_BYTES);
  const rowNodesPtr = kernel.alloc(shardCount * HASH_BYTES);
  for (let group = 0; group < 2; group++) {
    kernel.encodeColumns({ columnsPtr, rowPitch: width, columnCount, slot: 0 });
    kernel.closeGroup({ columnCount, columnRootsPtr, rowNodesPtr, rowNodePitch: HASH_BYTES });
  }
  const roots = kernel.bytes(columnRootsPtr, columnCount * HASH_BYTES);
  return Uint8Array.of(...roots, ...kernel.bytes(rowNodesPtr, shardCount * HASH_BYTES));
}

/** Roots of rows, more of them than are timed at once. */
function rowRoots(kernel: Kernel, symbolBytes: number): Uint8Array {
  const count = 20;
  kernel.configure(shardCount, symbolBytes);
  const bytes = count * kernel.columnCount * symbolBytes;
  const rowsPtr = kernel.alloc(bytes);
  fill(kernel.bytes(rowsPtr, bytes));
  const rootsPtr = kernel.alloc(count * HASH_BYTES);
  kernel.rowSliverRoots(rowsPtr, count, rootsPtr);
  return kernel.bytes(rootsPtr, count * HASH_BYTES).slice();
}

const widths: HashWidth[] = [2, 3];
test.each(widths)('hashing %i messages side by side gives the digests of one by one', (width) => {
  const asked = { columns: 0, rows: 0 };
  const begin = (what: Hashed) => {
    asked[what]++;
    return width;
  };
  const kernel = new Kernel(simd, { best: width, begin, end: () => undefined });
  for (const symbolBytes of [2, 38, 90, 702]) {
    expect(hashes(kernel, symbolBytes, GROUP_COLUMNS)).toEqual(
      hashes(scalar, symbolBytes, GROUP_COLUMNS),
    );
    expect(rowRoots(kernel, symbolBytes)).toEqual(rowRoots(scalar, symbolBytes));
  }
  expect(asked).toEqual({ columns: 8, rows: 4 }); // one of 16 rows each; the last 4 are not timed
});
