import { formatBlobId, parseBlobId } from './blob-id.ts';
import type { BlobSummary } from './blob-summary.ts';
import { HauloutError } from './errors.ts';
import { committeeShape, encodedLength, geometryFor, maxBlobBytes } from './geometry.ts';
import { blobIdFor } from './merkle.ts';
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

/** `verifyMetadata`, which also gives the metadata read. */
export function openMetadata(claim: MetadataClaim): {
  summary: BlobSummary;
  metadata: BlobMetadata;
} {
  const { shardCount } = committeeShape(claim.shardCount);
  const expected = formatBlobId(parseBlobId(claim.blobId));
  if (claim.metadata.length > metadataBytes(shardCount)) {
    decodeMetadata(claim.metadata, shardCount); // says what is wrong with it
    throw new HauloutError('metadata-malformed', { reason: 'trailing-bytes' });
  }
  const bytes = claim.metadata.slice();
  const metadata = decodeMetadata(bytes, shardCount);
  const { unencodedBytes } = metadata;
  if (unencodedBytes > maxBlobBytes(shardCount)) {
    throw new HauloutError('metadata-malformed', { reason: 'length', offset: 2 });
  }
  const { rootHash, blobId } = blobIdFor(metadata);
  const actual = formatBlobId(blobId);
  if (actual !== expected) {
    throw new HauloutError('metadata-mismatch', { field: 'blob-id', expected, actual });
  }
  const { symbolBytes } = geometryFor(shardCount, unencodedBytes);
  const encodedBytes = encodedLength(unencodedBytes, shardCount);
  const summary = { blobId: actual, rootHash, metadata: bytes, shardCount, symbolBytes };
  return { summary: { ...summary, unencodedBytes, encodedBytes }, metadata };
}
