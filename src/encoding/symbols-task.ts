import { HASH_BYTES, type Kernel } from '../kernel/kernel.ts';
import { symbolsPerSliver } from '../protocol/geometry.ts';
import type { MerkleProof } from '../protocol/merkle.ts';
import { encodeRecoverySymbol } from '../protocol/recovery-symbol.ts';
import { checkSliverShape, decodeSliver } from '../protocol/sliver.ts';
import { sliverIndex } from '../protocol/sliver-mapping.ts';
import type { SymbolsResult, SymbolsTask } from './tasks.ts';

/**
 * Makes, as the holder of one sliver, the symbols at its crossings with slivers of the other axis,
 * each with its proof. The sliver is expanded and hashed once for all targets.
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
    const widths = treeWidths(shardCount);
    const treeBytes = widths.reduce((sum, width) => sum + width, 0) * HASH_BYTES;
    const treePtr = kernel.alloc(treeBytes);
    kernel.bytes(dataPtr, sliver.data.length).set(sliver.data);
    kernel.expandSliver({ axis, dataPtr, repairPtr, leavesPtr: treePtr });
    kernel.treeLevels(treePtr, shardCount, treePtr + shardCount * HASH_BYTES);
    const tree = kernel.bytes(treePtr, treeBytes);
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
        proof: proofIn(tree, widths, at),
      });
    });
    return { kind: 'symbols', symbols };
  } finally {
    kernel.release(mark);
  }
}

/** Nodes of each level of a tree, from the leaves to the root. */
function treeWidths(leafCount: number): number[] {
  const widths = [leafCount];
  for (let width = leafCount; width > 1; ) {
    width = Math.ceil(width / 2);
    widths.push(width);
  }
  return widths;
}

/** Siblings on the way from a leaf up, in a tree whose levels lie one after another. */
function proofIn(tree: Uint8Array, widths: readonly number[], leaf: number): MerkleProof {
  let levelBegin = 0;
  return widths.slice(0, -1).map((width, height) => {
    const at = (leaf >>> height) ^ 1;
    const begin = (levelBegin + at) * HASH_BYTES;
    levelBegin += width;
    return at < width ? tree.subarray(begin, begin + HASH_BYTES) : null;
  });
}
