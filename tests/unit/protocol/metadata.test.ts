import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBlobId } from '../../../src/protocol/blob-id.ts';
import type { MalformedReason } from '../../../src/protocol/errors.ts';
import { maxBlobBytes } from '../../../src/protocol/geometry.ts';
import { blobIdFor } from '../../../src/protocol/merkle.ts';
import {
  type BlobMetadata,
  decodeMetadata,
  encodeMetadata,
  metadataBytes,
  sliverHash,
  splitMetadataWithId,
} from '../../../src/protocol/metadata.ts';
import { openMetadata, verifyMetadata } from '../../../src/protocol/verify-metadata.ts';
import { countAllocations } from '../../support/allocations.ts';
import { expectError } from '../../support/expect-error.ts';

const someMetadata: fc.Arbitrary<BlobMetadata> = fc.integer({ min: 4, max: 200 }).chain((n) =>
  fc
    .record({
      unencodedBytes: fc.integer({ min: 0, max: maxBlobBytes(n) }),
      shardCount: fc.constant(n),
      pairHashes: fc.uint8Array({ minLength: n * 64, maxLength: n * 64, size: 'max' }),
      emptyHashes: fc.uniqueArray(fc.nat(2 * n - 1), { maxLength: 3 }),
    })
    .map(({ emptyHashes, ...metadata }) => {
      for (const at of emptyHashes) metadata.pairHashes.fill(0, at * 32, at * 32 + 32);
      const sorted = emptyHashes.sort((a, b) => a - b);
      return sorted.length > 0 ? { ...metadata, emptyHashes: sorted } : metadata;
    }),
);

function honest(shardCount = 7, unencodedBytes = 1000): BlobMetadata {
  const pairHashes = new Uint8Array(shardCount * 64).map((_, i) => (i * 7) & 255);
  return { unencodedBytes, shardCount, pairHashes };
}

function claimFor(metadata: BlobMetadata) {
  const blobId = formatBlobId(blobIdFor(metadata).blobId);
  return { shardCount: metadata.shardCount, blobId, metadata: encodeMetadata(metadata) };
}

function edit(bytes: Uint8Array, at: number, remove: number, ...insert: number[]): Uint8Array {
  return Uint8Array.of(...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + remove));
}

describe('metadata codec', () => {
  it('goes there and back', () => {
    fc.assert(
      fc.property(someMetadata, (metadata) => {
        const bytes = encodeMetadata(metadata);
        expect(decodeMetadata(bytes)).toEqual(metadata);
        const empties = metadata.emptyHashes?.length ?? 0;
        expect(bytes).toHaveLength(metadataBytes(metadata.shardCount) - 32 * empties);
      }),
    );
  });

  const bytes = encodeMetadata(honest());
  const manyShards = Uint8Array.of(...bytes.subarray(0, 10), 0xff, 0xff, 0xff, 0xff, 0x07);
  const cases: [what: string, bytes: Uint8Array, reason: MalformedReason][] = [
    ['nothing', new Uint8Array(), 'truncated'],
    ['an unknown version', edit(bytes, 0, 1, 1), 'tag'],
    ['the retired encoding', edit(bytes, 1, 1, 0), 'encoding-type'],
    ['an unknown encoding', edit(bytes, 1, 1, 2), 'encoding-type'],
    ['a long form of the version', edit(bytes, 0, 1, 0x80, 0), 'varint'],
    ['a long form of the encoding', edit(bytes, 1, 1, 0x81, 0), 'varint'],
    ['a long form of the count', edit(bytes, 10, 1, 0x87, 0), 'varint'],
    ['a length over 2^53', edit(bytes, 2, 8, 0, 0, 0, 0, 0, 0, 0x20, 0), 'length'],
    ['the largest u64 as length', edit(bytes, 2, 8, ...Array(8).fill(255)), 'length'],
    ['three shards', edit(bytes, 10, 1, 3), 'count'],
    ['a claim of 2^31 - 1 shards', manyShards, 'count'],
    ['a count over 2^31 - 1', edit(manyShards, 14, 1, 0x08), 'varint'],
    ['an endless count', edit(bytes, 10, 1, ...Array(9).fill(0x80)), 'varint'],
    ['one shard too many', edit(bytes, 10, 1, 8), 'truncated'],
    ['one shard too few', edit(bytes, 10, 1, 6), 'trailing-bytes'],
    ['a node of an unknown kind', edit(bytes, 11, 1, 2), 'tag'],
    ['one byte more', edit(bytes, bytes.length, 0, 0), 'trailing-bytes'],
  ];
  it.each(cases)('refuses %s', (_, malformed, reason) => {
    expectError(() => decodeMetadata(malformed), 'metadata-malformed', { reason });
  });

  it('refuses every shorter version of itself', () => {
    for (let length = 0; length < bytes.length; length++) {
      const short = bytes.subarray(0, length);
      expectError(() => decodeMetadata(short), 'metadata-malformed', { reason: 'truncated' });
    }
  });

  it('refuses another shard count before it allocates', () => {
    const detail = { field: 'shard-count', expected: '7', actual: '2147483647' } as const;
    expectError(() => decodeMetadata(manyShards, 7), 'metadata-mismatch', detail);
  });

  it('allocates nothing for a claim that the bytes cannot hold', () => {
    const claim = Uint8Array.of(...bytes.subarray(0, 10), 0x83, 0x80, 0x03); // 49,155 shards
    const { bytes: allocated } = countAllocations(() => {
      expectError(() => decodeMetadata(claim), 'metadata-malformed', { reason: 'truncated' });
    });
    expect(allocated).toBeLessThan(1000);
  });

  it('keeps what it was given apart from what it read', () => {
    const own = bytes.slice();
    const metadata = decodeMetadata(own);
    own.fill(9);
    expect(metadata).toEqual(honest());
  });

  it('does not write hashes of a wrong length', () => {
    const wrong = { ...honest(), pairHashes: new Uint8Array(7 * 64 - 1) };
    expectError(() => encodeMetadata(wrong), 'argument-invalid', { name: 'pairHashes' });
  });
});

describe('splitMetadataWithId', () => {
  it('parts ID and metadata', () => {
    const bytes = Uint8Array.from({ length: 50 }, (_, i) => i);
    const { blobId, metadata } = splitMetadataWithId(bytes);
    expect(blobId).toEqual(bytes.slice(0, 32));
    expect(metadata).toEqual(bytes.slice(32));
  });

  it('refuses less than an ID', () => {
    expectError(() => splitMetadataWithId(new Uint8Array(31)), 'metadata-malformed');
  });
});

describe('sliverHash', () => {
  it('takes pair order into account', () => {
    const metadata = honest();
    expect(sliverHash(metadata, 'primary', 2)).toEqual(metadata.pairHashes.slice(128, 160));
    expect(sliverHash(metadata, 'secondary', 2)).toEqual(metadata.pairHashes.slice(288, 320));
  });

  it('has none where the metadata has no digest', () => {
    const metadata = { ...honest(), emptyHashes: [9] };
    expect(sliverHash(metadata, 'secondary', 2)).toBeUndefined();
    expect(sliverHash(metadata, 'primary', 4)).toBeDefined();
  });

  it.each([-1, 7, 1.5])('refuses index %d of 7', (index) => {
    expectError(() => sliverHash(honest(), 'primary', index), 'argument-invalid');
  });
});

describe('verifyMetadata', () => {
  it('accepts any metadata under its own ID, and gives the sizes', () => {
    fc.assert(
      fc.property(someMetadata, (metadata) => {
        const claim = claimFor(metadata);
        const { summary, metadata: read } = openMetadata(claim);
        expect(summary).toMatchObject(claim);
        expect(summary.unencodedBytes).toBe(metadata.unencodedBytes);
        expect(read).toEqual(metadata);
      }),
    );
  });

  it('accepts none with a single bit changed', () => {
    const claim = claimFor(honest());
    for (let bit = 0; bit < claim.metadata.length * 8; bit++) {
      const metadata = claim.metadata.slice();
      metadata[bit >> 3] = (metadata[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => verifyMetadata({ ...claim, metadata })).toThrowError(/metadata/);
    }
  });

  it('tells the ID that the metadata has', () => {
    const claim = claimFor(honest());
    const other = claimFor(honest(7, 1001));
    const detail = { field: 'blob-id', expected: claim.blobId, actual: other.blobId } as const;
    const swapped = { ...claim, metadata: other.metadata };
    expectError(() => verifyMetadata(swapped), 'metadata-mismatch', detail);
  });

  it('refuses a true ID with another shard count', () => {
    const claim = { ...claimFor(honest()), shardCount: 10 };
    expectError(() => verifyMetadata(claim), 'metadata-mismatch', { field: 'shard-count' });
  });

  it('refuses a length that the committee cannot hold, though hash and ID agree', () => {
    const claim = claimFor(honest(7, maxBlobBytes(7) + 1));
    expectError(() => verifyMetadata(claim), 'metadata-malformed', { reason: 'length' });
    expect(verifyMetadata(claimFor(honest(7, maxBlobBytes(7)))).symbolBytes).toBe(65_534);
  });

  it.each([
    ['trailing-bytes', (bytes: Uint8Array) => edit(bytes, bytes.length, 0, 0)],
    ['trailing-bytes', (bytes: Uint8Array) => edit(bytes, bytes.length, 0, ...Array(9999).fill(0))],
    ['tag', (bytes: Uint8Array) => edit(bytes, 0, 1, ...Array(9999).fill(1))],
  ] as const)('names %s in what is too long', (reason, change) => {
    const claim = claimFor(honest());
    const metadata = change(claim.metadata);
    expectError(() => verifyMetadata({ ...claim, metadata }), 'metadata-malformed', { reason });
  });

  it('refuses bad arguments of its caller by their own codes', () => {
    const claim = claimFor(honest());
    expectError(() => verifyMetadata({ ...claim, shardCount: 3 }), 'shard-count-unsupported');
    expectError(() => verifyMetadata({ ...claim, blobId: 'x' }), 'blob-id-malformed');
  });

  it('gives a copy that later changes of the input do not reach', () => {
    const claim = claimFor(honest());
    const { metadata } = verifyMetadata(claim);
    const before = metadata.slice();
    claim.metadata.fill(0);
    expect(metadata).toEqual(before);
  });
});
