import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readCommitment,
  readMarker,
  writeCommitment,
  writeMarker,
} from '../../../src/chain/marker.ts';
import { expectError } from '../../support/expect-error.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const markers = fc.record({
  pagePublicKey: fc.tuple(fc.constantFrom(2, 3), bytes(32)).map(([p, x]) => Uint8Array.of(p, ...x)),
  batchId: bytes(16),
});

describe('a marker', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(markers, (marker) => {
        const written = writeMarker(marker);
        expect(written.length).toBe(54);
        expect(readMarker(written)).toEqual(marker);
      }),
    );
  });

  it('is not found in anything else', () => {
    const written = writeMarker({
      pagePublicKey: Uint8Array.of(2, ...new Uint8Array(32)),
      batchId: new Uint8Array(16),
    });
    for (const at of [0, 1, 2, 3, 4, 5]) {
      const other = written.slice();
      other[at] = 0xff; // another magic, a later version, not a point
      expect(readMarker(other)).toBeUndefined();
    }
    expect(readMarker(written.subarray(1))).toBeUndefined();
    expect(readMarker(Uint8Array.of(...written, 0))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array(), (some) => readMarker(some) === undefined));
  });

  it('takes keys and batch IDs of the right length only', () => {
    const batchId = new Uint8Array(16);
    expectError(
      () => writeMarker({ pagePublicKey: new Uint8Array(32), batchId }),
      'argument-invalid',
    );
    expectError(
      () => writeMarker({ pagePublicKey: new Uint8Array(33), batchId: new Uint8Array(15) }),
      'argument-invalid',
    );
  });
});

describe('a commitment', () => {
  it('is read as it was written, and holds what a relay looks for', () => {
    const commitments = fc.record({
      ...{ blobDigest: bytes(32), nonceDigest: bytes(32), unencodedBytes: fc.maxSafeNat() },
    });
    fc.assert(
      fc.property(commitments, (commitment) => {
        const written = writeCommitment(commitment);
        expect(written.length).toBe(72);
        expect(readCommitment(written)).toEqual(commitment);
        expect(new DataView(written.buffer).getBigUint64(64, true)).toBe(
          BigInt(commitment.unencodedBytes),
        );
      }),
    );
  });

  it('is not found where a length cannot be', () => {
    expect(readCommitment(new Uint8Array(72).fill(0xff))).toBeUndefined();
    expect(readCommitment(new Uint8Array(71))).toBeUndefined();
  });
});
