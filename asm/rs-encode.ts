import { Code } from './code';
import { Engine } from './engine';
import { forwardFft, inverseFft } from './fft';
import {
  gatherPack,
  lanesInPack,
  PACK_STRIPES,
  packStripes,
  scatterPack,
  selectBlocks,
  selectTails,
} from './packs';

/** Two work areas of a pack of `Code.chunk` points each; set by `configure`. */
let coefficients: usize = 0;
let values: usize = 0;

/** Bytes of the work areas for one code. */
export function encodeWorkBytes(k: u32, m: u32, stripes: u32): usize {
  return (<usize>(2 * stripes * Code.chunk(k, m))) << 6;
}

/** @param bytes `encodeWorkBytes` of every code that is encoded, at least */
export function useEncodeWork(area: usize, bytes: usize): void {
  coefficients = area;
  values = area + bytes / 2;
}

/**
 * Reed-Solomon encodes `lanes` codewords side by side: the given `bytes` of k source symbols
 * become the same bytes of m repair symbols.
 *
 * @param bytes symbol bytes to encode: a multiple of 64, but for the end of a symbol
 * @param source symbol p of lane j lies at `source + p * pointPitch + j * lanePitch`
 * @param target likewise for the repair symbols
 */
export function rsEncode(
  k: u32,
  m: u32,
  lanes: u32,
  bytes: usize,
  source: usize,
  sourcePitch: usize,
  sourceLane: usize,
  target: usize,
  targetPitch: usize,
  targetLane: usize,
): void {
  const whole = bytes & ~63;
  const elements = <u32>(bytes & 63) >> 1;
  // Tails first: they write a little over their ends, where blocks are written after them.
  const each = elements === 0 ? lanes : lanesInPack(elements);
  for (let lane: u32 = 0; elements > 0 && lane < lanes; lane += each) {
    selectTails(min(each, lanes - lane), elements);
    const from = source + lane * sourceLane + whole;
    const to = target + lane * targetLane + whole;
    encodePack(k, m, from, sourcePitch, sourceLane, to, targetPitch, targetLane);
  }
  for (let lane: u32 = 0; lane < lanes; lane++) {
    for (let offset: usize = 0; offset < whole; offset += (<usize>PACK_STRIPES) << 6) {
      selectBlocks(min(PACK_STRIPES, <u32>((whole - offset) >> 6)));
      const from = source + lane * sourceLane + offset;
      encodePack(k, m, from, sourcePitch, 0, target + lane * targetLane + offset, targetPitch, 0);
    }
  }
}

function encodePack(
  k: u32,
  m: u32,
  source: usize,
  sourcePitch: usize,
  sourceLane: usize,
  target: usize,
  targetPitch: usize,
  targetLane: usize,
): void {
  const chunk = Code.chunk(k, m);
  const bytes = (<usize>chunk) << 6;
  const all = packStripes() * bytes;
  if (Code.isHigh(k, m)) {
    for (let first: u32 = 0; first < k; first += chunk) {
      const count = min(chunk, k - first);
      const work = first === 0 ? values : coefficients;
      gatherPack(work, bytes, count, source + first * sourcePitch, sourcePitch, sourceLane);
      for (let at: usize = 0; at < all; at += bytes)
        interpolate(work + at, count, chunk, first + chunk);
      if (first > 0) Engine.add(values, coefficients, all);
    }
    for (let at: usize = 0; at < all; at += bytes) forwardFft(values + at, chunk, m, 0);
    scatterPack(values, bytes, m, target, targetPitch, targetLane);
    return;
  }
  gatherPack(coefficients, bytes, k, source, sourcePitch, sourceLane);
  for (let at: usize = 0; at < all; at += bytes) interpolate(coefficients + at, k, chunk, 0);
  for (let first: u32 = 0; first < m; first += chunk) {
    const count = min(chunk, m - first);
    const last = first + count === m;
    const work = last ? coefficients : values;
    for (let at: usize = 0; at < all; at += bytes) {
      if (!last) memory.copy(work + at, coefficients + at, bytes);
      forwardFft(work + at, chunk, count, first + chunk);
    }
    scatterPack(work, bytes, count, target + first * targetPitch, targetPitch, targetLane);
  }
}

/** Coefficients of the stripe whose first `count` points are given and whose others are zero. */
function interpolate(stripe: usize, count: u32, chunk: u32, delta: u32): void {
  const given = (<usize>count) << 6;
  memory.fill(stripe + given, 0, ((<usize>chunk) << 6) - given);
  inverseFft(stripe, chunk, 0, count, delta);
}
