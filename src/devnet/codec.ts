import { decodeBlob } from '../encoding/decode-blob.ts';
import type { DecodeOptions } from '../encoding/decode-context.ts';
import { type EncodeDoors, encodeBlob } from '../encoding/encode-blob.ts';
import { EncodingThread } from '../encoding/encoding-thread.ts';
import { MetadataCache } from '../encoding/metadata-cache.ts';
import type { EncodedBlob } from '../protocol/blob-summary.ts';
import type { Clock } from '../protocol/ports.ts';
import type { SpillAccess } from '../store/spill.ts';
import { Pool } from '../workers/pool.ts';
import type { SpawnThread } from '../workers/thread.ts';

/** Encodes and decodes whole blobs, for relay and aggregator. */
export interface Codec {
  encode(blob: Uint8Array, shardCount: number): Promise<EncodedBlob>;
  /** @throws HauloutError as `decodeBlob` of src/encoding */
  decode(options: DecodeOptions): Promise<Uint8Array>;
  close(): void;
}

/** Blobs stay in memory here: nothing is ever spilled. */
export const noSpill: SpillAccess = {
  writer: () => Promise.reject(new Error('there is no place to spill to')),
  reader: () => Promise.reject(new Error('there is no place to spill to')),
};

/** A codec in the thread that asks, which waits for nothing but micro-tasks. */
export function inThreadCodec(module: WebAssembly.Module, clock: Clock): Codec {
  const spawn: SpawnThread = async () => {
    const api = new EncodingThread(async () => module, noSpill);
    const lost = new Promise<never>(() => undefined);
    return { api, traits: { syncAccess: false }, shared: true, lost, end: () => undefined };
  };
  return pooledCodec({ spawn, threadCount: 1, clock });
}

export interface PooledCodecOptions {
  readonly spawn: SpawnThread;
  readonly threadCount: number;
  readonly clock: Clock;
}

export function pooledCodec({ spawn, threadCount, clock }: PooledCodecOptions): Codec {
  const pool = new Pool({ threadCount, spawn, clock, idleMs: Number.POSITIVE_INFINITY });
  const doors: EncodeDoors = {
    runner: pool,
    clock,
    memoryBytes: Number.MAX_SAFE_INTEGER,
    read: new WeakSet(),
    spill: async () => undefined,
  };
  const cache = new MetadataCache();
  return {
    encode: (blob, shardCount) => encodeBlob(doors, blob, { shardCount }),
    decode: (options) => decodeBlob(doors, cache, options),
    close: () => pool.close(),
  };
}
