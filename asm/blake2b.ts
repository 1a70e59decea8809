import { ScalarBlake2b } from './blake2b-scalar';
import { blockTrio, nodeTrio, shortTrio } from './build/blake2b-rounds';
import { BLOCK, MASK_FIRST, MASK_FULL, MASK_LAST, MASK_ONLY, TRIO_STATE } from './memory-map';

/** Bytes of a hash block. */
const BLOCK_BYTES: usize = 128;

let leafBytes: usize = 0;

/** Fixes the symbol size of the leaves that follow: a leaf is 0x00 | symbol. */
export function useLeafSize(symbolBytes: usize): void {
  leafBytes = symbolBytes + 1;
  const rest = ((leafBytes - 1) % BLOCK_BYTES) + 1;
  memory.fill(MASK_FULL, 0xff, BLOCK_BYTES);
  memory.fill(MASK_LAST, 0, BLOCK_BYTES);
  memory.fill(MASK_LAST, 0xff, rest);
  memory.copy(MASK_FIRST, MASK_FULL, BLOCK_BYTES);
  memory.copy(MASK_ONLY, MASK_LAST, BLOCK_BYTES);
  // The byte before a symbol belongs to its neighbour; the prefix is zero.
  store<u8>(MASK_FIRST, 0);
  store<u8>(MASK_ONLY, 0);
}

/** Bytes of the chaining values of three messages. */
export const STATE_BYTES: usize = 192;

/**
 * BLAKE2b-256 of three messages at a time: tree nodes, and leaves of the symbol size in force.
 * Symbols are hashed where they lie: the byte before each and up to 127 after it must be readable.
 */
export class Blake2b {
  /** Digests of 0x01 | left | right. */
  static nodes(
    leftA: usize,
    rightA: usize,
    leftB: usize,
    rightB: usize,
    leftC: usize,
    rightC: usize,
    outA: usize,
    outB: usize,
    outC: usize,
  ): void {
    if (ASC_FEATURE_SIMD) {
      nodeTrio(leftA, rightA, leftB, rightB, leftC, rightC, outA, outB, outC);
    } else {
      scalarPrefixed(1, leftA, rightA, outA);
      scalarPrefixed(1, leftB, rightB, outB);
      scalarPrefixed(1, leftC, rightC, outC);
    }
  }

  /** Leaf hashes of three whole symbols. */
  static leaves(a: usize, b: usize, c: usize, outA: usize, outB: usize, outC: usize): void {
    if (ASC_FEATURE_SIMD && leafBytes <= 80) {
      shortTrio(a - 1, b - 1, c - 1, MASK_ONLY, <i64>leafBytes, outA, outB, outC);
      return;
    }
    const full = (leafBytes - 1) / BLOCK_BYTES;
    const end = full * BLOCK_BYTES;
    const mask = full === 0 ? MASK_ONLY : MASK_LAST;
    Blake2b.start(TRIO_STATE);
    Blake2b.absorb(TRIO_STATE, a, b, c, 0, full, MASK_FIRST);
    Blake2b.finish(TRIO_STATE, a + end, b + end, c + end, mask, outA, outB, outC);
  }

  /** Sets the chaining values of a trio to their start. */
  static start(state: usize): void {
    ScalarBlake2b.start(state + 128);
    if (ASC_FEATURE_SIMD) {
      for (let i: usize = 0; i < 64; i += 8) {
        v128.store(state + 2 * i, i64x2.splat(load<i64>(state + 128 + i)));
      }
    } else {
      memory.copy(state, state + 128, 64);
      memory.copy(state + 64, state + 128, 64);
    }
  }

  /**
   * Mixes in `count` full blocks of three leaves.
   *
   * @param a, b, c where block `first` of each starts, plus one: block i covers the bytes
   *   `128 i - 1 .. 128 i + 127` of a symbol
   * @param mask applied to the first of these blocks
   */
  static absorb(
    state: usize,
    a: usize,
    b: usize,
    c: usize,
    first: usize,
    count: usize,
    mask: usize,
  ): void {
    for (let i: usize = 0; i < count; i++) {
      const at = i * BLOCK_BYTES - 1;
      const length = <i64>((first + i + 1) * BLOCK_BYTES);
      block(state, a + at, b + at, c + at, i === 0 ? mask : MASK_FULL, length, 0);
    }
  }

  /** Mixes in the last block, which starts at a - 1, b - 1 and c - 1, and writes the digests. */
  static finish(
    state: usize,
    a: usize,
    b: usize,
    c: usize,
    mask: usize,
    outA: usize,
    outB: usize,
    outC: usize,
  ): void {
    block(state, a - 1, b - 1, c - 1, mask, <i64>leafBytes, -1);
    memory.copy(outC, state + 128, 32);
    if (ASC_FEATURE_SIMD) {
      const d0 = v128.load(state);
      const d1 = v128.load(state, 16);
      const d2 = v128.load(state, 32);
      const d3 = v128.load(state, 48);
      v128.store(outA, v128.shuffle<u64>(d0, d1, 0, 2));
      v128.store(outA, v128.shuffle<u64>(d2, d3, 0, 2), 16);
      v128.store(outB, v128.shuffle<u64>(d0, d1, 1, 3));
      v128.store(outB, v128.shuffle<u64>(d2, d3, 1, 3), 16);
    } else {
      memory.copy(outA, state, 32);
      memory.copy(outB, state + 64, 32);
    }
  }

  /** Digest of `length` bytes; not for hot paths. */
  static digest(at: usize, length: usize, out: usize): void {
    ScalarBlake2b.start(TRIO_STATE);
    let done: usize = 0;
    while (length - done > BLOCK_BYTES) {
      memory.copy(BLOCK, at + done, BLOCK_BYTES);
      done += BLOCK_BYTES;
      ScalarBlake2b.compress(TRIO_STATE, <i64>done, 0);
    }
    memory.fill(BLOCK, 0, BLOCK_BYTES);
    memory.copy(BLOCK, at + done, length - done);
    ScalarBlake2b.compress(TRIO_STATE, <i64>length, -1);
    memory.copy(out, TRIO_STATE, 32);
  }

  /** Digest of 0x00 | 64 bytes: the leaf of a sliver pair. */
  static pairLeaf(at: usize, out: usize): void {
    scalarPrefixed(0, at, at + 32, out);
  }
}

function block(
  state: usize,
  a: usize,
  b: usize,
  c: usize,
  mask: usize,
  length: i64,
  last: i64,
): void {
  if (ASC_FEATURE_SIMD) blockTrio(state, a, b, c, mask, length, last);
  else {
    maskedBlock(a, mask);
    ScalarBlake2b.compress(state, length, last);
    maskedBlock(b, mask);
    ScalarBlake2b.compress(state + 64, length, last);
    maskedBlock(c, mask);
    ScalarBlake2b.compress(state + 128, length, last);
  }
}

function maskedBlock(at: usize, mask: usize): void {
  for (let i: usize = 0; i < BLOCK_BYTES; i += 8) {
    store<u64>(BLOCK + i, load<u64>(at + i) & load<u64>(mask + i));
  }
}

function scalarPrefixed(prefix: u8, left: usize, right: usize, out: usize): void {
  ScalarBlake2b.start(TRIO_STATE);
  memory.fill(BLOCK, 0, BLOCK_BYTES);
  store<u8>(BLOCK, prefix);
  memory.copy(BLOCK + 1, left, 32);
  memory.copy(BLOCK + 33, right, 32);
  ScalarBlake2b.compress(TRIO_STATE, 65, -1);
  memory.copy(out, TRIO_STATE, 32);
}
