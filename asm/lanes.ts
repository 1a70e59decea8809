import { Engine } from './engine';
import { BLOCK } from './memory-map';

/**
 * Stripes out of symbols, and back. A symbol of s bytes is s/64 blocks of 32 low and 32 high bytes
 * and a tail of t = s mod 64 bytes, t/2 low and t/2 high. Element positions are independent, so a
 * whole block is one stripe, and tails of several lanes (adjacent symbols) share stripes: element e
 * of lane j is number `j * t/2 + e` of a stream that is cut every 32 elements.
 *
 * A stripe is described by globals, set once per stripe by `selectBlock` or `selectTail` and then
 * used for each of its points.
 */
let segmentCount: u32 = 0;
let wholeBlock: bool = false;
/** Offset of the block or tail inside a symbol. */
let symbolOffset: usize = 0;
/** Lane of the first segment, its first element, and elements per lane. */
let firstLane: u32 = 0;
let firstElement: u32 = 0;
let laneElements: u32 = 0;
let stripeElements: u32 = 0;

/** The stripe of one 64-byte block of one lane. */
export function selectBlock(lane: u32, offset: usize): void {
  wholeBlock = true;
  firstLane = lane;
  symbolOffset = offset;
}

/**
 * Stripe number `stripe` of the tails of `lanes` lanes.
 *
 * @param offset where the tail starts inside a symbol
 * @param elements elements per tail, 1 .. 31
 */
export function selectTail(stripe: u32, lanes: u32, offset: usize, elements: u32): void {
  const begin = stripe * 32;
  wholeBlock = false;
  symbolOffset = offset;
  laneElements = elements;
  firstLane = begin / elements;
  firstElement = begin % elements;
  stripeElements = min(<u32>32, lanes * elements - begin);
  segmentCount = (firstElement + stripeElements + elements - 1) / elements;
}

/** Copies 1 .. 32 bytes exactly, in two overlapping moves. */
export function copyExactly(target: usize, source: usize, length: u32): void {
  if (length >= 16) {
    if (ASC_FEATURE_SIMD) {
      const tail = v128.load(source + length - 16);
      v128.store(target, v128.load(source));
      v128.store(target + length - 16, tail);
    } else memory.copy(target, source, length);
  } else if (length >= 8) {
    const tail = load<u64>(source + length - 8);
    store<u64>(target, load<u64>(source));
    store<u64>(target + length - 8, tail);
  } else if (length >= 4) {
    const tail = load<u32>(source + length - 4);
    store<u32>(target, load<u32>(source));
    store<u32>(target + length - 4, tail);
  } else if (length >= 2) {
    const tail = load<u16>(source + length - 2);
    store<u16>(target, load<u16>(source));
    store<u16>(target + length - 2, tail);
  } else store<u8>(target, load<u8>(source));
}

/** Packs `count` points of the selected stripe; point p of lane j is the symbol at `source + p * pointPitch + j * lanePitch`. */
export function gather(
  work: usize,
  count: u32,
  source: usize,
  pointPitch: usize,
  lanePitch: usize,
): void {
  let symbol = source + firstLane * lanePitch + symbolOffset;
  const end = work + ((<usize>count) << 6);
  if (wholeBlock) {
    for (; work < end; work += 64, symbol += pointPitch) Engine.pack(work, symbol, symbol + 32);
    return;
  }
  memory.fill(BLOCK, 0, 64);
  for (; work < end; work += 64, symbol += pointPitch) {
    let lane = symbol;
    let element = firstElement;
    let filled: u32 = 0;
    for (let segment: u32 = 0; segment < segmentCount; segment++) {
      const length = min(laneElements - element, stripeElements - filled);
      copyExactly(BLOCK + filled, lane + element, length);
      copyExactly(BLOCK + 32 + filled, lane + laneElements + element, length);
      filled += length;
      element = 0;
      lane += lanePitch;
    }
    Engine.pack(work, BLOCK, BLOCK + 32);
  }
}

/** The inverse of `gather`: writes the selected stripe's part of `count` points, and nothing else. */
export function scatter(
  work: usize,
  count: u32,
  target: usize,
  pointPitch: usize,
  lanePitch: usize,
): void {
  let symbol = target + firstLane * lanePitch + symbolOffset;
  const end = work + ((<usize>count) << 6);
  if (wholeBlock) {
    for (; work < end; work += 64, symbol += pointPitch) Engine.unpack(work, symbol, symbol + 32);
    return;
  }
  for (; work < end; work += 64, symbol += pointPitch) {
    Engine.unpack(work, BLOCK, BLOCK + 32);
    let lane = symbol;
    let element = firstElement;
    let filled: u32 = 0;
    for (let segment: u32 = 0; segment < segmentCount; segment++) {
      const length = min(laneElements - element, stripeElements - filled);
      copyExactly(lane + element, BLOCK + filled, length);
      copyExactly(lane + laneElements + element, BLOCK + 32 + filled, length);
      filled += length;
      element = 0;
      lane += lanePitch;
    }
  }
}
