import type { Axis } from '../protocol/axis.ts';
import { HauloutError } from '../protocol/errors.ts';
import { geometryFor } from '../protocol/geometry.ts';
import { sliverHash } from '../protocol/metadata.ts';
import { checkSliverShape, decodeSliver, type SliverData } from '../protocol/sliver.ts';
import { sliverOfPair, sliverPairIndex } from '../protocol/sliver-mapping.ts';
import type { MetadataClaim } from '../protocol/verify-metadata.ts';
import { type DecodeContext, traitsOf } from './decode-context.ts';
import { cutBy } from './encode-plan.ts';
import type { JobRunner } from './job.ts';
import type { MetadataCache } from './metadata-cache.ts';
import { singleTask, TaskListJob } from './task-list-job.ts';
import type { VerifyTask } from './tasks.ts';

export interface VerifySliverOptions extends MetadataClaim {
  readonly axis: Axis;
  /** position in the metadata; for secondary slivers it is not the sliver index */
  readonly sliverPairIndex: number;
  /** BCS SliverData */
  readonly sliver: Uint8Array;
  readonly signal?: AbortSignal;
  readonly priority?: number;
}

/**
 * Checks that a sliver is the one that a blob ID commits to: shape, index, and the root of the
 * symbols that it expands to.
 *
 * @throws HauloutError 'metadata-malformed', 'metadata-mismatch', 'sliver-malformed',
 *   'sliver-mismatch', 'argument-invalid'
 */
export async function verifySliver(
  runner: JobRunner,
  cache: MetadataCache,
  options: VerifySliverOptions,
): Promise<void> {
  const { axis, signal, priority = 0 } = options;
  const metadata = cache.open(options);
  const { shardCount } = metadata;
  const geometry = geometryFor(shardCount, metadata.unencodedBytes);
  const pair = sliverPairIndex(options.sliverPairIndex, shardCount);
  const index = sliverOfPair(pair, axis, shardCount);
  const sliver = decodeSliver(options.sliver);
  checkSliverShape(geometry, axis, sliver, index);
  // Copies: a view would carry its whole buffer to the other thread.
  const hash = sliverHash(metadata, axis, index)?.slice();
  const data = sliver.data.slice();
  const make = () => {
    const slivers = [{ data, hash }];
    return singleTask(() => ({ kind: 'verify', geometry, axis, slivers }), data.length, priority);
  };
  const [result] = await runner.run(make, signal);
  if (result?.wrong.length !== 0)
    throw new HauloutError('sliver-mismatch', { axis, sliverIndex: index });
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
