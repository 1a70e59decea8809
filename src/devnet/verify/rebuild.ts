import { HASH_BYTES, type Kernel } from '../../kernel/kernel.ts';
import type { Axis } from '../../protocol/axis.ts';
import { type Geometry, symbolsPerSliver } from '../../protocol/geometry.ts';
import { sameBytes } from '../../protocol/same-bytes.ts';
import { encodeSliver } from '../../protocol/sliver.ts';

/** Rebuilds slivers of one axis from the symbols where they cross the same slivers of the other one. */
export interface RebuildTask {
  readonly kind: 'rebuild';
  readonly geometry: Geometry;
  readonly axis: Axis;
  /** with their hashes from verified metadata */
  readonly targets: readonly { readonly sliverIndex: number; readonly hash: Uint8Array }[];
  /** distinct indices of slivers of the other axis, exactly as many as decode */
  readonly sources: Uint16Array;
  /** source by source, of each its symbols in the order of the targets */
  readonly symbols: Uint8Array;
}

export interface RebuildResult {
  readonly kind: 'rebuild';
  /** BCS SliverData per target; undefined where a wrong symbol was among them */
  readonly slivers: readonly (Uint8Array | undefined)[];
}

/**
 * The quick way to recover slivers: one decode for all of them, and no look at proofs, since the results prove
 * themselves. Where it fails, `runRecoverTask` finds the good symbols among the bad ones.
 */
export function runRebuildTask(kernel: Kernel, task: RebuildTask): RebuildResult {
  const { geometry, axis, targets, sources, symbols } = task;
  const { symbolBytes } = geometry;
  const sliverBytes = symbolsPerSliver(geometry, axis) * symbolBytes;
  const mark = kernel.mark();
  try {
    const sourcePtr = kernel.alloc(symbols.length);
    const targetPtr = kernel.alloc(targets.length * sliverBytes);
    const rootPtr = kernel.alloc(HASH_BYTES);
    kernel.bytes(sourcePtr, symbols.length).set(symbols);
    kernel.decode({
      code: axis === 'primary' ? 'row' : 'column',
      indices: sources,
      sourcePtr,
      sourcePitch: targets.length * symbolBytes,
      laneCount: targets.length,
      targetPtr,
      targetPointPitch: symbolBytes,
      targetLanePitch: sliverBytes,
    });
    const slivers = targets.map(({ sliverIndex, hash }, i) => {
      const dataPtr = targetPtr + i * sliverBytes;
      kernel.sliverRoot(axis, dataPtr, rootPtr);
      if (!sameBytes(kernel.bytes(rootPtr, HASH_BYTES), hash)) return undefined;
      const data = kernel.bytes(dataPtr, sliverBytes);
      return encodeSliver({ data, symbolBytes, sliverIndex });
    });
    return { kind: 'rebuild', slivers };
  } finally {
    kernel.release(mark);
  }
}
