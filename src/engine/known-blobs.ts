import { openReader } from '../encoding/blob-reader.ts';
import type { StoreEncoder } from '../flows/store/make-pieces.ts';
import type { StoreSource } from '../flows/store/types.ts';
import type { BlobSummary, ComputeOptions } from '../protocol/blob-summary.ts';
import type { Encoder } from '../workers/encoder.ts';

/** An encoder that identifies no `Blob` twice: one that has changed cannot be read. */
export class KnownBlobs implements StoreEncoder {
  readonly #encoder: Encoder;
  readonly #summaries = new WeakMap<Blob, BlobSummary>();
  readonly #named = new Map<number, Blob>();

  constructor(encoder: Encoder) {
    this.#encoder = encoder;
  }

  get encodeBlob() {
    return this.#encoder.encodeBlob;
  }

  get encodeInto() {
    return this.#encoder.encodeInto;
  }

  async computeBlobId(source: StoreSource, options: ComputeOptions): Promise<BlobSummary> {
    const isBlob = source instanceof Blob;
    const known = isBlob ? this.#summaries.get(source) : undefined;
    if (isBlob && known?.shardCount === options.shardCount) {
      // A file may have changed since, or be gone, and then nothing may be paid for it.
      await openReader(source, true).read(0, Math.min(1, source.size));
      return known;
    }
    const summary = await this.#encoder.computeBlobId(source, options);
    if (isBlob) this.#summaries.set(source, summary);
    return summary;
  }

  /** Each message brings a new `Blob` of the same file: the first one is found again by a key. */
  keep(key: number, blob: Blob): void {
    this.#named.set(key, blob);
  }

  named(key: number | undefined, file: File): File {
    const known = key === undefined ? undefined : this.#named.get(key);
    return known instanceof File ? known : file;
  }

  forget(keys: readonly number[]): void {
    for (const key of keys) this.#named.delete(key);
  }
}
