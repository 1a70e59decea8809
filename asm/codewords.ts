import { Blake2b, stateBytes, useLeafSize } from './blake2b';
import { copyOver } from './copy';
import { LEAF_MEMO, MASK_FIRST, MASK_FULL, MASK_LAST, ZERO_NODES } from './memory-map';
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
 * A few lanes, or a part of a long symbol, are taken at a time, so that they are hashed while they
 * are still in the second-level cache.
 *
 * @param source symbol p of lane j at `source + p * pointPitch + j * symbolBytes`
 * @param leaves leaf hashes: symbol p of lane j at `leaves + j * leafPitch(n) + 32 p`
 * @param zeroBegin, zeroEnd source symbols that are zero in all lanes, if skipping them is worth it
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
      const count = min(step, lanes - lane);
      wholeSymbols(k, count, from, pointPitch, out, zeroBegin, zeroEnd, to, repairPitch);
    } else longSymbol(k, from, pointPitch, out, to, repairPitch);
  }
}

function wholeSymbols(
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
  const size = symbolBytes;
  const parity = repair === 0 ? cells : repair;
  const parityPitch = repair === 0 ? lanesAtOnce * size : repairPitch;
  rsEncode(k, n - k, lanes, size, source, pointPitch, size, parity, parityPitch, size);
  for (let lane: u32 = 0; lane < lanes; lane++) {
    const out = leaves + lane * leafPitch(n);
    const symbol = source + lane * size;
    hashSymbols(symbol, pointPitch, out, 0, zeroBegin);
    for (let p = zeroBegin; p < zeroEnd; p++) copyOver(out + ((<usize>p) << 5), ZERO_NODES, 32);
    hashSymbols(symbol, pointPitch, out, zeroEnd, k);
    hashSymbols(parity + lane * size, parityPitch, out + ((<usize>k) << 5), 0, n - k);
  }
}

/** Leaf hashes of the symbols `from .. to` of one lane; symbol 0 lies at `first`. */
function hashSymbols(first: usize, pitch: usize, leaves: usize, from: u32, to: u32): void {
  if (from >= to) return;
  const symbol = first + from * pitch;
  const out = leaves + ((<usize>from) << 5);
  if (symbolBytes === 2 && memoReady) {
    for (let i: u32 = 0; i < to - from; i++) {
      const value = <usize>load<u16>(symbol + i * pitch);
      copyOver(out + ((<usize>i) << 5), LEAF_MEMO + (value << 5), 32);
    }
  } else Blake2b.leaves(symbol, pitch, to - from, out);
}

function longSymbol(
  k: u32,
  source: usize,
  pointPitch: usize,
  leaves: usize,
  repair: usize,
  repairPitch: usize,
): void {
  const m = n - k;
  for (let begin: usize = 0; begin < symbolBytes; begin += CHUNK) {
    const bytes = min(CHUNK, symbolBytes - begin);
    let parity = repair + begin;
    let parityPitch = repairPitch;
    if (repair === 0) {
      parity = cells + CARRY;
      parityPitch = CHUNK + CARRY;
      if (begin > 0) carryBytes(parity, parityPitch, m);
    }
    rsEncode(k, m, 1, bytes, source + begin, pointPitch, 0, parity, parityPitch, 0);
    absorbChunk(states, source + begin, pointPitch, k, begin, bytes, leaves);
    const behind = states + stateBytes(k);
    absorbChunk(behind, parity, parityPitch, m, begin, bytes, leaves + ((<usize>k) << 5));
  }
}

/** Hash blocks are one byte out of step with symbols: keeps the last byte of each chunk. */
function carryBytes(first: usize, pitch: usize, count: u32): void {
  const end = first + count * pitch;
  for (let cell = first; cell < end; cell += pitch) {
    store<u8>(cell - 1, load<u8>(cell + CHUNK - 1));
  }
}

/** Hashes the bytes `begin .. begin + bytes` of some symbols, which lie at `first` and so on. */
function absorbChunk(
  state: usize,
  first: usize,
  pitch: usize,
  count: u32,
  begin: usize,
  bytes: usize,
  leaves: usize,
): void {
  const blocks = bytes / 128;
  if (begin === 0) Blake2b.start(state, count);
  const mask = begin === 0 ? MASK_FIRST : MASK_FULL;
  Blake2b.absorb(state, first, pitch, count, begin / 128, blocks, mask);
  if (begin + bytes < symbolBytes) return;
  Blake2b.finish(state, first + blocks * 128, pitch, count, MASK_LAST, leaves);
}
