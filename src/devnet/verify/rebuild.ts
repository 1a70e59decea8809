import { HASH_BYTES, type Kernel } from '../../kernel/kernel.ts';
import type { Axis } from '../../protocol/axis.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { type Geometry, symbolsPerSliver } from '../../protocol/geometry.ts';
import { decodeRecoverySymbol } from '../../protocol/recovery-symbol.ts';
import { encodeSliver } from '../../protocol/sliver.ts';

/** Rebuilds a sliver from the first symbols that are enough, and looks whether it is the right one. */
export interface RebuildTask {
  readonly kind: 'rebuild';
  readonly geometry: Geometry;
  readonly axis: Axis;
  readonly sliverIndex: number;
  /** of the sliver, from verified metadata */
  readonly hash: Uint8Array;
  /** BCS RecoverySymbol each */
  readonly symbols: readonly Uint8Array[];
}

export interface RebuildResult {
  readonly kind: 'rebuild';
  /** BCS SliverData; undefined if there are too few symbols, or a wrong one among them */
  readonly sliver: Uint8Array | undefined;
}

/**
 * The quick way to recover a sliver: without looking at the proofs, since the result proves itself. Where it fails,
 * `runRecoverTask` finds the good symbols among the bad ones.
 */
export function runRebuildTask(kernel: Kernel, task: RebuildTask): RebuildResult {
  const { geometry, axis, sliverIndex } = task;
  const { shardCount, symbolBytes } = geometry;
  const need = symbolsPerSliver(geometry, axis);
  const chosen = new Map<number, Uint8Array>();
  for (const bytes of task.symbols) {
    if (chosen.size === need) break;
    try {
      const { index, data } = decodeRecoverySymbol(bytes);
      if (index < shardCount && data.length === symbolBytes) chosen.set(index, data);
    } catch (error) {
      if (!isHauloutError(error)) throw error;
    }
  }
  if (chosen.size < need) return { kind: 'rebuild', sliver: undefined };
  const mark = kernel.mark();
  try {
    const length = need * symbolBytes;
    const sourcePtr = kernel.alloc(length);
    const targetPtr = kernel.alloc(length);
    const rootPtr = kernel.alloc(HASH_BYTES);
    const source = kernel.bytes(sourcePtr, length);
    [...chosen.values()].forEach((data, i) => {
      source.set(data, i * symbolBytes);
    });
    kernel.decode({
      code: axis === 'primary' ? 'row' : 'column',
      indices: Uint16Array.from(chosen.keys()),
      sourcePtr,
      sourcePitch: symbolBytes,
      laneCount: 1,
      targetPtr,
      targetPointPitch: symbolBytes,
      targetLanePitch: length,
    });
    kernel.sliverRoot(axis, targetPtr, rootPtr);
    const fits = Buffer.compare(kernel.bytes(rootPtr, HASH_BYTES), task.hash) === 0;
    const data = kernel.bytes(targetPtr, length);
    const sliver = fits ? encodeSliver({ data, symbolBytes, sliverIndex }) : undefined;
    return { kind: 'rebuild', sliver };
  } finally {
    kernel.release(mark);
  }
}
