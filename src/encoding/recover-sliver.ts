import type { Axis } from '../protocol/axis.ts';
import { geometryFor, sliverBytes } from '../protocol/geometry.ts';
import { sliverIndex } from '../protocol/sliver-mapping.ts';
import type { MetadataClaim } from '../protocol/verify-metadata.ts';
import type { JobRunner } from './job.ts';
import type { MetadataCache } from './metadata-cache.ts';
import { rootIn } from './root-task.ts';
import { singleTask } from './task-list-job.ts';
import type { RecoverTask, SymbolsTask } from './tasks.ts';

export interface RecoverSliverOptions extends MetadataClaim {
  /** axis of the sliver that is missing */
  readonly axis: Axis;
  readonly sliverIndex: number;
  /** BCS RecoverySymbol of any slivers of the other axis; each is verified before it is used */
  readonly symbols: readonly Uint8Array[];
  readonly signal?: AbortSignal;
  readonly priority?: number;
}

/**
 * Rebuilds one sliver from symbols that holders of slivers of the other axis gave.
 *
 * @returns BCS SliverData that fits the metadata
 * @throws HauloutError 'metadata-malformed', 'metadata-mismatch', 'argument-invalid',
 *   'not-enough-symbols' (its cause says what was wrong with the first bad one),
 *   'blob-inconsistent'
 */
export async function recoverSliver(
  runner: JobRunner,
  cache: MetadataCache,
  options: RecoverSliverOptions,
): Promise<Uint8Array> {
  const { shardCount, blobId, metadata, axis, signal, priority = 0 } = options;
  const { unencodedBytes } = await cache.open(options, (read) => rootIn(runner, read, options));
  const index = sliverIndex(options.sliverIndex, shardCount);
  const bytes = sliverBytes(geometryFor(shardCount, unencodedBytes), axis);
  const symbols = options.symbols.map((symbol) => symbol.slice());
  const claim = { shardCount, blobId, metadata: metadata.slice() };
  const task = (): RecoverTask => ({
    kind: 'recover',
    ...claim,
    axis,
    sliverIndex: index,
    symbols,
  });
  const make = () => singleTask(task, bytes, priority);
  const [result] = await runner.run(make, signal);
  return (result as NonNullable<typeof result>).sliver;
}

export interface RecoverySymbolsOptions {
  readonly shardCount: number;
  readonly unencodedBytes: number;
  /** axis of the sliver that is held */
  readonly axis: Axis;
  /** BCS SliverData, already verified */
  readonly sliver: Uint8Array;
  /** indices of slivers of the other axis that are to be recovered */
  readonly targetIndices: readonly number[];
  readonly signal?: AbortSignal;
  readonly priority?: number;
}

/**
 * Makes the symbols that the holder of a sliver gives for the recovery of slivers of the other
 * axis.
 *
 * @returns BCS RecoverySymbol per target
 * @throws HauloutError 'sliver-malformed', 'argument-invalid', 'blob-too-large'
 */
export async function makeRecoverySymbols(
  runner: JobRunner,
  options: RecoverySymbolsOptions,
): Promise<readonly Uint8Array[]> {
  const { axis, targetIndices, signal, priority = 0 } = options;
  const geometry = geometryFor(options.shardCount, options.unencodedBytes);
  const sliver = options.sliver.slice();
  const task = (): SymbolsTask => ({ kind: 'symbols', geometry, axis, sliver, targetIndices });
  const make = () => singleTask(task, sliver.length, priority);
  const [result] = await runner.run(make, signal);
  return (result as NonNullable<typeof result>).symbols;
}
