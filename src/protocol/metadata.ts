import type { Axis } from './axis.ts';
import { BLOB_ID_BYTES } from './blob-id.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter, ulebBytes } from './byte-writer.ts';
import { HauloutError } from './errors.ts';
import { MAX_SHARD_COUNT, MIN_SHARD_COUNT } from './geometry.ts';
import { pairOfSliver, sliverIndex } from './sliver-mapping.ts';

export const HASH_BYTES = 32;
export const RS2_ENCODING = 1; // the only encoding in use; 0 is retired

const V1 = 0;
const EMPTY = 0;
const DIGEST = 1;
const HEADER_BYTES = 10; // version, encoding, u64 length

/** The commitments of one blob: what its slivers must hash to. */
export interface BlobMetadata {
  readonly unencodedBytes: number;
  readonly shardCount: number;
  /** 64 bytes per sliver pair: hash of the primary sliver, hash of the secondary one */
  readonly pairHashes: Uint8Array;
  /**
   * Positions in `pairHashes`, in hashes, that are the Empty node instead of a digest; their bytes
   * are zero. No honest writer has any, but the format allows them, and no sliver fits them.
   */
  readonly emptyHashes?: readonly number[];
}

/** Bytes of BCS metadata with a digest in every place, as honest writers make it. */
export function metadataBytes(shardCount: number): number {
  return HEADER_BYTES + ulebBytes(shardCount) + shardCount * 2 * (1 + HASH_BYTES);
}

/** Writes BCS BlobMetadata, without the blob ID in front. */
export function encodeMetadata(metadata: BlobMetadata): Uint8Array {
  const { shardCount, pairHashes, unencodedBytes } = metadata;
  if (pairHashes.length !== shardCount * 2 * HASH_BYTES) {
    throw new HauloutError('argument-invalid', { name: 'pairHashes', reason: 'wrong length' });
  }
  const empty = new Set(metadata.emptyHashes);
  const writer = new ByteWriter(metadataBytes(shardCount) - empty.size * HASH_BYTES);
  writer.u8(V1).u8(RS2_ENCODING).u64(unencodedBytes).uleb(shardCount);
  for (let i = 0; i < shardCount * 2; i++) {
    if (empty.has(i)) writer.u8(EMPTY);
    else writer.u8(DIGEST).raw(pairHashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
  }
  return writer.bytes;
}

/**
 * Reads BCS BlobMetadata strictly. Nothing is verified here, see `verifyMetadata`.
 *
 * @param shardCount the committee's size if it is known: checked before anything is allocated
 * @throws HauloutError 'metadata-malformed', 'metadata-mismatch' (another shard count)
 */
export function decodeMetadata(bytes: Uint8Array, shardCount?: number): BlobMetadata {
  const reader = new ByteReader(bytes, 'metadata-malformed');
  if (reader.uleb() !== V1) reader.fail('tag');
  if (reader.uleb() !== RS2_ENCODING) reader.fail('encoding-type');
  const unencodedBytes = reader.length64();
  const count = reader.uleb();
  if (shardCount !== undefined && count !== shardCount) {
    const [expected, actual] = [String(shardCount), String(count)];
    throw new HauloutError('metadata-mismatch', { field: 'shard-count', expected, actual });
  }
  if (count < MIN_SHARD_COUNT || count > MAX_SHARD_COUNT) reader.fail('count');
  if (count * 2 > reader.left) reader.fail('truncated');
  const pairHashes = new Uint8Array(count * 2 * HASH_BYTES);
  const emptyHashes: number[] = [];
  for (let i = 0; i < count * 2; i++) {
    const tag = reader.uleb();
    if (tag === DIGEST) pairHashes.set(reader.take(HASH_BYTES), i * HASH_BYTES);
    else if (tag === EMPTY) emptyHashes.push(i);
    else reader.fail('tag');
  }
  reader.end();
  const metadata = { unencodedBytes, shardCount: count, pairHashes };
  return emptyHashes.length > 0 ? { ...metadata, emptyHashes } : metadata;
}

/**
 * Splits what a storage node answers, blob ID and metadata, without reading either. The ID is the
 * node's claim: compare it with the one asked for.
 *
 * @throws HauloutError 'metadata-malformed'
 */
export function splitMetadataWithId(bytes: Uint8Array): {
  blobId: Uint8Array;
  metadata: Uint8Array;
} {
  const reader = new ByteReader(bytes, 'metadata-malformed');
  return { blobId: reader.take(BLOB_ID_BYTES), metadata: reader.take(reader.left) };
}

/**
 * The 32 bytes that a sliver must hash to, as a view; undefined where the metadata has no digest.
 *
 * @throws HauloutError 'argument-invalid' if `index` is not below the shard count
 */
export function sliverHash(
  metadata: BlobMetadata,
  axis: Axis,
  index: number,
): Uint8Array | undefined {
  const { shardCount, pairHashes, emptyHashes } = metadata;
  const pair = pairOfSliver(sliverIndex(index, shardCount), axis, shardCount);
  const at = pair * 2 + (axis === 'primary' ? 0 : 1);
  if (emptyHashes?.includes(at)) return undefined;
  return pairHashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
}
