import { noSpill } from '../../src/devnet/codec.ts';
import { decodeBlob } from '../../src/encoding/decode-blob.ts';
import { computeBlobId, type EncodeDoors } from '../../src/encoding/encode-blob.ts';
import { EncodingThread } from '../../src/encoding/encoding-thread.ts';
import { MetadataCache } from '../../src/encoding/metadata-cache.ts';
import { recoverSliver } from '../../src/encoding/recover-sliver.ts';
import { openClaim, verifySliver } from '../../src/encoding/verify-sliver.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import type { BlobVerifier } from '../../src/transfer/read/read-types.ts';
import { Pool } from '../../src/workers/pool.ts';

export const kernel = await loadKernel();

/** The kernel in this thread, whose work waits for no clock and no other thread. */
export const encodeDoors: EncodeDoors = {
  runner: new Pool({
    spawn: async () => ({
      api: new EncodingThread(async () => kernel, noSpill),
      ...{ traits: { syncAccess: false }, shared: true, end: () => undefined },
      lost: new Promise<never>(() => undefined),
    }),
    threadCount: 1,
    clock: { sleep: () => new Promise(() => undefined) },
    idleMs: Number.POSITIVE_INFINITY,
  }),
  clock: { monotonic: () => 0 },
  memoryBytes: Number.MAX_SAFE_INTEGER,
  read: new WeakSet(),
  spill: async () => undefined,
};

const metadata = new MetadataCache();
const verifyDoors = { pool: encodeDoors.runner, here: encodeDoors.runner };

/** What checks and rebuilds what is read, in this thread. */
export const kernelVerifier: BlobVerifier = {
  openMetadata: (options) => openClaim(verifyDoors, metadata, options),
  verifySliver: (options) => verifySliver(verifyDoors, metadata, options),
  recoverSliver: (options) => recoverSliver(encodeDoors.runner, metadata, options),
  decodeBlob: (options) => decodeBlob(encodeDoors, metadata, options),
  computeBlobId: (source, options) => computeBlobId(encodeDoors, source, options),
};
