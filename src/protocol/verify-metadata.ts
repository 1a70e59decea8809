import { formatBlobId, parseBlobId } from './blob-id.ts';
import type { BlobSummary } from './blob-summary.ts';
import { HauloutError } from './errors.ts';
import { committeeShape, encodedLength, geometryFor, maxBlobBytes } from './geometry.ts';
import { blobIdFor, blobIdOf } from './merkle.ts';
import { type BlobMetadata, decodeMetadata, metadataBytes } from './metadata.ts';

export interface MetadataClaim {
  readonly shardCount: number;
  /** the ID asked for, as text */
  readonly blobId: string;
  /** BCS BlobMetadata from anywhere */
  readonly metadata: Uint8Array;
}

/**
 * Checks metadata against a blob ID: strict BCS, one pair of hashes per shard, a legal length, and
 * hashes that give exactly this ID. It says nothing about whether the slivers were encoded well.
 *
 * @returns the summary; its `metadata` is a copy that the caller of this function cannot change
 * @throws HauloutError 'shard-count-unsupported', 'blob-id-malformed', 'metadata-malformed',
 *   'metadata-mismatch'
 */
export function verifyMetadata(claim: MetadataClaim): BlobSummary {
  return openMetadata(claim).summary;
}

export interface OpenedMetadata {
  readonly summary: BlobSummary;
  readonly metadata: BlobMetadata;
}

/** `verifyMetadata`, which also gives the metadata read. */
export function openMetadata(claim: MetadataClaim): OpenedMetadata {
  const read = readClaim(claim);
  return confirmClaim(read, blobIdFor(read.metadata).rootHash);
}

/** A claim that can be read, and nothing more: its hashes may be of another blob. */
export interface ReadClaim {
  readonly metadata: BlobMetadata;
  /** a copy that the caller cannot change */
  readonly bytes: Uint8Array;
  /** the blob ID asked for */
  readonly expected: string;
}

/** The first half of `openMetadata`. The hashes are left for `confirmClaim`. */
export function readClaim(claim: MetadataClaim): ReadClaim {
  const { shardCount } = committeeShape(claim.shardCount);
  const expected = formatBlobId(parseBlobId(claim.blobId));
  if (claim.metadata.length > metadataBytes(shardCount)) {
    decodeMetadata(claim.metadata, shardCount); // says what is wrong with it
    throw new HauloutError('metadata-malformed', { reason: 'trailing-bytes' });
  }
  const bytes = claim.metadata.slice();
  const metadata = decodeMetadata(bytes, shardCount);
  if (metadata.unencodedBytes > maxBlobBytes(shardCount)) {
    throw new HauloutError('metadata-malformed', { reason: 'length', offset: 2 });
  }
  return { metadata, bytes, expected };
}

/**
 * The second half.
 *
 * @param rootHash of the pair hashes of `metadata`, whoever computed it
 */
export function confirmClaim(
  { metadata, bytes, expected }: ReadClaim,
  rootHash: Uint8Array,
): OpenedMetadata {
  const { shardCount, unencodedBytes } = metadata;
  const actual = formatBlobId(blobIdOf(rootHash, unencodedBytes));
  if (actual !== expected) {
    throw new HauloutError('metadata-mismatch', { field: 'blob-id', expected, actual });
  }
  const { symbolBytes } = geometryFor(shardCount, unencodedBytes);
  const encodedBytes = encodedLength(unencodedBytes, shardCount);
  const summary = { blobId: actual, rootHash, metadata: bytes, shardCount, symbolBytes };
  return { summary: { ...summary, unencodedBytes, encodedBytes }, metadata };
}
