import { type EncodeInto, openSlivers } from '../../encoding/sliver-source.ts';
import type { BlobSummary, EncodedBlob, EncodeOptions } from '../../protocol/blob-summary.ts';
import type { SliverCache } from '../../store/sliver-cache.ts';
import type { SliverSource } from '../../transfer/put-types.ts';
import type { Pieces } from './ports.ts';
import { bytesIn } from './source.ts';
import type { StoreSource } from './types.ts';

/** The part of an encoder that storing uses. */
export interface StoreEncoder {
  computeBlobId(source: StoreSource, options: EncodeOptions): Promise<BlobSummary>;
  encodeBlob(source: StoreSource, options: EncodeOptions): Promise<EncodedBlob>;
  readonly encodeInto: EncodeInto;
}

export interface PiecesOptions {
  readonly encoder: StoreEncoder;
  /** where slivers of larger blobs wait; without it they are made again in portions */
  readonly cache?: SliverCache | undefined;
  /** for slivers of small blobs, between the quote and the nodes; 192 MiB if absent */
  readonly memoryBytes?: number | undefined;
}

const MEMORY_BYTES = 192 << 20;
/** Slivers take about 4.5 times the bytes of a blob. */
const GROWTH = 4.6;

/** Slivers of small blobs in memory, of larger ones in the cache, of others made when asked for. */
export function makePieces({ encoder, cache, memoryBytes = MEMORY_BYTES }: PiecesOptions): Pieces {
  const kept = new Map<string, EncodedBlob>();
  let usedBytes = 0;
  const sizeOf = (bytes: number) => Math.ceil(bytes * GROWTH) + (64 << 10);
  const forget = (blobId: string) => {
    const blob = kept.get(blobId);
    if (blob !== undefined) usedBytes -= sizeOf(blob.unencodedBytes);
    kept.delete(blobId);
  };
  const notHere = <B extends { readonly blobId: string }>(blobs: readonly B[]) =>
    blobs.filter(({ blobId }) => !kept.has(blobId)); // what is in memory stays there
  return {
    async prepare(source, options) {
      const size = sizeOf(bytesIn(source));
      if (usedBytes + size > memoryBytes) return encoder.computeBlobId(source, options);
      usedBytes += size; // before it is there, so that many at once stay within
      try {
        const blob = await encoder.encodeBlob(source, options);
        if (kept.has(blob.blobId)) usedBytes -= size;
        else kept.set(blob.blobId, blob);
        return summaryOf(blob);
      } catch (error) {
        usedBytes -= size;
        throw error;
      }
    },
    async open(blob, signal): Promise<SliverSource> {
      const here = kept.get(blob.blobId);
      if (here !== undefined) {
        return (pair, axis) => {
          const slivers = axis === 'primary' ? here.primarySlivers : here.secondarySlivers;
          return slivers[pair] as Uint8Array<ArrayBuffer>;
        };
      }
      const { encodeInto } = encoder;
      return openSlivers(blob, { encodeInto, cache, ...(signal ? { signal } : {}) });
    },
    async cacheable(blobs) {
      return (await cache?.fitting(notHere(blobs))) ?? new Set();
    },
    async shortage(blobs) {
      return cache?.shortage(notHere(blobs));
    },
    async has(blobId) {
      return kept.has(blobId) || (await cache?.open(blobId)) !== undefined;
    },
    async rest(blobId) {
      await cache?.unpin(blobId);
    },
    async release(blobId) {
      forget(blobId);
      await cache?.unpin(blobId);
    },
  };
}

function summaryOf(blob: EncodedBlob): BlobSummary {
  const { primarySlivers: _rows, secondarySlivers: _columns, ...summary } = blob;
  return summary;
}
