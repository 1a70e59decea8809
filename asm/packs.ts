import { Engine } from './engine';
import { TAILS } from './memory-map';

/**
 * Packs: up to three stripes that are gathered in one pass over the symbols, transformed one by one
 * and scattered in one pass. A pack is either adjacent 64-byte blocks of one lane, or the tails of
 * adjacent lanes: their elements follow one another in a stream that is cut every 32 elements.
 */
export const PACK_STRIPES: u32 = 3;
/** Room for the low or the high bytes of a point's tails, and for what is copied over the end. */
const HALF: usize = ((<usize>PACK_STRIPES) << 5) + 32;
/**
 * Points whose bytes are brought together before the first of them is packed: reading a vector whose
 * bytes were written a moment ago in pieces makes the processor wait.
 */
const BATCH: u32 = 8;

let stripes: u32 = 0;
let lanes: u32 = 0;
/** Elements per tail, or 0 if the pack is made of blocks. */
let elements: u32 = 0;

/** A pack of `count` blocks of one lane. */
export function selectBlocks(count: u32): void {
  stripes = count;
  elements = 0;
}

/** Lanes whose tails of `tailElements` (1 .. 31) elements fill a pack. */
export function lanesInPack(tailElements: u32): u32 {
  return (PACK_STRIPES << 5) / tailElements;
}

/** A pack of the tails of `count` lanes. */
export function selectTails(count: u32, tailElements: u32): void {
  lanes = count;
  elements = tailElements;
  stripes = (count * tailElements + 31) >> 5;
}

/** Stripes of the selected pack. */
export function packStripes(): u32 {
  return stripes;
}

/**
 * Reads `count` points; stripe s goes to `work + s * stripePitch`.
 *
 * @param source the pack's part of point p of lane j is at `source + p * pointPitch + j * lanePitch`
 */
export function gatherPack(
  work: usize,
  stripePitch: usize,
  count: u32,
  source: usize,
  pointPitch: usize,
  lanePitch: usize,
): void {
  for (let left = count; left > 0; ) {
    const some = elements === 0 ? left : min(BATCH, left);
    if (elements !== 0) takeTails(some, source, pointPitch, lanePitch);
    let from = elements === 0 ? source : TAILS;
    const pitch = elements === 0 ? pointPitch : 2 * HALF;
    const step: usize = elements === 0 ? 64 : 32;
    const high: usize = elements === 0 ? 32 : HALF;
    for (let i: u32 = 0; i < some; i++, from += pitch, work += 64) {
      let at = from;
      let to = work;
      for (let s: u32 = 0; s < stripes; s++, at += step, to += stripePitch) {
        Engine.pack(to, at, at + high);
      }
    }
    source += some * pointPitch;
    left -= some;
  }
}

/** The inverse of `gatherPack`: writes the pack's part of `count` points, and nothing else that stays. */
export function scatterPack(
  work: usize,
  stripePitch: usize,
  count: u32,
  target: usize,
  pointPitch: usize,
  lanePitch: usize,
): void {
  for (let left = count; left > 0; ) {
    const some = elements === 0 ? left : min(BATCH, left);
    let to = elements === 0 ? target : TAILS;
    const pitch = elements === 0 ? pointPitch : 2 * HALF;
    const step: usize = elements === 0 ? 64 : 32;
    const high: usize = elements === 0 ? 32 : HALF;
    for (let i: u32 = 0; i < some; i++, to += pitch, work += 64) {
      let at = to;
      let from = work;
      for (let s: u32 = 0; s < stripes; s++, at += step, from += stripePitch) {
        Engine.unpack(from, at, at + high);
      }
    }
    if (elements !== 0) giveTails(some, target, pointPitch, lanePitch, left);
    target += some * pointPitch;
    left -= some;
  }
}

class Tail {
  /** Copies a half of a tail and what follows it, up to 32 bytes. */
  @inline static move(target: usize, source: usize): void {
    if (ASC_FEATURE_SIMD) {
      v128.store(target, v128.load(source));
      if (elements > 16) v128.store(target, v128.load(source, 16), 16);
    } else memory.copy(target, source, elements);
  }
}

/** Brings the tails of some points together: low bytes of all lanes, and high bytes. */
function takeTails(some: u32, source: usize, pointPitch: usize, lanePitch: usize): void {
  let low = TAILS;
  for (let i: u32 = 0; i < some; i++, source += pointPitch, low += 2 * HALF) {
    let from = source;
    const end = low + lanes * elements;
    for (let to = low; to < end; to += elements, from += lanePitch) {
      Tail.move(to, from);
      Tail.move(to + HALF, from + elements);
    }
  }
}

/**
 * The way back. What is written past a tail is overwritten by the tails of the next lanes and
 * points; those at the end are written exactly.
 *
 * @param left points up to the last one
 */
function giveTails(some: u32, target: usize, pointPitch: usize, lanePitch: usize, left: u32): void {
  const over: usize = (elements > 16 ? 32 : 16) - elements;
  const exactPoints = <u32>(over / pointPitch) + 1;
  const exactLanes: u32 = lanes === 1 ? 1 : min(lanes, <u32>(over / lanePitch) + 1);
  let low = TAILS;
  for (let i: u32 = 0; i < some; i++, target += pointPitch, low += 2 * HALF) {
    let to = target;
    let from = low;
    const free: u32 = left - i <= exactPoints ? 0 : lanes - exactLanes;
    for (let lane: u32 = 0; lane < lanes; lane++, to += lanePitch, from += elements) {
      if (lane < free) {
        Tail.move(to, from);
        Tail.move(to + elements, from + HALF);
      } else {
        copyExactly(to, from, elements);
        copyExactly(to + elements, from + HALF, elements);
      }
    }
  }
}

/** Copies 1 .. 32 bytes exactly, in two overlapping moves. */
function copyExactly(target: usize, source: usize, length: u32): void {
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
