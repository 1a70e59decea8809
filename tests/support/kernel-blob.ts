import { GROUP_COLUMNS, type Kernel } from '../../src/kernel/kernel.ts';
import { type Axis, crossAxis } from '../../src/protocol/axis.ts';
import { formatBlobId } from '../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import {
  encodedLength,
  type Geometry,
  geometryFor,
  sliverBytes,
  sliversToDecode,
  symbolsPerSliver,
} from '../../src/protocol/geometry.ts';
import { blobIdFor } from '../../src/protocol/merkle.ts';
import { encodeMetadata } from '../../src/protocol/metadata.ts';
import { encodeSliver } from '../../src/protocol/sliver.ts';

/** The simplest complete use of the kernel: whole blobs in memory, on one thread. */

const HASH = 32;

/** Encodes a blob completely. */
export function kernelEncode(kernel: Kernel, shardCount: number, blob: Uint8Array): EncodedBlob {
  const geometry = geometryFor(shardCount, blob.length);
  const { rowCount, columnCount, symbolBytes, rowBytes } = geometry;
  kernel.configure(shardCount, symbolBytes, geometry.rowsUsed);
  const parityBytes = (shardCount - columnCount) * symbolBytes;
  const rowsPtr = kernel.alloc(rowCount * rowBytes);
  const parityPtr = kernel.alloc(rowCount * parityBytes);
  const repairPtr = kernel.alloc((shardCount - rowCount) * rowBytes);
  const source = kernel.bytes(rowsPtr, rowCount * rowBytes).fill(0);
  source.set(blob);
  const rowsCall = { rowsPtr, rowPitch: rowBytes, rowCount, parityPtr, parityPitch: parityBytes };
  kernel.encodeRows(rowsCall);

  const groupCount = Math.ceil(shardCount / GROUP_COLUMNS);
  const columnRootsPtr = kernel.alloc(shardCount * HASH);
  const nodesPtr = kernel.alloc(shardCount * groupCount * HASH);
  for (let group = 0; group < groupCount; group++) {
    const begin = group * GROUP_COLUMNS;
    const end = Math.min(begin + GROUP_COLUMNS, shardCount);
    const split = Math.min(Math.max(columnCount, begin), end);
    if (begin < split) {
      kernel.encodeColumns({
        columnsPtr: rowsPtr + begin * symbolBytes,
        rowPitch: rowBytes,
        columnCount: split - begin,
        slot: 0,
        repairPtr: repairPtr + begin * symbolBytes,
        repairPitch: rowBytes,
      });
    }
    if (split < end) {
      kernel.encodeColumns({
        columnsPtr: parityPtr + (split - columnCount) * symbolBytes,
        rowPitch: parityBytes,
        columnCount: end - split,
        slot: split - begin,
      });
    }
    kernel.closeGroup({
      columnCount: end - begin,
      columnRootsPtr: columnRootsPtr + begin * HASH,
      rowNodesPtr: nodesPtr + group * HASH,
      rowNodePitch: groupCount * HASH,
    });
  }
  const rootsPtr = kernel.alloc(shardCount * HASH);
  kernel.rowRoots({ nodesPtr, nodesPerRow: groupCount, rowCount: shardCount, rootsPtr });

  const read = (ptr: number, length: number) => kernel.bytes(ptr, length);
  const pairHashes = new Uint8Array(shardCount * 2 * HASH);
  for (let p = 0; p < shardCount; p++) {
    pairHashes.set(read(rootsPtr + p * HASH, HASH), p * 2 * HASH);
    const column = shardCount - 1 - p;
    pairHashes.set(read(columnRootsPtr + column * HASH, HASH), (p * 2 + 1) * HASH);
  }
  const metadata = { unencodedBytes: blob.length, shardCount, pairHashes };
  const { rootHash, blobId } = blobIdFor(metadata);
  const primary = (row: number) =>
    row < rowCount
      ? read(rowsPtr + row * rowBytes, rowBytes)
      : read(repairPtr + (row - rowCount) * rowBytes, rowBytes);
  const secondary = (column: number) => {
    const data = new Uint8Array(geometry.columnBytes);
    for (let r = 0; r < rowCount; r++) {
      const ptr =
        column < columnCount
          ? rowsPtr + r * rowBytes + column * symbolBytes
          : parityPtr + r * parityBytes + (column - columnCount) * symbolBytes;
      data.set(read(ptr, symbolBytes), r * symbolBytes);
    }
    return data;
  };
  const slivers = (dataOf: (index: number) => Uint8Array) =>
    Array.from({ length: shardCount }, (_, sliverIndex) =>
      encodeSliver({ data: dataOf(sliverIndex), symbolBytes, sliverIndex }),
    );
  return {
    blobId: formatBlobId(blobId),
    rootHash,
    metadata: encodeMetadata(metadata),
    shardCount,
    symbolBytes,
    unencodedBytes: blob.length,
    encodedBytes: encodedLength(blob.length, shardCount),
    primarySlivers: slivers(primary),
    secondarySlivers: slivers(secondary).reverse(),
  };
}

/** Decodes a blob from exactly as many slivers as it takes, given as data by sliver index. */
export function kernelDecode(
  kernel: Kernel,
  geometry: Geometry,
  axis: Axis,
  slivers: readonly (readonly [index: number, data: Uint8Array])[],
): Uint8Array {
  const { symbolBytes, rowBytes, rowCount, blobBytes } = geometry;
  const bytes = sliverBytes(geometry, axis);
  kernel.configure(geometry.shardCount, symbolBytes);
  const sourcePtr = kernel.alloc(slivers.length * bytes);
  const targetPtr = kernel.alloc(rowCount * rowBytes);
  slivers.forEach(([, data], i) => {
    kernel.bytes(sourcePtr + i * bytes, bytes).set(data);
  });
  const primary = axis === 'primary';
  kernel.decode({
    code: primary ? 'column' : 'row',
    indices: Uint16Array.from(slivers, ([index]) => index),
    sourcePtr,
    sourcePitch: bytes,
    laneCount: symbolsPerSliver(geometry, axis),
    targetPtr,
    targetPointPitch: primary ? rowBytes : symbolBytes,
    targetLanePitch: primary ? symbolBytes : rowBytes,
  });
  return kernel.bytes(targetPtr, blobBytes).slice();
}

/** Data of one sliver from exactly as many symbols of crossing slivers as it takes. */
export function kernelRecover(
  kernel: Kernel,
  geometry: Geometry,
  axis: Axis,
  symbols: readonly (readonly [index: number, symbol: Uint8Array])[],
): Uint8Array {
  const { symbolBytes } = geometry;
  const bytes = sliversToDecode(geometry, crossAxis(axis)) * symbolBytes;
  kernel.configure(geometry.shardCount, symbolBytes);
  const sourcePtr = kernel.alloc(bytes);
  const targetPtr = kernel.alloc(bytes);
  symbols.forEach(([, symbol], i) => {
    kernel.bytes(sourcePtr + i * symbolBytes, symbolBytes).set(symbol);
  });
  kernel.decode({
    code: axis === 'primary' ? 'row' : 'column',
    indices: Uint16Array.from(symbols, ([index]) => index),
    sourcePtr,
    sourcePitch: symbolBytes,
    laneCount: 1,
    targetPtr,
    targetPointPitch: symbolBytes,
    targetLanePitch: symbolBytes,
  });
  return kernel.bytes(targetPtr, bytes).slice();
}

/** What a sliver of this data hashes to. */
export function kernelSliverRoot(
  kernel: Kernel,
  geometry: Geometry,
  axis: Axis,
  data: Uint8Array,
): Uint8Array {
  kernel.configure(geometry.shardCount, geometry.symbolBytes);
  const [dataPtr, rootPtr] = [kernel.alloc(data.length), kernel.alloc(HASH)];
  kernel.bytes(dataPtr, data.length).set(data);
  kernel.sliverRoot(axis, dataPtr, rootPtr);
  return kernel.bytes(rootPtr, HASH).slice();
}
