import { expect, test } from 'vitest';
import type { HashWidth } from '../../src/kernel/hash-width.ts';
import { GROUP_COLUMNS, HASH_BYTES, Kernel } from '../../src/kernel/kernel.ts';
import { loadKernel } from '../../src/kernel/load.ts';

const shardCount = 502;
const simd = await loadKernel({ engine: 'simd' });
const scalar = new Kernel(await loadKernel({ engine: 'scalar' }));

/** Roots and row nodes of two groups of columns, the second one hashed as the first one left it. */
function hashes(kernel: Kernel, symbolBytes: number, columnCount: number): Uint8Array {
  kernel.configure(shardCount, symbolBytes);
  const width = symbolBytes * columnCount;
  const columnsPtr = kernel.alloc(168 * width);
  for (let i = 0; i < 168 * width; i++) {
    kernel.bytes(columnsPtr, 168 * width)[i] = Math.imul(i + 1, 0x9e3779b1) >>> 17;
  }
  const columnRootsPtr = kernel.alloc(columnCount * HASH_BYTES);
  const rowNodesPtr = kernel.alloc(shardCount * HASH_BYTES);
  for (let group = 0; group < 2; group++) {
    kernel.encodeColumns({ columnsPtr, rowPitch: width, columnCount, slot: 0 });
    kernel.closeGroup({ columnCount, columnRootsPtr, rowNodesPtr, rowNodePitch: HASH_BYTES });
  }
  const roots = kernel.bytes(columnRootsPtr, columnCount * HASH_BYTES);
  return Uint8Array.of(...roots, ...kernel.bytes(rowNodesPtr, shardCount * HASH_BYTES));
}

const widths: HashWidth[] = [2, 3];
test.each(widths)('hashing %i messages side by side gives the digests of one by one', (width) => {
  let asked = 0;
  const begin = () => {
    asked++;
    return width;
  };
  const kernel = new Kernel(simd, { begin, end: () => undefined });
  for (const symbolBytes of [2, 38, 90, 702]) {
    expect(hashes(kernel, symbolBytes, GROUP_COLUMNS)).toEqual(
      hashes(scalar, symbolBytes, GROUP_COLUMNS),
    );
  }
  expect(asked).toBe(8);
});
