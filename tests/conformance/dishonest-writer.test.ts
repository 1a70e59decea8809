import { concatBytes } from '@noble/hashes/utils.js';
import { afterAll, describe, expect, it } from 'vitest';
import { type Axis, createEncoder } from '../../src/index.ts';
import { formatBlobId } from '../../src/protocol/blob-id.ts';
import { blobIdFor, merkleProof } from '../../src/protocol/merkle.ts';
import { type BlobMetadata, decodeMetadata, encodeMetadata } from '../../src/protocol/metadata.ts';
import { encodeRecoverySymbol } from '../../src/protocol/recovery-symbol.ts';
import { referenceEncode } from '../support/reference.ts';
import { generateInput } from '../support/vectors.ts';

/**
 * Blobs whose metadata is true to its ID and whose slivers each fit the metadata, but which are no
 * correct encoding. Whatever slivers a reader holds, it must get the one blob or none.
 */

const n = 7;
const [rows, columns] = [3, 5];
const encoder = createEncoder();
afterAll(() => encoder.close());

const a = referenceEncode(n, generateInput({ kind: 'xorshift32', seed: 21, length: 400 }));
const b = referenceEncode(n, generateInput({ kind: 'xorshift32', seed: 22, length: 400 }));

function claimOf(metadata: BlobMetadata) {
  const blobId = formatBlobId(blobIdFor(metadata).blobId);
  return { shardCount: n, blobId, metadata: encodeMetadata(metadata) };
}

/** Commits to blob a, but for the pairs from `from` on to blob b. */
function mixedClaim(from: number) {
  const [ours, theirs] = [decodeMetadata(a.metadata), decodeMetadata(b.metadata)];
  const pairHashes = ours.pairHashes.slice();
  pairHashes.set(theirs.pairHashes.subarray(from * 64), from * 64);
  return claimOf({ ...ours, pairHashes });
}

const blobOfA = generateInput({ kind: 'xorshift32', seed: 21, length: 400 });

describe('two blobs mixed under one ID', () => {
  const claim = mixedClaim(rows);
  const slivers = [...a.primarySlivers.slice(0, rows), ...b.primarySlivers.slice(rows)];

  it('has slivers that all pass on their own', async () => {
    for (const [sliverPairIndex, sliver] of slivers.entries()) {
      await encoder.verifySliver({ ...claim, axis: 'primary', sliverPairIndex, sliver });
    }
  });

  it('gives the same blob to a reader of the rows', async () => {
    const held = slivers.slice(0, rows);
    const blob = await encoder.decodeBlob({ ...claim, axis: 'primary', slivers: held });
    expect(blob).toEqual(blobOfA);
  });

  it('is refused to every reader who needs a sliver of the other blob', async () => {
    const choices = [0, 1, 2].flatMap((from) => [slivers.slice(from + 1, from + 1 + rows)]);
    for (const held of choices) {
      const decoded = encoder.decodeBlob({ ...claim, axis: 'primary', slivers: held });
      await expect(decoded).rejects.toMatchObject({
        code: 'blob-inconsistent',
        detail: { blobId: claim.blobId },
      });
    }
  });

  it('is refused to a strict reader in any case', async () => {
    const held = slivers.slice(0, rows);
    const job = { ...claim, axis: 'primary', slivers: held, consistency: 'strict' } as const;
    await expect(encoder.decodeBlob(job)).rejects.toMatchObject({ code: 'blob-inconsistent' });
  });

  it('is found out by recovery: true symbols give a sliver that is not the committed one', async () => {
    // Row 1 is of blob a; the columns of pairs 3 and up are of blob b.
    const mixed = mixedClaim(0 + rows);
    const symbols = Array.from({ length: n }, (_, column) => {
      const from = n - 1 - column >= rows ? b : a;
      const leaves = from.leaves.map((row) => row[column] ?? new Uint8Array());
      const proof = merkleProof(concatBytes(...leaves), 1);
      const data = from.matrix[1]?.[column] ?? new Uint8Array();
      return encodeRecoverySymbol({ index: column, data, proof });
    }).slice(0, columns);
    const job = { ...mixed, axis: 'primary' as Axis, sliverIndex: 1, symbols };
    await expect(encoder.recoverSliver(job)).rejects.toMatchObject({ code: 'blob-inconsistent' });
  });
});

describe('bytes hidden behind the end of a blob', () => {
  // The same symbols, but the length says that the last eight bytes are padding.
  const full = decodeMetadata(a.metadata);
  const claim = claimOf({ ...full, unencodedBytes: 392 });

  it.each([
    ['the rows', 'primary', a.primarySlivers.slice(0, rows)],
    ['repair rows', 'primary', a.primarySlivers.slice(-rows)],
    ['the columns', 'secondary', a.secondarySlivers.slice(-columns)],
    ['repair columns', 'secondary', a.secondarySlivers.slice(0, columns)],
  ] as const)('are refused to a reader of %s', async (_, axis, slivers) => {
    const decoded = encoder.decodeBlob({ ...claim, axis, slivers });
    await expect(decoded).rejects.toMatchObject({ code: 'blob-inconsistent' });
  });
});

describe('a hash that is no digest', () => {
  const full = decodeMetadata(a.metadata);
  const hollow = (at: number) => {
    const pairHashes = full.pairHashes.slice();
    pairHashes.fill(0, at * 32, at * 32 + 32);
    return claimOf({ ...full, pairHashes, emptyHashes: [at] });
  };

  it('is fitted by no sliver', async () => {
    const sliver = a.primarySlivers[6] ?? new Uint8Array();
    const check = encoder.verifySliver({
      ...hollow(12),
      axis: 'primary',
      sliverPairIndex: 6,
      sliver,
    });
    await expect(check).rejects.toMatchObject({ code: 'sliver-mismatch' });
  });

  it('spoils a blob only where a row would have to fit it', async () => {
    const slivers = a.primarySlivers.slice(0, rows);
    const read = (at: number) => encoder.decodeBlob({ ...hollow(at), axis: 'primary', slivers });
    expect(await read(12)).toEqual(blobOfA);
    await expect(read(2)).rejects.toMatchObject({ code: 'not-enough-slivers' });
  });
});

describe('lying holders', () => {
  const claim = claimOf(decodeMetadata(a.metadata));
  const forge = (sliver: Uint8Array) => {
    const bytes = sliver.slice();
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    return bytes;
  };

  it('cost nothing as long as enough true slivers are there', async () => {
    const forged = a.primarySlivers.slice(0, n - rows).map(forge);
    const slivers = [...forged, ...a.primarySlivers.slice(n - rows)];
    expect(await encoder.decodeBlob({ ...claim, axis: 'primary', slivers })).toEqual(blobOfA);
  });

  it('do not push out a true sliver by a forged one of the same index', async () => {
    const honest = a.primarySlivers.slice(0, rows);
    const slivers = [...honest.map(forge), ...honest];
    expect(await encoder.decodeBlob({ ...claim, axis: 'primary', slivers })).toEqual(blobOfA);
  });

  it('are told from a dishonest writer', async () => {
    const slivers = a.primarySlivers.map(forge);
    const decoded = encoder.decodeBlob({ ...claim, axis: 'primary', slivers });
    await expect(decoded).rejects.toMatchObject({ code: 'not-enough-slivers' });
  });
});
