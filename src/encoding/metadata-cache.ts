import type { BlobMetadata } from '../protocol/metadata.ts';
import { type MetadataClaim, openMetadata } from '../protocol/verify-metadata.ts';
import { sameBytes } from './same-bytes.ts';

const KEPT = 4; // blobs whose slivers are being verified at the same time

interface Entry {
  readonly claim: MetadataClaim;
  readonly metadata: BlobMetadata;
}

/**
 * Remembers the last metadata that was verified: the slivers of one blob are verified one by one,
 * and each call brings the metadata along, which takes longer to hash than a sliver.
 */
export class MetadataCache {
  #entries: Entry[] = [];

  /**
   * Metadata that has been verified against its blob ID.
   *
   * @throws HauloutError as `verifyMetadata`
   */
  open(claim: MetadataClaim): BlobMetadata {
    const known = this.#entries.find((entry) => sameClaim(entry.claim, claim));
    if (known !== undefined) return known.metadata;
    const { summary, metadata } = openMetadata(claim);
    const { shardCount, blobId } = summary;
    // The summary's copy cannot be changed by the caller after it was verified.
    this.#entries.unshift({ claim: { shardCount, blobId, metadata: summary.metadata }, metadata });
    this.#entries.length = Math.min(this.#entries.length, KEPT);
    return metadata;
  }
}

function sameClaim(a: MetadataClaim, b: MetadataClaim): boolean {
  const named = a.shardCount === b.shardCount && a.blobId === b.blobId;
  return named && sameBytes(a.metadata, b.metadata);
}
