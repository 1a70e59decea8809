import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import { blake2b256 } from '../../src/protocol/merkle.ts';
import { sha256Of } from '../support/node-hash.ts';
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
