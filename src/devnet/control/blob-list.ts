import type { ChainEvent, ChainPort } from '../chain-port.ts';

/** A blob as the page shows it. */
export interface ListedBlob {
  readonly objectId: string;
  readonly blobId: string;
  readonly size: number;
  readonly deletable: boolean;
  readonly registeredEpoch: number;
  certifiedEpoch: number | undefined;
  /** exclusive; undefined in a storage pool */
  endEpoch: number | undefined;
}

const KEPT = 1_000;

/** The newest blobs of a chain, as its events tell. */
export class BlobList {
  readonly #blobs = new Map<string, ListedBlob>();

  constructor(port: ChainPort) {
    port.subscribe(0, (event) => this.#take(event));
  }

  get count(): number {
    return this.#blobs.size;
  }

  /** newest first */
  newest(limit: number): readonly ListedBlob[] {
    return [...this.#blobs.values()].slice(-limit).reverse();
  }

  #take(event: ChainEvent): void {
    switch (event.kind) {
      case 'blob-registered':
      case 'pooled-blob-registered': {
        const { objectId, blobId, size, deletable, epoch } = event;
        const endEpoch = event.kind === 'blob-registered' ? event.endEpoch : undefined;
        const rest = { registeredEpoch: epoch, certifiedEpoch: undefined, endEpoch };
        this.#blobs.set(objectId, { objectId, blobId, size, deletable, ...rest });
        for (const oldest of this.#blobs.keys()) {
          if (this.#blobs.size <= KEPT) break;
          this.#blobs.delete(oldest);
        }
        return;
      }
      case 'blob-certified':
      case 'pooled-blob-certified': {
        const blob = this.#blobs.get(event.objectId);
        if (blob === undefined) return;
        blob.certifiedEpoch ??= event.epoch;
        if (event.kind === 'blob-certified') blob.endEpoch = event.endEpoch;
        return;
      }
      case 'blob-deleted':
      case 'pooled-blob-deleted':
        this.#blobs.delete(event.objectId);
    }
  }
}
