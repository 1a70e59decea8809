import { Code } from './code';
import { Engine } from './engine';
import { forwardFft, inverseFft } from './fft';
import { fwht } from './fwht';
import { Gf16 } from './gf16';
import { GIVEN_RANGES, LOCATOR, LOG, LOG_WALSH, PRESENT } from './memory-map';
import {
  gatherPack,
  lanesInPack,
  PACK_STRIPES,
  packStripes,
  scatterPack,
  selectBlocks,
  selectTails,
} from './packs';

/**
 * Erasure decoding by interpolation: with E the polynomial that vanishes at all erased points, the
 * codeword polynomial F is at an erased point x what (E F)' / E' is there, and E F is known
 * everywhere.
 *
 * The transform of all points is taken apart into blocks of `Code.chunk` points. The derivative at
 * the points of one block needs the derivative of the block itself and of each other block its
 * coefficients times a constant, so that nothing larger than a chunk is ever transformed.
 */

/**
 * One chunk per block with values, then coefficients of E F; two for the derivative; and the given
 * symbols and the result of each stripe of a pack.
 */
let work: usize = 0;
/** u16 per given symbol: its index, 0 .. k+m. */
let indices: usize = 0;
let missing: u32 = 0;

/** Bytes of the work area for one code. */
export function decodeWorkBytes(k: u32, m: u32): usize {
  const chunk = Code.chunk(k, m);
  const points = Code.ceilPow2(Code.end(k, m)) + 2 * chunk + 2 * PACK_STRIPES * k;
  return (<usize>points) << 6;
}

/** @param area `decodeWorkBytes` of every code that is decoded, at least */
export function useDecodeWork(area: usize): void {
  work = area;
}

function position(k: u32, m: u32, index: u32): u32 {
  const chunk = Code.chunk(k, m);
  if (Code.isHigh(k, m)) return index < k ? chunk + index : index - k;
  return index < k ? index : chunk + index - k;
}

/** Which points of a block were given: none if the second number is 0. */
function rangeOf(block: u32): usize {
  return GIVEN_RANGES + ((<usize>block) << 3);
}

/** The first source symbol's point. */
function firstSource(k: u32, m: u32): u32 {
  return Code.isHigh(k, m) ? Code.chunk(k, m) : 0;
}

/**
 * Prepares the error locator of one erasure pattern: all symbols but the k given ones are missing.
 *
 * @param given u16[k]: distinct indices of the given symbols, in the order in which they will lie
 */
export function prepareErasures(k: u32, m: u32, given: usize): void {
  indices = given;
  missing = k;
  memory.fill(PRESENT, 0, k);
  for (let i: u32 = 0; i < k; i++) {
    const index = <u32>load<u16>(given + (i << 1));
    if (index >= k) continue;
    store<u8>(PRESENT + index, 1);
    missing--;
  }
  const end = Code.end(k, m);
  const size = Code.ceilPow2(end);
  const chunk = Code.chunk(k, m);
  for (let block: u32 = 0; block < size; block += chunk) {
    store<u32>(rangeOf(block / chunk), chunk);
    store<u32>(rangeOf(block / chunk), 0, 4);
  }
  if (missing === 0) return;
  const high = Code.isHigh(k, m);
  // Erased: every symbol that was not given, and points that hold no symbol (spec, section 6). What
  // lies past `size` would only multiply E by a constant.
  for (let at: u32 = 0; at < size; at++) {
    store<u16>(LOCATOR + (at << 1), <u16>(at < end || !high ? 1 : 0));
  }
  if (!high) for (let at = k; at < chunk; at++) store<u16>(LOCATOR + (at << 1), 0);
  for (let i: u32 = 0; i < k; i++) {
    const at = position(k, m, load<u16>(given + (i << 1)));
    store<u16>(LOCATOR + (at << 1), 0);
    const range = rangeOf(at / chunk);
    store<u32>(range, min(load<u32>(range), at % chunk));
    store<u32>(range, max(load<u32>(range, 4), (at % chunk) + 1), 4);
  }
  // Log E at every point x: the sum of log(x ^ e) over all erased e, a convolution.
  memory.copy(LOG_WALSH, LOG, (<usize>size) << 1);
  store<u16>(LOG_WALSH, 0);
  fwht(LOG_WALSH, size);
  fwht(LOCATOR, size);
  // Two transforms multiply by `size`; 2^16 is 1 modulo 65535, which makes this its inverse.
  const unscale: u32 = 65536 / size;
  for (let at: u32 = 0; at < size; at++) {
    const product = <u32>load<u16>(LOCATOR + (at << 1)) * <u32>load<u16>(LOG_WALSH + (at << 1));
    const log = Gf16.addLogs(product & 0xffff, product >>> 16) * unscale;
    store<u16>(LOCATOR + (at << 1), <u16>Gf16.addLogs(log & 0xffff, log >>> 16));
  }
  fwht(LOCATOR, size);
}

/**
 * Recovers all k source symbols of `lanes` codewords from the k symbols named to `prepareErasures`.
 * Pitches as in `rsEncode`; source point i is the i-th given symbol.
 */
export function rsDecode(
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
    decodePack(k, m, from, sourcePitch, sourceLane, to, targetPitch, targetLane);
  }
  for (let lane: u32 = 0; lane < lanes; lane++) {
    for (let offset: usize = 0; offset < whole; offset += (<usize>PACK_STRIPES) << 6) {
      selectBlocks(min(PACK_STRIPES, <u32>((whole - offset) >> 6)));
      const from = source + lane * sourceLane + offset;
      decodePack(k, m, from, sourcePitch, 0, target + lane * targetLane + offset, targetPitch, 0);
    }
  }
}

function decodePack(
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
  const stripe = (<usize>k) << 6;
  const given = work + ((<usize>(Code.ceilPow2(Code.end(k, m)) + 2 * chunk)) << 6);
  const result = given + PACK_STRIPES * stripe;
  gatherPack(given, stripe, k, source, sourcePitch, sourceLane);
  const all = packStripes() * stripe;
  for (let at: usize = 0; at < all; at += stripe) decodeStripe(k, m, given + at, result + at);
  scatterPack(result, stripe, k, target, targetPitch, targetLane);
}

function decodeStripe(k: u32, m: u32, given: usize, result: usize): void {
  placeGiven(k, m, given, result);
  if (missing === 0) return;
  const chunk = Code.chunk(k, m);
  const size = Code.ceilPow2(Code.end(k, m));
  const values = work + ((<usize>size) << 6);
  for (let block: u32 = 0; block < size; block += chunk) {
    const live = load<u32>(rangeOf(block / chunk), 4);
    const from = load<u32>(rangeOf(block / chunk));
    if (live > 0) inverseFft(work + ((<usize>block) << 6), chunk, from, live, block);
  }
  const first = firstSource(k, m);
  for (let block = first; block < first + k; block += chunk) {
    derive(values, block, chunk, size);
    const count = min(chunk, first + k - block);
    forwardFft(values, chunk, count, block);
    takeMissing(values, count, block, result + ((<usize>(block - first)) << 6), block - first);
  }
}

/** Puts values of E F where the transforms find them, and given source symbols into the result. */
function placeGiven(k: u32, m: u32, given: usize, result: usize): void {
  const chunk = Code.chunk(k, m);
  const size = Code.ceilPow2(Code.end(k, m));
  for (let block: u32 = 0; block < size; block += chunk) {
    if (load<u32>(rangeOf(block / chunk), 4) === 0) continue;
    memory.fill(work + ((<usize>block) << 6), 0, (<usize>chunk) << 6);
  }
  for (let i: u32 = 0; i < k; i++, given += 64) {
    const index = <u32>load<u16>(indices + (i << 1));
    if (index < k) memory.copy(result + ((<usize>index) << 6), given, 64);
    if (missing === 0) continue;
    const at = position(k, m, index);
    Engine.scale(work + ((<usize>at) << 6), given, Gf16.exp(load<u16>(LOCATOR + (at << 1))));
  }
}

/** Divides the values of (E F)' at missing symbols by those of E'. */
function takeMissing(values: usize, count: u32, block: u32, result: usize, first: u32): void {
  for (let i: u32 = 0; i < count; i++, values += 64, result += 64) {
    if (load<u8>(PRESENT + first + i)) continue;
    const log = <u32>load<u16>(LOCATOR + ((block + i) << 1));
    Engine.scale(result, values, Gf16.exp(65535 - log));
  }
}

/**
 * Coefficients, in one block, of the formal derivative of the polynomial in `work`.
 *
 * @param values receives them; the chunk behind it is overwritten too
 */
function derive(values: usize, block: u32, chunk: u32, size: u32): void {
  const bytes = (<usize>chunk) << 6;
  const temp = values + bytes;
  if (load<u32>(rangeOf(block / chunk), 4) > 0) {
    const own = work + ((<usize>block) << 6);
    memory.copy(values, own, bytes);
    for (let i: u32 = 1; i < chunk; i++) {
      const width = i & (0 - i);
      const at = values + ((<usize>(i - width)) << 6);
      Engine.add(at, values + ((<usize>i) << 6), (<usize>width) << 6);
    }
    if (ctz(size / chunk) & 1) Engine.add(values, own, bytes);
  } else memory.fill(values, 0, bytes);
  for (let other: u32 = 0; other < size; other += chunk) {
    if (other === block || load<u32>(rangeOf(other / chunk), 4) === 0) continue;
    const coefficients = work + ((<usize>other) << 6);
    const distance = (other ^ block) / chunk;
    if (distance === 1) Engine.add(values, coefficients, bytes);
    else {
      memory.copy(temp, coefficients, bytes);
      Engine.forward(values, temp, bytes, Gf16.exp(65535 - Gf16.log(distance)));
    }
  }
}
