import type { BlobMetadata } from '../protocol/metadata.ts';
import { sameBytes } from '../protocol/same-bytes.ts';
import { confirmClaim, type MetadataClaim, readClaim } from '../protocol/verify-metadata.ts';

const KEPT = 4; // blobs whose slivers are being verified at the same time

interface Entry {
  /** what was given last: to compare it byte by byte for every sliver would take long */
  given: Uint8Array;
  /** what was verified: a copy that the caller cannot change */
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
   * Metadata that has been verified against its blob ID. An array that is given again is not read
   * again: no other metadata than the one remembered has this ID.
   *
   * @param rootOf computes the root of the pair hashes
   * @throws HauloutError as `verifyMetadata`
   */
  async open(
    claim: MetadataClaim,
    rootOf: (metadata: BlobMetadata) => Promise<Uint8Array>,
  ): Promise<BlobMetadata> {
    const known = this.#entries.find((entry) => isFor(entry, claim));
    if (known !== undefined) {
      known.given = claim.metadata;
      return known.metadata;
    }
    const read = readClaim(claim);
    const { summary, metadata } = confirmClaim(read, await rootOf(read.metadata));
    const { shardCount, blobId } = summary;
    const verified = { shardCount, blobId, metadata: summary.metadata };
    this.#entries.unshift({ given: claim.metadata, claim: verified, metadata });
    this.#entries.length = Math.min(this.#entries.length, KEPT);
    return metadata;
  }
}

function isFor({ given, claim }: Entry, asked: MetadataClaim): boolean {
  if (claim.shardCount !== asked.shardCount || claim.blobId !== asked.blobId) return false;
  return given === asked.metadata || sameBytes(claim.metadata, asked.metadata);
}
