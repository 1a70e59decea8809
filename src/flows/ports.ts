import type { BlobIdentity, ComputeOptions } from '../protocol/blob-summary.ts';

/** The part of the encoder that these flows use. */
export interface IdEncoder {
  /**
   * Computes what identifies a blob.
   *
   * @throws HauloutError, 'aborted' soon after the signal of `options` fires
   */
  computeBlobId(source: Blob, options: ComputeOptions): Promise<BlobIdentity>;
}
