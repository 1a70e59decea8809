import type { SpillDoors } from '../encoding/choose-plan.ts';
import { decodeBlob } from '../encoding/decode-blob.ts';
import type { DecodeOptions } from '../encoding/decode-context.ts';
import {
  computeBlobId,
  type EncodeDoors,
  encodeBlob,
  encodeInto,
} from '../encoding/encode-blob.ts';
import { MetadataCache } from '../encoding/metadata-cache.ts';
import {
  makeRecoverySymbols,
  type RecoverSliverOptions,
  type RecoverySymbolsOptions,
  recoverSliver,
} from '../encoding/recover-sliver.ts';
import {
  type OpenClaimOptions,
  openClaim,
  type VerifySliverOptions,
  verifySliver,
} from '../encoding/verify-sliver.ts';
import type { Engine } from '../kernel/abi.ts';
import type {
  BlobSummary,
  ComputeOptions,
  EncodeBlobOptions,
  EncodedBlob,
  EncodeOptions,
} from '../protocol/blob-summary.ts';
import { isHauloutError } from '../protocol/errors.ts';
import type { BlobMetadata } from '../protocol/metadata.ts';
import { freeStorageBytes } from '../store/estimate-door.ts';
import { hasIndexedDb, idbPlaces } from '../store/idb-door.ts';
import { hasWebLocks, webLocks } from '../store/locks-door.ts';
import { hasFileSystem, opfsPlaces } from '../store/opfs-door.ts';
import type { SliverTaker } from '../store/sliver-taker.ts';
import type { SpillKind } from '../store/spill.ts';
import { sweepPlaces } from '../store/spill-guard.ts';
import { refusesChangedFiles, systemClock, systemCores, systemRandom } from './doors.ts';
import { spawnInThread } from './in-thread.ts';
import { Pool } from './pool.ts';
import { hasWorkers, type SpawnOptions, spawnWorker } from './spawn.ts';
import type { Thread } from './thread.ts';

/** Encodes, decodes and verifies blobs with threads of its own. */
export interface Encoder {
  computeBlobId(source: Blob | Uint8Array, options: ComputeOptions): Promise<BlobSummary>;
  encodeBlob(source: Blob | Uint8Array, options: EncodeBlobOptions): Promise<EncodedBlob>;
  /** Encodes and hands the slivers on as they are made; see `encodeInto` of src/encoding. */
  encodeInto(
    source: Blob | Uint8Array,
    options: EncodeOptions,
    makeTaker: () => SliverTaker,
  ): Promise<BlobSummary>;
  decodeBlob(options: DecodeOptions): Promise<Uint8Array>;
  /** What metadata says, once it hashes to its blob ID. See `openClaim` of src/encoding. */
  openMetadata(options: OpenClaimOptions): Promise<BlobMetadata>;
  verifySliver(options: VerifySliverOptions): Promise<void>;
  recoverSliver(options: RecoverSliverOptions): Promise<Uint8Array>;
  makeRecoverySymbols(options: RecoverySymbolsOptions): Promise<readonly Uint8Array[]>;
  /** Ends all threads; what still runs fails with 'aborted'. */
  close(): void;
}

export interface EncoderOptions {
  /** workers at most; by default one per processor */
  readonly workers?: number;
  /** forces a build of the kernel; by default the best one that runs here */
  readonly engine?: Engine;
  /** does all work in the calling thread, as where workers are not allowed */
  readonly forceInThread?: boolean;
  /** memory for the data of one large blob, all threads together; 144 MiB by default, 512 where `encodeBlob` keeps all slivers */
  readonly memoryBytes?: number;
  /** where parity of large files goes: the first kind that works, in this order */
  readonly spill?: readonly SpillKind[];
  /** makes the worker's address acceptable under a Trusted Types policy of the page */
  readonly scriptUrl?: SpawnOptions['scriptUrl'];
  /** milliseconds after which a worker without work ends */
  readonly idleMs?: number;
}

const IDLE_MS = 10_000;
const PLACES = { opfs: opfsPlaces, idb: idbPlaces };

/** Makes an encoder. Threads start with the first job; what a crash left on disk is removed. */
export function createEncoder(options: EncoderOptions = {}): Encoder {
  const inThread = options.forceInThread === true || !hasWorkers();
  const { engine, scriptUrl, idleMs = IDLE_MS } = options;
  const pool = new Pool({
    threadCount: inThread ? 1 : Math.max(1, options.workers ?? systemCores.count()),
    spawn: () => (inThread ? spawnInThread(engine) : spawnSomehow({ engine, scriptUrl })),
    clock: systemClock,
    idleMs: inThread ? Number.POSITIVE_INFINITY : idleMs,
  });
  const here = inThread ? pool : callingThread(engine);
  const kinds = options.spill ?? ['opfs', 'idb'];
  let rowsFit = true;
  const spillDoors = (usable: (kind: SpillKind) => boolean): SpillDoors => ({
    places: kinds.filter((kind) => isHere(kind) && usable(kind)).map((kind) => PLACES[kind]),
    locks: hasWebLocks() ? webLocks : undefined,
    clock: systemClock,
    random: systemRandom,
    freeBytes: freeStorageBytes,
    wholeRows: rowsFit && refusesChangedFiles(),
    rowsDidNotFit: () => {
      rowsFit = false;
    },
  });
  const doors: EncodeDoors = {
    runner: pool,
    clock: systemClock,
    memoryBytes: options.memoryBytes,
    read: new WeakSet(),
    async spill() {
      const { traits } = await pool.anyThread();
      const found = spillDoors((kind) => kind !== 'opfs' || traits.syncAccess);
      return found.places.length > 0 ? found : undefined;
    },
  };
  void sweepPlaces(spillDoors(() => true));
  const cache = new MetadataCache();
  return {
    computeBlobId: (source, o) => computeBlobId(doors, source, o),
    encodeBlob: (source, o) => encodeBlob(doors, source, o),
    encodeInto: (source, o, makeTaker) => encodeInto(doors, source, o, makeTaker),
    decodeBlob: (o) => decodeBlob(doors, cache, o),
    openMetadata: (o) => openClaim({ pool, here }, cache, o),
    verifySliver: (o) => verifySliver({ pool, here }, cache, o),
    recoverSliver: (o) => recoverSliver(pool, cache, o),
    makeRecoverySymbols: (o) => makeRecoverySymbols(pool, o),
    close() {
      pool.close();
      here.close();
    },
  };
}

/** A pool of the calling thread alone, for work so small that sending it away would take longer. */
function callingThread(engine: Engine | undefined): Pool {
  return new Pool({
    threadCount: 1,
    spawn: () => spawnInThread(engine),
    clock: systemClock,
    idleMs: Number.POSITIVE_INFINITY,
  });
}

function isHere(kind: SpillKind): boolean {
  return kind === 'opfs' ? hasFileSystem() : hasIndexedDb();
}

/** A worker, or where the page's policy forbids it, the calling thread. */
async function spawnSomehow(options: SpawnOptions): Promise<Thread> {
  try {
    return await spawnWorker(options);
  } catch (error) {
    if (!isHauloutError(error, 'engine-blocked')) throw error;
    return spawnInThread(options.engine);
  }
}
