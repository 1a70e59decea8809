import { HASH_BYTES, type Kernel } from '../kernel/kernel.ts';
import { symbolsPerSliver } from '../protocol/geometry.ts';
import { merkleProof } from '../protocol/merkle.ts';
import { encodeRecoverySymbol } from '../protocol/recovery-symbol.ts';
import { checkSliverShape, decodeSliver } from '../protocol/sliver.ts';
import { sliverIndex } from '../protocol/sliver-mapping.ts';
import type { SymbolsResult, SymbolsTask } from './tasks.ts';

/**
 * Makes, as the holder of one sliver, the symbols at its crossings with slivers of the other axis,
 * each with its proof.
 *
 * @throws HauloutError 'sliver-malformed', 'argument-invalid' (a target's index)
 */
export function runSymbolsTask(kernel: Kernel, task: SymbolsTask): SymbolsResult {
  const { geometry, axis } = task;
  const { shardCount, symbolBytes } = geometry;
  const sliver = decodeSliver(task.sliver);
  checkSliverShape(geometry, axis, sliver);
  const sourceSymbols = symbolsPerSliver(geometry, axis);
  const mark = kernel.mark();
  try {
    const dataPtr = kernel.alloc(sliver.data.length);
    const repairPtr = kernel.alloc((shardCount - sourceSymbols) * symbolBytes);
    const leavesPtr = kernel.alloc(shardCount * HASH_BYTES);
    kernel.bytes(dataPtr, sliver.data.length).set(sliver.data);
    kernel.expandSliver({ axis, dataPtr, repairPtr, leavesPtr });
    const leaves = kernel.bytes(leavesPtr, shardCount * HASH_BYTES);
    const symbols = task.targetIndices.map((target) => {
      const at = sliverIndex(target, shardCount);
      const ptr =
        at < sourceSymbols
          ? dataPtr + at * symbolBytes
          : repairPtr + (at - sourceSymbols) * symbolBytes;
      const data = kernel.bytes(ptr, symbolBytes);
      return encodeRecoverySymbol({
        index: sliver.sliverIndex,
        data,
        proof: merkleProof(leaves, at),
      });
    });
    return { kind: 'symbols', symbols };
  } finally {
    kernel.release(mark);
  }
}
