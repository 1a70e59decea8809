import type { SymbolsTask } from '../../encoding/tasks.ts';
import { HASH_BYTES, type Kernel } from '../../kernel/kernel.ts';
import { symbolsPerSliver } from '../../protocol/geometry.ts';
import { encodeRecoverySymbol } from '../../protocol/recovery-symbol.ts';
import { checkSliverShape, decodeSliver } from '../../protocol/sliver.ts';
import { sliverIndex } from '../../protocol/sliver-mapping.ts';

const NODE_INPUT = 1 + 2 * HASH_BYTES;

/**
 * Cuts symbols with proofs out of a sliver, as `runSymbolsTask` does, but hashes in the kernel and builds the tree
 * once for all targets: a node does this for hundreds of slivers when it helps others to heal.
 *
 * @returns BCS RecoverySymbol per target
 * @throws HauloutError 'sliver-malformed', 'argument-invalid' (a target's index)
 */
export function cutSymbols(kernel: Kernel, task: SymbolsTask): readonly Uint8Array[] {
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
    const tree = treeOver(kernel, kernel.bytes(leavesPtr, shardCount * HASH_BYTES).slice());
    return task.targetIndices.map((target) => {
      const at = sliverIndex(target, shardCount);
      const ptr =
        at < sourceSymbols
          ? dataPtr + at * symbolBytes
          : repairPtr + (at - sourceSymbols) * symbolBytes;
      const data = kernel.bytes(ptr, symbolBytes);
      return encodeRecoverySymbol({ index: sliver.sliverIndex, data, proof: proofIn(tree, at) });
    });
  } finally {
    kernel.release(mark);
  }
}

/** All levels of a tree from the leaves up, without the root. A level of odd length ends with an empty node. */
function treeOver(kernel: Kernel, leaves: Uint8Array): Uint8Array[] {
  const inputPtr = kernel.alloc(NODE_INPUT);
  const outputPtr = kernel.alloc(HASH_BYTES);
  const input = kernel.bytes(inputPtr, NODE_INPUT);
  const output = kernel.bytes(outputPtr, HASH_BYTES);
  input[0] = 1;
  const levels: Uint8Array[] = [];
  for (let level = leaves; level.length > HASH_BYTES; ) {
    levels.push(level);
    const above = new Uint8Array(Math.ceil(level.length / (2 * HASH_BYTES)) * HASH_BYTES);
    for (let at = 0; at < above.length; at += HASH_BYTES) {
      const pair = level.subarray(at * 2, at * 2 + 2 * HASH_BYTES);
      input.fill(0, 1);
      input.set(pair, 1);
      kernel.blake2b256(inputPtr, NODE_INPUT, outputPtr);
      above.set(output, at);
    }
    level = above;
  }
  return levels;
}

function proofIn(levels: readonly Uint8Array[], index: number): (Uint8Array | null)[] {
  return levels.map((level, height) => {
    const at = ((index >>> height) ^ 1) * HASH_BYTES;
    return at < level.length ? level.subarray(at, at + HASH_BYTES) : null;
  });
}
