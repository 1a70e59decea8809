import { Blake2b, STATE_BYTES, useLeafSize } from './blake2b';
import { LEAF_MEMO, MASK_FULL, MASK_LAST, NOWHERE, ZERO_NODES } from './memory-map';
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

export function stateBytes(shardCount: u32): usize {
  return ((<usize>shardCount + 2) / 3) * STATE_BYTES;
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
  if (size <= CHUNK) Blake2b.leaves(cells, cells, cells, ZERO_NODES, NOWHERE, NOWHERE);
  fillZeroNodes();
}

function fillMemo(): void {
  // The values lie one after the other; 65536 is one more than a multiple of three.
  for (let value: u32 = 0; value < 65536; value++)
    store<u16>(cells + ((<usize>value) << 1), <u16>value);
  for (let value: usize = 0; value < 65536; value += 3) {
    const a = cells + (value << 1);
    const out = LEAF_MEMO + (value << 5);
    const last = value === 65535;
    Blake2b.leaves(a, a + 2, a + 4, out, last ? NOWHERE : out + 32, last ? NOWHERE : out + 64);
  }
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
  for (let p = from; p < to; p += 3) {
    const two = p + 1 < to;
    const three = p + 2 < to;
    const a = cell + p * cellPitch;
    const b = two ? a + cellPitch : a;
    const c = three ? a + 2 * cellPitch : a;
    const out = leaves + ((<usize>p) << 5);
    Blake2b.leaves(a, b, c, out, two ? out + 32 : NOWHERE, three ? out + 64 : NOWHERE);
  }
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
  const last = begin + bytes === symbolBytes;
  const firstBlock = begin / 128;
  const full = bytes / 128;
  let state = states;
  for (let p: u32 = 0; p < n; p += 3, state += STATE_BYTES) {
    const two = p + 1 < n;
    const three = p + 2 < n;
    const a = first + p * cellPitch;
    const b = two ? a + cellPitch : a;
    const c = three ? a + 2 * cellPitch : a;
    if (begin === 0) Blake2b.start(state);
    Blake2b.absorb(state, a, b, c, firstBlock, full, MASK_FULL);
    if (!last) continue;
    const at = full * 128;
    const out = leaves + ((<usize>p) << 5);
    const outB = two ? out + 32 : NOWHERE;
    const outC = three ? out + 64 : NOWHERE;
    Blake2b.finish(state, a + at, b + at, c + at, MASK_LAST, out, outB, outC);
  }
}

/** Copies `bytes` rounded up to whole vectors: what runs over is overwritten by the next cell. */
export function copyOver(target: usize, source: usize, bytes: usize): void {
  if (ASC_FEATURE_SIMD) {
    for (let at: usize = 0; at < bytes; at += 16) v128.store(target + at, v128.load(source + at));
  } else memory.copy(target, source, bytes);
}

/** Copies `count` cells exactly. */
function copyOut(target: usize, targetPitch: usize, cell: usize, count: u32, bytes: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    memory.copy(target + i * targetPitch, cell + i * cellPitch, bytes);
  }
}
