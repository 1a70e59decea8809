import type { Axis } from '../../protocol/axis.ts';
import type { Clock } from '../../protocol/ports.ts';

/** How much a node keeps of blobs whose registration it has not seen. */
export interface PendingLimits {
  /** milliseconds without a new sliver after which a blob's data is dropped; 0: nothing is kept */
  readonly ttlMs: number;
  readonly slivers: number;
  readonly bytes: number;
  /** of one sliver */
  readonly sliverBytes: number;
  readonly metadata: number;
}

/** What operators run with. */
export const PENDING_ON: PendingLimits = {
  ttlMs: 60_000,
  slivers: 20_480,
  bytes: 1 << 30,
  sliverBytes: 4 << 20,
  metadata: 1_024,
};

/** What the node's program does unless it is told otherwise. */
export const PENDING_OFF: PendingLimits = {
  ttlMs: 0,
  slivers: 4_096,
  bytes: 512 << 20,
  sliverBytes: 4 << 20,
  metadata: 512,
};

export interface PendingSliver {
  readonly axis: Axis;
  readonly pair: number;
  readonly bytes: Uint8Array;
}

interface PendingBlob {
  readonly metadata: Uint8Array;
  readonly slivers: Map<string, PendingSliver>;
  usedAt: number;
}

/** Verified metadata and slivers in memory, waiting for their blob's registration. */
export class PendingCache {
  readonly #limits: PendingLimits;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #blobs = new Map<string, PendingBlob>();
  #slivers = 0;
  #bytes = 0;

  constructor(limits: PendingLimits, clock: Pick<Clock, 'monotonic'>) {
    this.#limits = limits;
    this.#clock = clock;
  }

  metadata(blobId: string): Uint8Array | undefined {
    return this.#get(blobId)?.metadata;
  }

  has(blobId: string, axis: Axis, pair: number): boolean {
    return this.#get(blobId)?.slivers.has(`${axis}/${pair}`) === true;
  }

  /** @returns whether there was room */
  addMetadata(blobId: string, metadata: Uint8Array): boolean {
    this.#expire();
    if (this.#limits.ttlMs === 0 || this.#blobs.size >= this.#limits.metadata) return false;
    const usedAt = this.#clock.monotonic();
    this.#blobs.set(blobId, { metadata: metadata.slice(), slivers: new Map(), usedAt });
    return true;
  }

  /** @returns whether there was room, and metadata to belong to */
  addSliver(blobId: string, sliver: PendingSliver): boolean {
    const blob = this.#get(blobId);
    const { length } = sliver.bytes;
    const fits =
      length <= this.#limits.sliverBytes &&
      this.#slivers < this.#limits.slivers &&
      this.#bytes + length <= this.#limits.bytes;
    if (blob === undefined || !fits) return false;
    blob.slivers.set(`${sliver.axis}/${sliver.pair}`, { ...sliver, bytes: sliver.bytes.slice() });
    blob.usedAt = this.#clock.monotonic();
    this.#slivers += 1;
    this.#bytes += length;
    return true;
  }

  /** Takes a blob's data out. */
  take(blobId: string): { metadata: Uint8Array; slivers: readonly PendingSliver[] } | undefined {
    const blob = this.#get(blobId);
    if (blob === undefined) return undefined;
    this.#drop(blobId, blob);
    return { metadata: blob.metadata, slivers: [...blob.slivers.values()] };
  }

  /** Forgets everything. */
  evict(): void {
    for (const [blobId, blob] of this.#blobs) this.#drop(blobId, blob);
  }

  get usage(): { metadata: number; slivers: number; bytes: number } {
    return { metadata: this.#blobs.size, slivers: this.#slivers, bytes: this.#bytes };
  }

  #get(blobId: string): PendingBlob | undefined {
    this.#expire();
    return this.#blobs.get(blobId);
  }

  #expire(): void {
    const limit = this.#clock.monotonic() - this.#limits.ttlMs;
    for (const [blobId, blob] of this.#blobs) {
      if (blob.usedAt < limit) this.#drop(blobId, blob);
    }
  }

  #drop(blobId: string, blob: PendingBlob): void {
    this.#blobs.delete(blobId);
    this.#slivers -= blob.slivers.size;
    for (const { bytes } of blob.slivers.values()) this.#bytes -= bytes.length;
  }
}
