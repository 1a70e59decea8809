import { Code } from './code';
import { Engine } from './engine';
import { forwardFft, inverseFft } from './fft';
import { fwht } from './fwht';
import { Gf16 } from './gf16';
import { gather, scatter, selectBlock, selectTail } from './lanes';
import { LOCATOR, LOG, LOG_WALSH, PRESENT } from './memory-map';

let work: usize = 0;
/** u16 per given symbol: its index, 0 .. k+m. */
let indices: usize = 0;
let walshReady: bool = false;
let missing: u32 = 0;
/** Positions of the given symbols: the first, and one past the last. */
let firstGiven: u32 = 0;
let endGiven: u32 = 0;

/** Work area of ceilPow2(Code.end) points. */
export function useDecodeWork(area: usize): void {
  work = area;
}

function position(k: u32, m: u32, index: u32): u32 {
  const chunk = Code.chunk(k, m);
  if (Code.isHigh(k, m)) return index < k ? chunk + index : index - k;
  return index < k ? index : chunk + index - k;
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
  if (missing === 0) return;
  if (!walshReady) {
    memory.copy(LOG_WALSH, LOG, 131072);
    store<u16>(LOG_WALSH, 0);
    fwht(LOG_WALSH);
    walshReady = true;
  }
  const end = Code.end(k, m);
  const high = Code.isHigh(k, m);
  // Erased: every symbol that was not given, and positions that hold no symbol (spec, section 6).
  for (let at: u32 = 0; at < 65536; at++) {
    store<u16>(LOCATOR + (at << 1), <u16>(at < end || !high ? 1 : 0));
  }
  if (!high) for (let at = k; at < Code.chunk(k, m); at++) store<u16>(LOCATOR + (at << 1), 0);
  firstGiven = end;
  endGiven = 0;
  for (let i: u32 = 0; i < k; i++) {
    const at = position(k, m, load<u16>(given + (i << 1)));
    firstGiven = min(firstGiven, at);
    endGiven = max(endGiven, at + 1);
    store<u16>(LOCATOR + (at << 1), 0);
  }
  fwht(LOCATOR);
  for (let at: u32 = 0; at < 65536; at++) {
    const product = <u32>load<u16>(LOCATOR + (at << 1)) * <u32>load<u16>(LOG_WALSH + (at << 1));
    store<u16>(LOCATOR + (at << 1), <u16>Gf16.addLogs(product & 0xffff, product >>> 16));
  }
  fwht(LOCATOR);
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
  for (let i: u32 = 0; i < k; i++) {
    const index = <u32>load<u16>(indices + (i << 1));
    if (index >= k) continue;
    const from = source + i * sourcePitch;
    const to = target + index * targetPitch;
    for (let lane: u32 = 0; lane < lanes; lane++) {
      memory.copy(to + lane * targetLane, from + lane * sourceLane, bytes);
    }
  }
  if (missing === 0) return;
  const whole = bytes & ~63;
  const elements = <u32>(bytes & 63) >> 1;
  for (let lane: u32 = 0; lane < lanes; lane++) {
    for (let offset: usize = 0; offset < whole; offset += 64) {
      selectBlock(lane, offset);
      decodeStripe(k, m, source, sourcePitch, sourceLane, target, targetPitch, targetLane);
    }
  }
  if (elements === 0) return;
  const stripes = (lanes * elements + 31) / 32;
  for (let stripe: u32 = 0; stripe < stripes; stripe++) {
    selectTail(stripe, lanes, whole, elements);
    decodeStripe(k, m, source, sourcePitch, sourceLane, target, targetPitch, targetLane);
  }
}

function decodeStripe(
  k: u32,
  m: u32,
  source: usize,
  sourcePitch: usize,
  sourceLane: usize,
  target: usize,
  targetPitch: usize,
  targetLane: usize,
): void {
  const end = Code.end(k, m);
  const size = Code.ceilPow2(end);
  const first = Code.isHigh(k, m) ? Code.chunk(k, m) : 0;
  memory.fill(work, 0, (<usize>size) << 6);
  for (let i: u32 = 0; i < k; i++) {
    const at = position(k, m, load<u16>(indices + (i << 1)));
    const point = work + ((<usize>at) << 6);
    gather(point, 1, source + i * sourcePitch, sourcePitch, sourceLane);
    Engine.scale(point, point, Gf16.exp(load<u16>(LOCATOR + (at << 1))));
  }
  inverseFft(work, size, firstGiven, endGiven, 0);
  // The layers above the wanted points have factor 0 there: they change nothing.
  const wanted = Code.ceilPow2(first + k);
  derive(wanted, size);
  forwardFft(work, wanted, first + k, 0);
  for (let i: u32 = 0; i < k; i++) {
    if (load<u8>(PRESENT + i)) continue;
    const log = <u32>load<u16>(LOCATOR + ((first + i) << 1));
    const point = work + ((<usize>(first + i)) << 6);
    Engine.scale(point, point, Gf16.exp(65535 - log));
    scatter(point, 1, target + i * targetPitch, targetPitch, targetLane);
  }
}

/** The first `wanted` coefficients of the formal derivative of a polynomial with `size` of them. */
function derive(wanted: u32, size: u32): void {
  for (let i: u32 = 1; i < wanted; i++) {
    const width = i & (0 - i);
    const at = work + ((<usize>(i - width)) << 6);
    Engine.add(at, work + ((<usize>i) << 6), (<usize>width) << 6);
  }
  for (let i = wanted; i < size; i <<= 1) {
    Engine.add(work, work + ((<usize>i) << 6), (<usize>wanted) << 6);
  }
}
