import type { BlobHead } from '../../engine/read-questions.ts';
import type { RowNews } from '../../transfer/read/read-types.ts';

/** A service worker that answers for blobs under the app's own address. */
export interface Gateway {
  /** @throws if it gives no answer about the blob */
  head(blobId: string): Promise<BlobHead>;
  /** @param download name under which a browser saves it, instead of showing it */
  url(blobId: string, download?: string): string;
  /** The first bytes. */
  first(blobId: string, bytes: number): Promise<Blob>;
  /** Tells of rows that were handed out, now and before. @returns ends it */
  follow(blobId: string, onRows: (rows: readonly RowNews[]) => void): () => void;
}
