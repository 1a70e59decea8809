import type { BlobHead } from '../../engine/read-questions.ts';
import type { RowNews } from '../../transfer/read/read-types.ts';

/** A service worker that answers for blobs under the app's own address. */
export interface Gateway {
  /** @throws if it gives no answer about the blob */
  head(blobId: string): Promise<BlobHead>;
  /** @param download name under which a browser saves it, instead of showing it */
  url(blobId: string, download?: string): string;
  /** Where a frame finds it, which the worker does not know for a part of this page. */
  frameUrl(blobId: string): string;
  /** The first bytes. */
  first(blobId: string, bytes: number): Promise<Blob>;
  /** Tells what becomes of what this page is given of a blob. @returns ends it */
  follow(blobId: string, follower: GatewayFollower): () => void;
}

export interface GatewayFollower {
  /** handed out */
  onRows(rows: readonly RowNews[]): void;
  /** an answer could not be given, or not finished */
  onFailed(): void;
}
