import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import { committeeShape } from '../../src/protocol/geometry.ts';
import { blake2b256 } from '../../src/protocol/merkle.ts';
import { sha256Of } from '../support/node-hash.ts';
import { repairElement } from '../support/reference-code.ts';
import { generateInput, loadFixture } from '../support/vectors.ts';

const { cases } = await loadFixture('rs');

describe.each(['simd', 'scalar'] as const)('%s engine', async (engine) => {
  const module = await loadKernel({ engine });

  it('makes the repair symbols of every case of rs.json', () => {
    const kernel = new Kernel(module);
    kernel.configure(4, 2);
    const start = kernel.mark();
    const differ = cases.filter(({ k, m, shardBytes, seed, recoveryHex, recoverySha256 }) => {
      const source = kernel.alloc(k * shardBytes);
      const target = kernel.alloc(m * shardBytes);
      const data = generateInput({ kind: 'xorshift32', seed, length: k * shardBytes });
      kernel.bytes(source, data.length).set(data);
      kernel.rsEncodeSymbols(k, m, shardBytes, source, target);
      const repair = kernel.bytes(target, m * shardBytes);
      const same = recoveryHex
        ? bytesToHex(repair) === recoveryHex.join('')
        : sha256Of(repair) === recoverySha256;
      kernel.release(start);
      return !same;
    });
    expect(cases).toHaveLength(301);
    expect(differ.map(({ k, m, shardBytes }) => [k, m, shardBytes])).toEqual([]);
  });

  // Larger committees than any today; no vectors reach there. One symbol is one field element.
  it.each([1025, 1537, 4096, 24_577, 49_155])('extends and decodes codes of %i shards', (n) => {
    const kernel = new Kernel(module);
    const { rowCount, columnCount } = committeeShape(n);
    for (const [code, axis, k] of [
      ['column', 'secondary', rowCount],
      ['row', 'primary', columnCount],
    ] as const) {
      kernel.configure(n, 2);
      const [dataPtr, targetPtr] = [kernel.alloc(2 * n), kernel.alloc(2 * k)];
      const data = generateInput({ kind: 'xorshift32', seed: n, length: 2 * k });
      kernel.bytes(dataPtr, 2 * k).set(data);
      const repairPtr = dataPtr + 2 * k;
      kernel.expandSliver({ axis, dataPtr, repairPtr, leavesPtr: kernel.alloc(32 * n) });
      const all = new Uint16Array(kernel.bytes(dataPtr, 2 * n).slice().buffer);
      for (const i of [0, 1, Math.floor((n - k) / 2), n - k - 1]) {
        expect(all[k + i], `repair symbol ${i}`).toBe(repairElement(all.subarray(0, k), n - k, i));
      }
      const indices = Uint16Array.from({ length: k }, (_, i) => n - k + i);
      kernel.decode({
        ...{ code, indices, sourcePtr: dataPtr + 2 * (n - k), sourcePitch: 2, laneCount: 1 },
        ...{ targetPtr, targetPointPitch: 2, targetLanePitch: 2 * k },
      });
      expect(Buffer.compare(kernel.bytes(targetPtr, 2 * k), data)).toBe(0);
    }
  });

  it('hashes any bytes', () => {
    const kernel = new Kernel(module);
    kernel.configure(4, 2);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700, size: 'max' }), fc.nat(63), (bytes, shift) => {
        const mark = kernel.mark();
        const ptr = kernel.alloc(bytes.length + 64) + shift;
        const out = kernel.alloc(32);
        kernel.bytes(ptr, bytes.length).set(bytes);
        kernel.blake2b256(ptr, bytes.length, out);
        expect(kernel.bytes(out, 32)).toEqual(blake2b256(bytes));
        kernel.release(mark);
      }),
    );
  });
});
