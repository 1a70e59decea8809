import { ScalarBlake2b } from './blake2b-scalar';
import { blockPair, blockTrio, shortPair, shortTrio } from './build/blake2b-rounds';
import {
  BLOCK,
  MASK_FIRST,
  MASK_FULL,
  MASK_LAST,
  MASK_NODE,
  MASK_ONLY,
  NOWHERE,
  STATES,
} from './memory-map';

/** Bytes of a hash block. */
const BLOCK_BYTES: usize = 128;
const NODE_BYTES: i64 = 65;

/** Messages hashed side by side: one; two in the halves of vectors; and a third in integers. */
let width: u32 = ASC_FEATURE_SIMD ? 2 : 1;
let leafBytes: usize = 0;

/** Makes vectors hash 2 or 3 messages side by side, which changes nothing but the speed. */
export function setHashWidth(messages: u32): void {
  if (ASC_FEATURE_SIMD) width = messages;
}

/** Fixes the symbol size of the leaves that follow: a leaf is 0x00 | symbol. */
export function useLeafSize(symbolBytes: usize): void {
  leafBytes = symbolBytes + 1;
  const rest = ((leafBytes - 1) % BLOCK_BYTES) + 1;
  memory.fill(MASK_FULL, 0xff, BLOCK_BYTES);
  memory.fill(MASK_LAST, 0, BLOCK_BYTES);
  memory.fill(MASK_LAST, 0xff, rest);
  memory.copy(MASK_FIRST, MASK_FULL, BLOCK_BYTES);
  memory.copy(MASK_ONLY, MASK_LAST, BLOCK_BYTES);
  memory.fill(MASK_NODE, 0, BLOCK_BYTES);
  memory.fill(MASK_NODE + 1, 0xff, 64);
  // The byte before a symbol belongs to its neighbour; the prefix is zero.
  store<u8>(MASK_FIRST, 0);
  store<u8>(MASK_ONLY, 0);
}

/** Bytes of the chaining values of that many messages. */
export function stateBytes(messages: u32): usize {
  return (<usize>messages + 2) << 6;
}

/**
 * BLAKE2b-256 of many messages of one length that lie one `pitch` apart: tree nodes, and leaves of
 * the symbol size in force. They are hashed where they lie: the byte before each and up to 127
 * after it must be readable. Digests of 32 bytes follow one another.
 */
export class Blake2b {
  /** Digests of 0x01 | 64 bytes each, which follow one another; `out` may be `at`. */
  static nodes(at: usize, count: u32, out: usize): void {
    Blake2b.short(at, 64, count, 1, MASK_NODE, NODE_BYTES, out);
  }

  /** Leaf hashes of whole symbols. */
  static leaves(at: usize, pitch: usize, count: u32, out: usize): void {
    if (leafBytes <= 80) {
      Blake2b.short(at, pitch, count, 0, MASK_ONLY, <i64>leafBytes, out);
      return;
    }
    const full = (leafBytes - 1) / BLOCK_BYTES;
    const mask = full === 0 ? MASK_ONLY : MASK_LAST;
    for (let i: u32 = 0; i < count; i += width) {
      const some = min(width, count - i);
      Blake2b.start(STATES, some);
      Blake2b.absorb(STATES, at, pitch, some, 0, full, MASK_FIRST);
      Blake2b.finish(STATES, at + full * BLOCK_BYTES, pitch, some, mask, out);
      at += width * pitch;
      out += width << 5;
    }
  }

  /** Messages of one block of at most 80 bytes: `prefix`, and what lies at `at`. */
  private static short(
    at: usize,
    pitch: usize,
    count: u32,
    prefix: u64,
    mask: usize,
    length: i64,
    out: usize,
  ): void {
    at -= 1;
    let left = count;
    if (ASC_FEATURE_SIMD) {
      if (width === 3) {
        for (; left >= 3; left -= 3, at += 3 * pitch, out += 96) {
          const b = at + pitch;
          shortTrio(at, b, b + pitch, mask, prefix, length, out, out + 32, out + 64);
        }
      }
      for (; left >= 2; left -= 2, at += 2 * pitch, out += 64) {
        shortPair(at, at + pitch, mask, prefix, length, out, out + 32);
      }
      if (left > 0) shortPair(at, at, mask, prefix, length, out, NOWHERE);
    } else {
      for (; left > 0; left--, at += pitch, out += 32) {
        ScalarBlake2b.start(STATES);
        maskedBlock(at, mask);
        store<u64>(BLOCK, load<u64>(BLOCK) | prefix);
        ScalarBlake2b.compress(STATES, length, -1);
        memory.copy(out, STATES, 32);
      }
    }
  }

  /** Sets the chaining values of that many messages to their start. */
  static start(states: usize, count: u32): void {
    for (let i: u32 = 0; i < count; i += width, states += width << 6) {
      if (ASC_FEATURE_SIMD) {
        ScalarBlake2b.start(BLOCK);
        for (let at: usize = 0; at < 64; at += 8) {
          v128.store(states + 2 * at, i64x2.splat(load<i64>(BLOCK + at)));
        }
        if (width === 3) memory.copy(states + 128, BLOCK, 64);
      } else ScalarBlake2b.start(states);
    }
  }

  /**
   * Mixes in `blocks` full blocks of each leaf.
   *
   * @param at where block `first` of the first leaf starts, plus one: block i covers the bytes
   *   `128 i - 1 .. 128 i + 127` of a symbol
   * @param mask applied to the first of these blocks
   */
  static absorb(
    states: usize,
    at: usize,
    pitch: usize,
    count: u32,
    first: usize,
    blocks: usize,
    mask: usize,
  ): void {
    for (let i: u32 = 0; i < count; i += width, states += width << 6, at += width * pitch) {
      for (let b: usize = 0; b < blocks; b++) {
        const from = at + b * BLOCK_BYTES - 1;
        const length = <i64>((first + b + 1) * BLOCK_BYTES);
        mixBlock(states, from, pitch, count - i, b === 0 ? mask : MASK_FULL, length, 0);
      }
    }
  }

  /** Mixes in the last block of each leaf, which starts one byte before `at`, and writes the digests. */
  static finish(states: usize, at: usize, pitch: usize, count: u32, mask: usize, out: usize): void {
    for (let i: u32 = 0; i < count; i += width, states += width << 6, at += width * pitch) {
      mixBlock(states, at - 1, pitch, count - i, mask, <i64>leafBytes, -1);
      if (ASC_FEATURE_SIMD) {
        const d0 = v128.load(states);
        const d1 = v128.load(states, 16);
        const d2 = v128.load(states, 32);
        const d3 = v128.load(states, 48);
        v128.store(out, v128.shuffle<u64>(d0, d1, 0, 2));
        v128.store(out, v128.shuffle<u64>(d2, d3, 0, 2), 16);
        const outB = count - i > 1 ? out + 32 : NOWHERE;
        v128.store(outB, v128.shuffle<u64>(d0, d1, 1, 3));
        v128.store(outB, v128.shuffle<u64>(d2, d3, 1, 3), 16);
        if (width === 3 && count - i > 2) memory.copy(out + 64, states + 128, 32);
      } else memory.copy(out, states, 32);
      out += width << 5;
    }
  }

  /** Digest of `length` bytes; not for hot paths. */
  static digest(at: usize, length: usize, out: usize): void {
    ScalarBlake2b.start(STATES);
    let done: usize = 0;
    while (length - done > BLOCK_BYTES) {
      memory.copy(BLOCK, at + done, BLOCK_BYTES);
      done += BLOCK_BYTES;
      ScalarBlake2b.compress(STATES, <i64>done, 0);
    }
    memory.fill(BLOCK, 0, BLOCK_BYTES);
    memory.copy(BLOCK, at + done, length - done);
    ScalarBlake2b.compress(STATES, <i64>length, -1);
    memory.copy(out, STATES, 32);
  }

  /** Digest of 0x00 | 64 bytes: the leaf of a sliver pair. */
  static pairLeaf(at: usize, out: usize): void {
    ScalarBlake2b.start(STATES);
    memory.fill(BLOCK, 0, BLOCK_BYTES);
    memory.copy(BLOCK + 1, at, 64);
    ScalarBlake2b.compress(STATES, NODE_BYTES, -1);
    memory.copy(out, STATES, 32);
  }
}

/** One block of the next messages, as many as are hashed side by side; a missing one is replaced by the first. */
function mixBlock(
  states: usize,
  a: usize,
  pitch: usize,
  left: u32,
  mask: usize,
  length: i64,
  last: i64,
): void {
  if (ASC_FEATURE_SIMD) {
    const b = left > 1 ? a + pitch : a;
    if (width === 2) blockPair(states, a, b, mask, length, last);
    else blockTrio(states, a, b, left > 2 ? b + pitch : a, mask, length, last);
  } else {
    maskedBlock(a, mask);
    ScalarBlake2b.compress(states, length, last);
  }
}

function maskedBlock(at: usize, mask: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 8) {
    store<u64>(BLOCK + i, load<u64>(at + i) & load<u64>(mask + i));
  }
}
