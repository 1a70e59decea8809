import { Kernel } from '../../src/kernel/kernel.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import { geometryFor } from '../../src/protocol/geometry.ts';
import { timed } from './measure.ts';

const shardCount = 1000;
const nodesPerRow = Math.ceil(shardCount / 16);
/** The kernel keeps the leaf hashes of all 2-byte symbols. */
const distinctLeaves = 65_536;

/** Inner nodes of a Merkle tree over `leaves` hashes. */
function innerNodes(leaves: number): number {
  let sum = 0;
  for (let width = leaves; width > 1; sum += width) width = Math.ceil(width / 2);
  return sum;
}

/** Time of one tree node's hash in this engine, in milliseconds: the least over some runs of 63,000 hot ones. */
export async function nodeHashTime(): Promise<number> {
  const kernel = new Kernel(await loadKernel());
  kernel.configure(shardCount, 2);
  const nodesPtr = kernel.alloc(shardCount * nodesPerRow * 32);
  const rootsPtr = kernel.alloc(shardCount * 32);
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 20; run += 1) {
    const time = await timed(() =>
      kernel.rowRoots({ nodesPtr, nodesPerRow, rowCount: shardCount, rootsPtr }),
    );
    least = Math.min(least, time);
  }
  return least / (shardCount * innerNodes(nodesPerRow));
}

/**
 * What the hashes of one blob take at least, in milliseconds on one thread: every symbol's leaf and every node of
 * the trees over rows and columns, each 128-byte block at the speed of a hot tree node.
 */
export function hashLimit(blobBytes: number, nodeTime: number): number {
  const { symbolBytes } = geometryFor(shardCount, blobBytes);
  const leaves = symbolBytes === 2 ? distinctLeaves : shardCount * shardCount;
  const leafBlocks = leaves * Math.ceil((symbolBytes + 1) / 128);
  return (leafBlocks + 2 * shardCount * innerNodes(shardCount)) * nodeTime;
}

/** The same for checking one sliver: its leaves and its tree. */
export function sliverHashLimit(blobBytes: number, nodeTime: number): number {
  const { symbolBytes } = geometryFor(shardCount, blobBytes);
  return (shardCount * Math.ceil((symbolBytes + 1) / 128) + innerNodes(shardCount)) * nodeTime;
}
