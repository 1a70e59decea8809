import { GROUP_COLUMNS, HASH_BYTES, type Kernel } from '../kernel/kernel.ts';
import { formatBlobId } from '../protocol/blob-id.ts';
import { ByteWriter } from '../protocol/byte-writer.ts';
import { encodedLength } from '../protocol/geometry.ts';
import { blake2b256 } from '../protocol/merkle.ts';
import { encodeMetadata, RS2_ENCODING } from '../protocol/metadata.ts';
import type { FinishResult, FinishTask } from './tasks.ts';

/** Reduces the nodes of every row, and makes metadata, root hash and blob ID of all hashes. */
export function runFinishTask(kernel: Kernel, task: FinishTask): FinishResult {
  const { shardCount, symbolBytes, blobBytes } = task.geometry;
  const mark = kernel.mark();
  try {
    const pairsPtr = kernel.alloc(shardCount * 2 * HASH_BYTES);
    const rootPtr = kernel.alloc(HASH_BYTES);
    placeRowHashes(kernel, task, pairsPtr);
    placeColumnHashes(kernel, task, pairsPtr);
    kernel.pairsRoot(pairsPtr, rootPtr);
    const pairHashes = kernel.bytes(pairsPtr, shardCount * 2 * HASH_BYTES);
    const rootHash = kernel.bytes(rootPtr, HASH_BYTES).slice();
    const committed = new ByteWriter(1 + 8 + HASH_BYTES).u8(RS2_ENCODING).u64(blobBytes);
    const summary = {
      blobId: formatBlobId(blake2b256(committed.raw(rootHash).bytes)),
      rootHash,
      metadata: encodeMetadata({ unencodedBytes: blobBytes, shardCount, pairHashes }),
      shardCount,
      symbolBytes,
      unencodedBytes: blobBytes,
      encodedBytes: encodedLength(blobBytes, shardCount),
    };
    return { kind: 'finish', summary };
  } finally {
    kernel.release(mark);
  }
}

/** The root of each row's tree is the first hash of the pair of the same number. */
function placeRowHashes(kernel: Kernel, { geometry, nodes }: FinishTask, pairsPtr: number): void {
  const { shardCount } = geometry;
  const nodesPerRow = Math.ceil(shardCount / GROUP_COLUMNS);
  const nodesPtr = kernel.alloc(shardCount * nodesPerRow * HASH_BYTES);
  const rootsPtr = kernel.alloc(shardCount * HASH_BYTES);
  const mark = kernel.mark();
  for (const { begin, end, bytes } of nodes) {
    const pieceBytes = Math.ceil((end - begin) / GROUP_COLUMNS) * HASH_BYTES;
    kernel.copyPieces({
      sourcePtr: place(kernel, bytes),
      sourcePitch: pieceBytes,
      pieceBytes,
      count: shardCount,
      targetPtr: nodesPtr + (begin / GROUP_COLUMNS) * HASH_BYTES,
      targetPitch: nodesPerRow * HASH_BYTES,
    });
    kernel.release(mark);
  }
  kernel.rowRoots({ nodesPtr, nodesPerRow, rowCount: shardCount, rootsPtr });
  kernel.copyPieces({
    sourcePtr: rootsPtr,
    sourcePitch: HASH_BYTES,
    pieceBytes: HASH_BYTES,
    count: shardCount,
    targetPtr: pairsPtr,
    targetPitch: 2 * HASH_BYTES,
  });
}

/** The root of column j is the second hash of pair n - 1 - j. */
function placeColumnHashes(
  kernel: Kernel,
  { geometry, roots }: FinishTask,
  pairsPtr: number,
): void {
  for (const { begin, end, bytes } of roots) {
    const mark = kernel.mark();
    kernel.copyPieces({
      sourcePtr: place(kernel, bytes),
      sourcePitch: HASH_BYTES,
      pieceBytes: HASH_BYTES,
      count: end - begin,
      targetPtr: pairsPtr + (geometry.shardCount - 1 - begin) * 2 * HASH_BYTES + HASH_BYTES,
      targetPitch: -2 * HASH_BYTES,
    });
    kernel.release(mark);
  }
}

function place(kernel: Kernel, bytes: ArrayBuffer): number {
  const ptr = kernel.alloc(bytes.byteLength);
  kernel.bytes(ptr, bytes.byteLength).set(new Uint8Array(bytes));
  return ptr;
}
