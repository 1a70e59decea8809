import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../src/kernel/kernel.ts';
import { loadKernel } from '../../../src/kernel/load.ts';

const kernels = {
  simd: new Kernel(await loadKernel({ engine: 'simd' })),
  scalar: new Kernel(await loadKernel({ engine: 'scalar' })),
};

const evenBytes = fc
  .uint8Array({ minLength: 2, maxLength: 200 })
  .map((bytes) => bytes.slice(0, bytes.length & ~1));

describe.each(['simd', 'scalar'] as const)('fingerprint, %s', (engine) => {
  const kernel = kernels[engine];
  const fingerprint = (bytes: Uint8Array, offset: number) => {
    const mark = kernel.mark();
    const ptr = kernel.alloc(bytes.length);
    kernel.bytes(ptr, bytes.length).set(bytes);
    const sum = kernel.fingerprint(ptr, bytes.length, offset);
    kernel.release(mark);
    return sum;
  };

  it('is the sum of those of the pieces, wherever the blob is cut', () => {
    fc.assert(
      fc.property(evenBytes, fc.array(fc.nat(100)), fc.nat(2 ** 40), (bytes, cuts, start) => {
        const ends = [0, ...cuts.map((cut) => (2 * cut) % bytes.length), bytes.length];
        ends.sort((a, b) => a - b);
        const sums = ends
          .slice(1)
          .map((end, i) => fingerprint(bytes.slice(ends[i], end), 2 * start + (ends[i] ?? 0)));
        expect(sums.reduce((sum, part) => (sum + part) | 0, 0)).toBe(fingerprint(bytes, 2 * start));
      }),
    );
  });

  it('differs when a byte changes, or two pieces change their places', () => {
    fc.assert(
      fc.property(evenBytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, change) => {
        const index = at % bytes.length;
        const other = bytes.with(index, (bytes[index] ?? 0) ^ change);
        expect(fingerprint(other, 0)).not.toBe(fingerprint(bytes, 0));
      }),
    );
    const [a, b] = [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), Uint8Array.of(5, 6, 7, 8, 1, 2, 3, 4)];
    expect(fingerprint(a, 0)).not.toBe(fingerprint(b, 0));
  });

  it('does not depend on zeros behind the blob', () => {
    expect(fingerprint(Uint8Array.of(1, 2, 3, 0, 0, 0, 0, 0), 6)).toBe(
      fingerprint(Uint8Array.of(1, 2, 3, 0), 6),
    );
  });
});
