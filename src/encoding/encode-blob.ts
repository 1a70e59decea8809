import type {
  BlobSummary,
  ComputeOptions,
  EncodeBlobOptions,
  EncodedBlob,
  EncodeOptions,
} from '../protocol/blob-summary.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { type Geometry, geometryFor } from '../protocol/geometry.ts';
import type { Clock } from '../protocol/ports.ts';
import type { SliverTaker } from '../store/sliver-taker.ts';
import { checkStamp, nameOf, stampOf } from './blob-reader.ts';
import { choosePlan, type SpillDoors } from './choose-plan.ts';
import { EncodeJob, type EncodeOutcome } from './encode-job.ts';
import { DEFAULT_MEMORY_BYTES, KEPT_MEMORY_BYTES, type Spilled } from './encode-plan.ts';
import { type JobRunner, throwIfAborted } from './job.ts';
import { ProgressMeter } from './progress-meter.ts';
import { buffersOf } from './result-memory.ts';

/** More than one try ever has: a thread that leaves a job and comes back is a new writer. */
const WRITERS_PER_TRY = 1_000_000;

/** Where an encoding runs and what it may use. */
export interface EncodeDoors {
  readonly runner: JobRunner;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** where row parity goes that does not fit into memory; undefined if nowhere */
  spill(): Promise<SpillDoors | undefined>;
  /** memory for blob data, all threads together; undefined for what is usual */
  readonly memoryBytes: number | undefined;
  /** sources of which something could be read, by which a file that changed is known */
  readonly read: WeakSet<Blob | Uint8Array>;
}

/**
 * Computes what identifies a blob: blob ID, root hash, metadata. Memory is bounded whatever the
 * blob's size.
 *
 * @throws HauloutError 'shard-count-unsupported', 'blob-too-large', 'file-gone',
 *   'file-unreadable', 'file-changed', 'store-full', 'out-of-memory', 'aborted', 'engine-blocked', 'engine-crashed'
 */
export async function computeBlobId(
  doors: EncodeDoors,
  source: Blob | Uint8Array,
  options: ComputeOptions,
): Promise<BlobSummary> {
  return encode(doors, source, options, {});
}

/** As `computeBlobId`, with all slivers; they take 4.5 times the blob's bytes of memory. */
export async function encodeBlob(
  doors: EncodeDoors,
  source: Blob | Uint8Array,
  options: EncodeBlobOptions,
): Promise<EncodedBlob> {
  const {
    primarySlivers = [],
    secondarySlivers = [],
    ...summary
  } = await encode(doors, source, options, { slivers: true, reuse: options.reuse });
  return { ...summary, primarySlivers, secondarySlivers };
}

/** Repair rows that a taker gets in pieces of the same columns: as much as is read for one of them. */
const TAKEN_ROWS_BYTES = 8 << 20;

/**
 * As `computeBlobId`, and gives all slivers to a taker; memory stays bounded if the taker's does.
 *
 * @param makeTaker called anew if a thread crashes in the middle and all is made again
 * @throws HauloutError as `computeBlobId`, and whatever the taker throws
 */
export async function encodeInto(
  doors: EncodeDoors,
  source: Blob | Uint8Array,
  options: EncodeOptions,
  makeTaker: () => SliverTaker,
): Promise<BlobSummary> {
  return encode(doors, source, options, { slivers: true, makeTaker });
}

interface Wanted {
  readonly slivers?: boolean;
  readonly makeTaker?: () => SliverTaker;
  readonly reuse?: EncodeBlobOptions['reuse'];
}

async function encode(
  doors: EncodeDoors,
  source: Blob | Uint8Array,
  options: ComputeOptions,
  wanted: Wanted,
): Promise<EncodeOutcome> {
  const { signal, onProgress } = options;
  const geometry = geometryOf(source, options.shardCount);
  throwIfAborted(signal);
  const stamp = stampOf(source);
  const progress = onProgress && new ProgressMeter(geometry, onProgress, doors.clock);
  const { primarySlivers = [], secondarySlivers = [] } = wanted.reuse ?? {};
  const attempt = { doors, source, options, wanted, geometry, progress };
  const spare = buffersOf([...primarySlivers, ...secondarySlivers]);
  // A file of no known time is read on by Chromium, whatever happens to it.
  const spill = stamp.modifiedMs === 0 ? 'parity' : 'rows';
  const outcome = await encodeOnce({ ...attempt, spill, spare });
  checkStamp(source, stamp);
  return outcome;
}

interface Attempt {
  readonly doors: EncodeDoors;
  readonly source: Blob | Uint8Array;
  readonly options: ComputeOptions;
  readonly wanted: Wanted;
  readonly geometry: Geometry;
  readonly progress: ProgressMeter | undefined;
  readonly spill: Spilled;
  /** memory for results */
  readonly spare: readonly ArrayBuffer[];
}

async function encodeOnce(attempt: Attempt): Promise<EncodeOutcome> {
  const { doors, source, geometry, progress } = attempt;
  const { signal, priority = 0, hold } = attempt.options;
  const { slivers = false, makeTaker } = attempt.wanted;
  const { runner, read } = doors;
  const usual = slivers && !makeTaker ? KEPT_MEMORY_BYTES : DEFAULT_MEMORY_BYTES;
  const memoryBytes = doors.memoryBytes ?? usual;
  const assembly = makeTaker ? { assemblyBytes: TAKEN_ROWS_BYTES } : {};
  const { threadCount } = runner;
  const limits = { threadCount, slivers, memoryBytes, spill: attempt.spill, ...assembly };
  const chosen = await choosePlan(() => doors.spill(), geometry, limits);
  const { plan, held } = chosen;
  try {
    throwIfAborted(signal);
    let tries = 0;
    const make = () => {
      progress?.queued(plan.spilled === 'rows');
      const firstWriter = WRITERS_PER_TRY * tries++;
      const taker = makeTaker?.();
      // What a crashed thread was given may still be written to.
      const spare = tries > 1 ? [] : attempt.spare;
      const o = { plan, source, read, firstWriter, priority, progress, hold, taker, spare };
      return new EncodeJob({ ...o, spill: held?.place });
    };
    const outcome = await runner.run(make, signal);
    await held?.release();
    return outcome;
  } catch (error) {
    // There may be less room than the browser says: in a private window it is a part of the memory.
    if (plan.spilled === 'rows' && isHauloutError(error, 'store-full')) {
      chosen.rowsDidNotFit?.();
      await held?.release();
      return encodeOnce({ ...attempt, spill: 'parity', spare: [] });
    }
    void held?.release(); // may wait for the files of ended threads; the caller need not
    throw error;
  }
}

function geometryOf(source: Blob | Uint8Array, shardCount: number): Geometry {
  const { bytes } = stampOf(source);
  try {
    return geometryFor(shardCount, bytes);
  } catch (error) {
    if (!isHauloutError(error, 'blob-too-large')) throw error;
    throw new HauloutError('blob-too-large', { ...error.detail, ...nameOf(source) });
  }
}
