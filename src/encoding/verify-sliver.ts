import type { Axis } from '../protocol/axis.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { type Geometry, geometryFor } from '../protocol/geometry.ts';
import { type BlobMetadata, sliverHash } from '../protocol/metadata.ts';
import { checkSliverShape, decodeSliver, type SliverData } from '../protocol/sliver.ts';
import { sliverOfPair, sliverPairIndex } from '../protocol/sliver-mapping.ts';
import type { MetadataClaim } from '../protocol/verify-metadata.ts';
import { type DecodeContext, traitsOf } from './decode-context.ts';
import { cutBy } from './encode-plan.ts';
import type { JobRunner } from './job.ts';
import type { MetadataCache } from './metadata-cache.ts';
import { rootIn } from './root-task.ts';
import { singleTask, TaskListJob } from './task-list-job.ts';
import type { HashedSliver, VerifyTask } from './tasks.ts';

export interface VerifySliverOptions extends MetadataClaim {
  readonly axis: Axis;
  /** position in the metadata; for secondary slivers it is not the sliver index */
  readonly sliverPairIndex: number;
  /** BCS SliverData */
  readonly sliver: Uint8Array;
  readonly signal?: AbortSignal;
  readonly priority?: number;
}

/** Where slivers are verified. */
export interface VerifyDoors {
  readonly pool: JobRunner;
  /** the calling thread, between its other tasks; it may not be able to */
  readonly here: JobRunner;
}

/** Blocks of BLAKE2b that hash in about 1 ms: no more than that is done in the calling thread. */
const QUICK_BLOCKS = 10_000;

/**
 * Checks that a sliver is the one that a blob ID commits to: shape, index, and the root of the
 * symbols that it expands to. What is done in less time than messages to another thread take is
 * done in the calling one.
 *
 * @throws HauloutError 'metadata-malformed', 'metadata-mismatch', 'sliver-malformed',
 *   'sliver-mismatch', 'argument-invalid'
 */
export async function verifySliver(
  doors: VerifyDoors,
  cache: MetadataCache,
  options: VerifySliverOptions,
): Promise<void> {
  const { axis } = options;
  const metadata = await openClaim(doors, cache, options);
  const { shardCount } = metadata;
  const geometry = shapeOf(metadata);
  const pair = sliverPairIndex(options.sliverPairIndex, shardCount);
  const index = sliverOfPair(pair, axis, shardCount);
  const { data, ...rest } = decodeSliver(options.sliver);
  checkSliverShape(geometry, axis, { data, ...rest }, index);
  const hash = sliverHash(metadata, axis, index);
  const right = isQuick(geometry)
    ? await verify(hereFirst(doors), options, geometry, { data, hash })
    : await verify(doors.pool, options, geometry, {
        // Copies: views would carry their whole buffers to the other thread.
        data: data.slice(),
        hash: hash?.slice(),
      });
  if (!right) throw new HauloutError('sliver-mismatch', { axis, sliverIndex: index });
}

export type OpenClaimOptions = MetadataClaim & Pick<VerifySliverOptions, 'signal' | 'priority'>;

/**
 * Checks metadata against its blob ID, with the kernel; what is asked of it next is known already.
 *
 * @throws HauloutError 'metadata-malformed', 'metadata-mismatch', 'blob-id-malformed',
 *   'shard-count-unsupported'
 */
export function openClaim(
  doors: VerifyDoors,
  cache: MetadataCache,
  options: OpenClaimOptions,
): Promise<BlobMetadata> {
  return cache.open(options, (read) =>
    rootIn(isQuick(shapeOf(read)) ? hereFirst(doors) : doors.pool, read, options),
  );
}

const shapeOf = (read: BlobMetadata) => geometryFor(read.shardCount, read.unencodedBytes);

function isQuick({ shardCount, symbolBytes }: Geometry): boolean {
  const leafBlocks = Math.ceil((symbolBytes + 1) / 128);
  return shardCount * (leafBlocks + 1) <= QUICK_BLOCKS;
}

/** The calling thread, or the pool where that one may not: a page's policy may be stricter than its workers'. */
function hereFirst({ here, pool }: VerifyDoors): JobRunner {
  return {
    threadCount: 1,
    run: (make, signal) =>
      here.run(make, signal).catch((error: unknown) => {
        if (!isHauloutError(error, 'engine-blocked')) throw error;
        return pool.run(make, signal);
      }),
  };
}

async function verify(
  runner: JobRunner,
  { axis, signal, priority = 0 }: VerifySliverOptions,
  geometry: Geometry,
  sliver: HashedSliver,
): Promise<boolean> {
  const task = (): VerifyTask => ({ kind: 'verify', geometry, axis, slivers: [sliver] });
  const make = () => singleTask(task, sliver.data.length, priority);
  const [result] = await runner.run(make, signal);
  return result?.wrong.length === 0;
}

const SLIVERS_PER_TASK = 16;

/**
 * Of slivers that were used to decode, those that do not fit the metadata.
 *
 * @param visit is called with each while others are verified, once more if a thread crashes
 */
export async function wrongSlivers(
  context: DecodeContext,
  used: readonly SliverData[],
  visit: (sliver: SliverData) => void = () => undefined,
): Promise<SliverData[]> {
  const { doors, options, geometry, metadata } = context;
  const { axis } = options;
  const tasks = cutBy({ begin: 0, end: used.length }, SLIVERS_PER_TASK).map(
    ({ begin, end }) =>
      (): VerifyTask => {
        const chosen = used.slice(begin, end);
        const slivers = chosen.map(({ data, sliverIndex }) => ({
          data: data.slice(),
          hash: sliverHash(metadata, axis, sliverIndex)?.slice(),
        }));
        chosen.forEach(visit);
        const moves = slivers.map(({ data }) => data.buffer);
        return { kind: 'verify', geometry, axis, slivers, moves };
      },
  );
  const make = () => new TaskListJob<VerifyTask>(traitsOf(context), tasks);
  const results = await doors.runner.run(make, options.signal);
  return results.flatMap(({ wrong }, task) =>
    wrong.flatMap((at) => used[task * SLIVERS_PER_TASK + at] ?? []),
  );
}
