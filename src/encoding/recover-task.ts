import { HASH_BYTES, type Kernel } from '../kernel/kernel.ts';
import { HauloutError } from '../protocol/errors.ts';
import { type Geometry, geometryFor, symbolsPerSliver } from '../protocol/geometry.ts';
import { sliverHash } from '../protocol/metadata.ts';
import {
  decodeRecoverySymbol,
  type RecoverySymbol,
  verifyRecoverySymbol,
} from '../protocol/recovery-symbol.ts';
import { sameBytes } from '../protocol/same-bytes.ts';
import { encodeSliver } from '../protocol/sliver.ts';
import { openMetadata } from '../protocol/verify-metadata.ts';
import type { RecoverResult, RecoverTask } from './tasks.ts';
import type { ThreadKernel } from './thread-kernel.ts';

/**
 * Rebuilds a sliver from symbols of slivers of the other axis. Each symbol is verified before it is
 * used; wrong ones are left out as long as enough others remain.
 *
 * @throws HauloutError 'metadata-malformed', 'metadata-mismatch', 'argument-invalid',
 *   'not-enough-symbols' (its cause says what was wrong with the first bad one),
 *   'blob-inconsistent' if good symbols give a sliver that does not fit the metadata
 */
export async function runRecoverTask(
  threadKernel: ThreadKernel,
  task: RecoverTask,
): Promise<RecoverResult> {
  const { metadata } = openMetadata(task);
  const geometry = geometryFor(task.shardCount, metadata.unencodedBytes);
  const hash = sliverHash(metadata, task.axis, task.sliverIndex);
  const need = symbolsPerSliver(geometry, task.axis);
  const good = new Map<number, RecoverySymbol>();
  let firstError: unknown;
  for (const bytes of task.symbols) {
    if (good.size === need) break;
    try {
      const symbol = decodeRecoverySymbol(bytes);
      const targetSliverIndex = task.sliverIndex;
      verifyRecoverySymbol({ metadata, geometry, axis: task.axis, targetSliverIndex, symbol });
      good.set(symbol.index, symbol);
    } catch (error) {
      firstError ??= error;
    }
  }
  if (good.size < need) {
    const options = firstError === undefined ? undefined : { cause: firstError };
    throw new HauloutError('not-enough-symbols', { have: good.size, need }, options);
  }
  const kernel = await threadKernel.configured(geometry.shardCount, geometry.symbolBytes);
  const { data, root } = decodeSymbols(kernel, geometry, task, [...good.values()]);
  if (!sameBytes(root, hash)) {
    throw new HauloutError('blob-inconsistent', { blobId: task.blobId });
  }
  const { symbolBytes } = geometry;
  const sliver = encodeSliver({ data, symbolBytes, sliverIndex: task.sliverIndex });
  return { kind: 'recover', sliver, moves: [sliver.buffer as ArrayBuffer] };
}

function decodeSymbols(
  kernel: Kernel,
  { symbolBytes }: Geometry,
  { axis }: RecoverTask,
  symbols: readonly RecoverySymbol[],
): { data: Uint8Array; root: Uint8Array } {
  const mark = kernel.mark();
  try {
    const length = symbols.length * symbolBytes;
    const sourcePtr = kernel.alloc(length);
    const targetPtr = kernel.alloc(length);
    const rootPtr = kernel.alloc(HASH_BYTES);
    const source = kernel.bytes(sourcePtr, length);
    symbols.forEach((symbol, i) => {
      source.set(symbol.data, i * symbolBytes);
    });
    kernel.decode({
      code: axis === 'primary' ? 'row' : 'column',
      indices: Uint16Array.from(symbols, (symbol) => symbol.index),
      sourcePtr,
      sourcePitch: symbolBytes,
      laneCount: 1,
      targetPtr,
      targetPointPitch: symbolBytes,
      targetLanePitch: length,
    });
    kernel.sliverRoot(axis, targetPtr, rootPtr);
    const data = kernel.bytes(targetPtr, length).slice();
    return { data, root: kernel.bytes(rootPtr, HASH_BYTES).slice() };
  } finally {
    kernel.release(mark);
  }
}
