import { type Geometry, geometryFor } from '../../protocol/geometry.ts';
import type { BlobMetadata } from '../../protocol/metadata.ts';
import { openMetadata } from '../../protocol/verify-metadata.ts';

const KEPT = 64;

/** Metadata that was verified against its blob ID. */
export interface OpenedMetadata {
  readonly blobId: string;
  /** BCS, without the ID in front */
  readonly bytes: Uint8Array;
  readonly metadata: BlobMetadata;
  readonly geometry: Geometry;
}

/**
 * The metadata verified last. Hashing it takes longer than most slivers do, every sliver needs it, and all nodes of
 * one process get the same bytes: equal bytes need no second verification.
 */
export class MetadataShelf {
  readonly #shardCount: number;
  readonly #kept = new Map<string, OpenedMetadata>();

  constructor(shardCount: number) {
    this.#shardCount = shardCount;
  }

  /** What was verified for this ID before: an ID commits to one metadata only. */
  known(blobId: string): OpenedMetadata | undefined {
    return this.#kept.get(blobId);
  }

  /** @throws HauloutError 'metadata-malformed', 'metadata-mismatch' */
  verify(blobId: string, bytes: Uint8Array): OpenedMetadata {
    const known = this.#kept.get(blobId);
    if (known !== undefined && Buffer.compare(known.bytes, bytes) === 0) return known;
    const { summary, metadata } = openMetadata({
      shardCount: this.#shardCount,
      blobId,
      metadata: bytes,
    });
    const geometry = geometryFor(this.#shardCount, metadata.unencodedBytes);
    const opened = { blobId, bytes: summary.metadata, metadata, geometry };
    if (this.#kept.size >= KEPT) {
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    }
    this.#kept.set(blobId, opened);
    return opened;
  }
}
