/**
 * The kernel's ABI: numbers in, nothing out. Pointers are byte offsets into the one memory, symbol
 * data is read up to 128 bytes past its end, and everything below `heapBase()` is the kernel's.
 * Arguments are checked by the caller (src/kernel/kernel.ts); shapes are those of `configure`.
 */
import { Blake2b, setHashWidth as chooseHashWidth, stateBytes } from './blake2b';
import { cellBytes, hashCodewords, leafPitch, useCodewords, worthSkipping } from './codewords';
import { copyOver } from './copy';
import { buildTables } from './gf16';
import { HEAP } from './memory-map';
import { GROUP, merkleLevels, merkleRoot, reduceGroup } from './merkle';
import { PACK_STRIPES } from './packs';
import { decodeWorkBytes, prepareErasures, rsDecode, useDecodeWork } from './rs-decode';
import { encodeWorkBytes, rsEncode, useEncodeWork } from './rs-encode';

let n: u32 = 0;
/** Rows and columns of the source matrix. */
let k1: u32 = 0;
let k2: u32 = 0;
let symbolBytes: usize = 0;
/** First zero row of the source matrix; k1 if none are worth skipping. */
let zeroRow: u32 = 0;
let leaves: usize = 0;
let tree: usize = 0;

buildTables();

export function heapBase(): usize {
  return HEAP;
}

/** 1 if this build uses vectors, 0 if it is the scalar one. */
export function isSimd(): u32 {
  return ASC_FEATURE_SIMD ? 1 : 0;
}

/** 2 or 3 messages hashed side by side; only the speed differs, and which is faster is up to the processor. */
export function setHashWidth(messages: u32): void {
  chooseHashWidth(messages);
}

function rowsOf(shardCount: u32): u32 {
  return shardCount - 2 * ((shardCount - 1) / 3);
}

function columnsOf(shardCount: u32): u32 {
  return shardCount - (shardCount - 1) / 3;
}

/** Bytes that encoding or decoding needs, whichever of the two codes is used. */
function transformBytes(shardCount: u32): usize {
  const rows = rowsOf(shardCount);
  const columns = columnsOf(shardCount);
  return max(
    max(decodeWorkBytes(rows, shardCount - rows), decodeWorkBytes(columns, shardCount - columns)),
    max(
      encodeWorkBytes(rows, shardCount - rows, PACK_STRIPES),
      encodeWorkBytes(columns, shardCount - columns, PACK_STRIPES),
    ),
  );
}

/** Bytes of scratch that `configure` needs for this many shards. */
export function scratchBytes(shardCount: u32): usize {
  return (
    transformBytes(shardCount) +
    GROUP * leafPitch(shardCount) +
    leafPitch(shardCount) +
    cellBytes(shardCount) +
    2 * stateBytes(shardCount)
  );
}

/**
 * Fixes shard count and symbol size.
 *
 * @param rowsUsed rows of the source matrix that may differ from zero, 1 .. k1
 * @param scratch 64-byte aligned, `scratchBytes(shardCount)` bytes
 */
export function configure(shardCount: u32, size: usize, rowsUsed: u32, scratch: usize): void {
  n = shardCount;
  k1 = rowsOf(n);
  k2 = columnsOf(n);
  symbolBytes = size;
  const transform = transformBytes(n);
  useEncodeWork(scratch, transform);
  useDecodeWork(scratch);
  leaves = scratch + transform;
  tree = leaves + GROUP * leafPitch(n);
  const states = tree + leafPitch(n);
  useCodewords(n, size, states + 2 * stateBytes(n), states);
  zeroRow = worthSkipping(k1 - rowsUsed) ? rowsUsed : k1;
}

/** Repair symbols (columns k2 .. n) of `rowCount` rows. */
export function encodeRows(
  rows: usize,
  rowPitch: usize,
  rowCount: u32,
  parity: usize,
  parityPitch: usize,
): void {
  const size = symbolBytes;
  rsEncode(k2, n - k2, rowCount, size, rows, size, rowPitch, parity, size, parityPitch);
}

/** Expands and hashes adjacent columns into leaf slots `slot ..` of the current group. */
export function encodeColumns(
  columns: usize,
  rowPitch: usize,
  columnCount: u32,
  slot: u32,
  repair: usize,
  repairPitch: usize,
): void {
  const to = leaves + slot * leafPitch(n);
  hashCodewords(k1, columnCount, columns, rowPitch, to, zeroRow, k1, repair, repairPitch);
}

/**
 * Copies `count` pieces of `bytes` bytes. Each copy is rounded up to a multiple of 16 bytes: what
 * runs over is overwritten by the next piece if it follows at once.
 */
export function copyPieces(
  source: usize,
  sourcePitch: usize,
  bytes: usize,
  count: u32,
  target: usize,
  targetPitch: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    copyOver(target + i * targetPitch, source + i * sourcePitch, bytes);
  }
}

export { fingerprint } from './fingerprint';

/** Roots of the group's columns, and what the group contributes to the tree of each row. */
export function closeGroup(
  columnCount: u32,
  columnRoots: usize,
  rowNodes: usize,
  rowNodePitch: usize,
): void {
  const pitch = leafPitch(n);
  for (let j: u32 = 0; j < columnCount; j++) {
    merkleRoot(leaves + j * pitch, n, tree, columnRoots + ((<usize>j) << 5), zeroRow, k1);
  }
  // Zero rows are alike: the first stands for the others.
  const firstZero = min(zeroRow + 1, k1);
  const alone = n <= GROUP;
  reduceGroup(leaves, pitch, columnCount, alone, 0, firstZero);
  reduceGroup(leaves, pitch, columnCount, alone, k1, n);
  for (let r: u32 = 0; r < n; r++) {
    const from = r >= firstZero && r < k1 ? zeroRow : r;
    copyOver(rowNodes + r * rowNodePitch, leaves + ((<usize>from) << 5), 32);
  }
}

/** Row roots from the nodes of all groups. */
export function rowRoots(nodes: usize, nodesPerRow: u32, rowCount: u32, roots: usize): void {
  for (let r: u32 = 0; r < rowCount; r++) {
    merkleRoot(
      nodes + ((<usize>r * nodesPerRow) << 5),
      nodesPerRow,
      tree,
      roots + ((<usize>r) << 5),
      0,
      0,
    );
  }
}

/** Root of the tree over sliver pairs of 64 bytes; leaf hashes are left at `leafHashes` (32 n bytes). */
export function pairsRoot(pairs: usize, count: u32, leafHashes: usize, root: usize): void {
  for (let p: u32 = 0; p < count; p++) {
    Blake2b.pairLeaf(pairs + ((<usize>p) << 6), leafHashes + ((<usize>p) << 5));
  }
  merkleRoot(leafHashes, count, tree, root, 0, 0);
}

/** Root over the n symbols that a sliver expands to; `isPrimary` is 1 for a row, 0 for a column. */
export function sliverRoot(isPrimary: u32, data: usize, root: usize): void {
  hashCodewords(isPrimary ? k2 : k1, 1, data, symbolBytes, leaves, 0, 0, 0, 0);
  merkleRoot(leaves, n, tree, root, 0, 0);
}

/** Repair symbols and all n leaf hashes of a sliver. */
export function expandSliver(isPrimary: u32, data: usize, repair: usize, leafHashes: usize): void {
  hashCodewords(isPrimary ? k2 : k1, 1, data, symbolBytes, leaves, 0, 0, repair, symbolBytes);
  memory.copy(leafHashes, leaves, (<usize>n) << 5);
}

/** All levels of the tree above `count` leaf hashes, one after another, the root last. */
export function treeLevels(leafHashes: usize, count: u32, levels: usize): void {
  merkleLevels(leafHashes, count, levels);
}

/** Fixes the pattern of the decodes that follow: u16[k] indices of the given symbols. */
export function prepareDecode(isRowCode: u32, given: usize): void {
  const k = isRowCode ? k2 : k1;
  prepareErasures(k, n - k, given);
}

/** Source symbols of `lanes` codewords from the k given ones. */
export function decode(
  isRowCode: u32,
  lanes: u32,
  source: usize,
  sourcePitch: usize,
  target: usize,
  targetPitch: usize,
  targetLane: usize,
): void {
  const k = isRowCode ? k2 : k1;
  const size = symbolBytes;
  rsDecode(k, n - k, lanes, size, source, sourcePitch, size, target, targetPitch, targetLane);
}

/** One-dimensional encode of any code, for conformance tests and small codes. */
export function rsEncodeSymbols(
  k: u32,
  m: u32,
  bytes: usize,
  scratch: usize,
  source: usize,
  target: usize,
): void {
  useEncodeWork(scratch, encodeWorkBytes(k, m, PACK_STRIPES));
  rsEncode(k, m, 1, bytes, source, bytes, 0, target, bytes, 0);
}

export function blake2b256(at: usize, length: usize, out: usize): void {
  Blake2b.digest(at, length, out);
}
