import { Blake2b, useLeafSize } from './blake2b';
import { copyOver } from './copy';
import { LEAF_MEMO, MASK_FULL, MASK_LAST, ZERO_NODES } from './memory-map';
import { fillZeroNodes } from './merkle';
import { rsEncode } from './rs-encode';

/** Bytes of a symbol that are transformed and hashed in one go; a multiple of 128. */
export const CHUNK: usize = 384;
/** Room for the byte before a chunk, keeping chunks 16-byte aligned. */
const CARRY: usize = 16;
/** Cells lie this far inside their area, so that hashing may read a little before the first. */
const MARGIN: usize = 64;

let n: u32 = 0;
let symbolBytes: usize = 0;
let lanesAtOnce: u32 = 1;
let cells: usize = 0;
let cellPitch: usize = 0;
let states: usize = 0;
let memoReady: bool = false;

/** Distance from one lane's leaf hashes to the next one's. */
export function leafPitch(shardCount: u32): usize {
  return (<usize>shardCount + 1) << 5;
}

export function cellBytes(shardCount: u32): usize {
  return <usize>shardCount * (CHUNK + CARRY) + 2 * MARGIN + 128;
}

export function useCodewords(
  shardCount: u32,
  size: usize,
  cellArea: usize,
  stateArea: usize,
): void {
  n = shardCount;
  symbolBytes = size;
  cells = cellArea + MARGIN;
  states = stateArea;
  lanesAtOnce = <u32>max<usize>(1, min<usize>(16, CHUNK / size));
  cellPitch = size <= CHUNK ? lanesAtOnce * size : CHUNK + CARRY;
  useLeafSize(size);
  // With two-byte symbols there are only 65536 different leaves: worth a table if n^2 is larger.
  if (size === 2 && shardCount > 512 && !memoReady) fillMemo();
  memory.fill(cells, 0, size <= CHUNK ? size : 0);
  if (size <= CHUNK) Blake2b.leaves(cells, 0, 1, ZERO_NODES);
  fillZeroNodes();
}

function fillMemo(): void {
  for (let value: u32 = 0; value < 65536; value++) {
    store<u16>(cells + ((<usize>value) << 1), <u16>value);
  }
  Blake2b.leaves(cells, 2, 65536, LEAF_MEMO);
  memoReady = true;
}

/**
 * Whether it pays to treat zero symbols apart: the rows of a matrix that its blob does not reach.
 * There are hardly any where symbols are long.
 */
export function worthSkipping(zeroCount: u32): bool {
  return zeroCount >= 8 && symbolBytes <= CHUNK;
}

/**
 * Extends `lanes` adjacent codewords from k to n symbols and hashes all n symbols of each.
 *
 * A few lanes, or a part of a long symbol, pass through an area that stays in the second-level
 * cache: copied in, transformed, and hashed while hot.
 *
 * @param source symbol p of lane j at `source + p * pointPitch + j * symbolBytes`
 * @param leaves leaf hashes: symbol p of lane j at `leaves + j * leafPitch(n) + 32 p`
 * @param zeroBegin, zeroEnd symbols that are zero in all lanes, if skipping them is worth it
 * @param repair 0, or where repair symbol i of lane j goes: `repair + i * repairPitch + j * symbolBytes`
 */
export function hashCodewords(
  k: u32,
  lanes: u32,
  source: usize,
  pointPitch: usize,
  leaves: usize,
  zeroBegin: u32,
  zeroEnd: u32,
  repair: usize,
  repairPitch: usize,
): void {
  const pitch = leafPitch(n);
  const step: u32 = symbolBytes <= CHUNK ? lanesAtOnce : 1;
  for (let lane: u32 = 0; lane < lanes; lane += step) {
    const from = source + lane * symbolBytes;
    const to = repair === 0 ? 0 : repair + lane * symbolBytes;
    const out = leaves + lane * pitch;
    if (symbolBytes <= CHUNK) {
      wholeSymbols(k, min(step, lanes - lane), from, pointPitch, to, repairPitch);
      hashWholeSymbols(min(step, lanes - lane), out, zeroBegin, zeroEnd);
    } else longSymbol(k, from, pointPitch, out, to, repairPitch);
  }
}

function wholeSymbols(
  k: u32,
  lanes: u32,
  source: usize,
  pointPitch: usize,
  repair: usize,
  repairPitch: usize,
): void {
  const bytes = lanes * symbolBytes;
  for (let p: u32 = 0; p < k; p++) copyOver(cells + p * cellPitch, source + p * pointPitch, bytes);
  const parity = cells + k * cellPitch;
  const size = symbolBytes;
  rsEncode(k, n - k, lanes, size, cells, cellPitch, size, parity, cellPitch, size);
  if (repair !== 0) copyOut(repair, repairPitch, parity, n - k, bytes);
}

function hashWholeSymbols(lanes: u32, leaves: usize, zeroBegin: u32, zeroEnd: u32): void {
  for (let lane: u32 = 0; lane < lanes; lane++) {
    const cell = cells + lane * symbolBytes;
    const out = leaves + lane * leafPitch(n);
    if (symbolBytes === 2 && memoReady) {
      for (let p: u32 = 0; p < n; p++) {
        const value = <usize>load<u16>(cell + p * cellPitch);
        memory.copy(out + ((<usize>p) << 5), LEAF_MEMO + (value << 5), 32);
      }
      continue;
    }
    hashCells(cell, out, 0, zeroBegin);
    for (let p = zeroBegin; p < zeroEnd; p++) memory.copy(out + ((<usize>p) << 5), ZERO_NODES, 32);
    hashCells(cell, out, zeroEnd, n);
  }
}

/** Leaf hashes of the symbols `from .. to` of one lane; symbol 0 lies at `cell`. */
function hashCells(cell: usize, leaves: usize, from: u32, to: u32): void {
  if (from >= to) return;
  Blake2b.leaves(cell + from * cellPitch, cellPitch, to - from, leaves + ((<usize>from) << 5));
}

function longSymbol(
  k: u32,
  source: usize,
  pointPitch: usize,
  leaves: usize,
  repair: usize,
  repairPitch: usize,
): void {
  const first = cells + CARRY;
  for (let begin: usize = 0; begin < symbolBytes; begin += CHUNK) {
    const bytes = min(CHUNK, symbolBytes - begin);
    for (let p: u32 = 0; p < n; p++) {
      const cell = first + p * cellPitch;
      // Hash blocks are one byte out of step with symbols: keep the byte before, at first the prefix.
      store<u8>(cell - 1, begin === 0 ? 0 : load<u8>(cell + CHUNK - 1));
    }
    for (let p: u32 = 0; p < k; p++) {
      copyOver(first + p * cellPitch, source + p * pointPitch + begin, bytes);
    }
    const parity = first + k * cellPitch;
    rsEncode(k, n - k, 1, bytes, first, cellPitch, 0, parity, cellPitch, 0);
    if (repair !== 0) copyOut(repair + begin, repairPitch, parity, n - k, bytes);
    absorbChunk(first, begin, bytes, leaves);
  }
}

function absorbChunk(first: usize, begin: usize, bytes: usize, leaves: usize): void {
  const blocks = bytes / 128;
  if (begin === 0) Blake2b.start(states, n);
  Blake2b.absorb(states, first, cellPitch, n, begin / 128, blocks, MASK_FULL);
  if (begin + bytes < symbolBytes) return;
  Blake2b.finish(states, first + blocks * 128, cellPitch, n, MASK_LAST, leaves);
}

/** Copies `count` cells exactly. */
function copyOut(target: usize, targetPitch: usize, cell: usize, count: u32, bytes: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    memory.copy(target + i * targetPitch, cell + i * cellPitch, bytes);
  }
}
