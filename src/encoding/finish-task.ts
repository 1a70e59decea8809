import { GROUP_COLUMNS, type Kernel } from '../kernel/kernel.ts';
import { formatBlobId } from '../protocol/blob-id.ts';
import { ByteWriter } from '../protocol/byte-writer.ts';
import { encodedLength } from '../protocol/geometry.ts';
import { blake2b256 } from '../protocol/merkle.ts';
import { encodeMetadata, HASH_BYTES, RS2_ENCODING } from '../protocol/metadata.ts';
import type { FinishResult, FinishTask } from './tasks.ts';

/** Reduces the nodes of every row, and makes metadata, root hash and blob ID of all hashes. */
export function runFinishTask(kernel: Kernel, task: FinishTask): FinishResult {
  const { geometry } = task;
  const { shardCount, symbolBytes, blobBytes } = geometry;
  const mark = kernel.mark();
  try {
    const rowHashes = hashRows(kernel, task);
    const pairHashes = new Uint8Array(shardCount * 2 * HASH_BYTES);
    for (let row = 0; row < shardCount; row++) {
      const hash = rowHashes.subarray(row * HASH_BYTES, (row + 1) * HASH_BYTES);
      pairHashes.set(hash, row * 2 * HASH_BYTES);
    }
    for (const { begin, end, bytes } of task.roots) {
      for (let column = begin; column < end; column++) {
        const hash = new Uint8Array(bytes, (column - begin) * HASH_BYTES, HASH_BYTES);
        pairHashes.set(hash, (shardCount - 1 - column) * 2 * HASH_BYTES + HASH_BYTES);
      }
    }
    const rootHash = hashPairs(kernel, pairHashes);
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

/** The root of each row's tree, 32 bytes per row. */
function hashRows(kernel: Kernel, { geometry, nodes }: FinishTask): Uint8Array {
  const { shardCount } = geometry;
  const nodesPerRow = Math.ceil(shardCount / GROUP_COLUMNS);
  const nodesPtr = kernel.alloc(shardCount * nodesPerRow * HASH_BYTES);
  const rootsPtr = kernel.alloc(shardCount * HASH_BYTES);
  const mark = kernel.mark();
  for (const { begin, end, bytes } of nodes) {
    const pieceBytes = Math.ceil((end - begin) / GROUP_COLUMNS) * HASH_BYTES;
    const sourcePtr = kernel.alloc(bytes.byteLength);
    kernel.bytes(sourcePtr, bytes.byteLength).set(new Uint8Array(bytes));
    kernel.copyPieces({
      sourcePtr,
      sourcePitch: pieceBytes,
      pieceBytes,
      count: shardCount,
      targetPtr: nodesPtr + (begin / GROUP_COLUMNS) * HASH_BYTES,
      targetPitch: nodesPerRow * HASH_BYTES,
    });
    kernel.release(mark);
  }
  kernel.rowRoots({ nodesPtr, nodesPerRow, rowCount: shardCount, rootsPtr });
  return kernel.bytes(rootsPtr, shardCount * HASH_BYTES).slice();
}

function hashPairs(kernel: Kernel, pairHashes: Uint8Array): Uint8Array {
  const pairsPtr = kernel.alloc(pairHashes.length);
  const rootPtr = kernel.alloc(HASH_BYTES);
  kernel.bytes(pairsPtr, pairHashes.length).set(pairHashes);
  kernel.pairsRoot(pairsPtr, rootPtr);
  return kernel.bytes(rootPtr, HASH_BYTES).slice();
}
