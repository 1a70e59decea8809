import { BLOCK } from './memory-map';

/** Message schedule: word numbers per round, two per quarter round; round 10 and 11 repeat 0 and 1. */
const SIGMA = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11,
  7, 5, 3, 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4, 7, 9, 3, 1, 13, 12, 11, 14, 2, 6,
  5, 10, 4, 0, 15, 8, 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13, 2, 12, 6, 10, 0, 11, 8,
  3, 4, 13, 7, 5, 15, 14, 1, 9, 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11, 13, 11, 7, 14,
  12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10, 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5, 10,
  2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
]);

/** Initial chaining values; the parameter block of a 32-byte digest is folded in by `start`. */
const IV = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

/** The 128 message bytes, and behind them the 16 words of the working vector. */
const MESSAGE: usize = BLOCK;
const VECTOR: usize = BLOCK + 128;

/** BLAKE2b with a 32-byte digest and no key, one message at a time, as RFC 7693 has it. */
export class ScalarBlake2b {
  /** Sets eight chaining words to their start. */
  static start(state: usize): void {
    memory.copy(state, IV, 64);
    store<u64>(state, load<u64>(state) ^ 0x01010020);
  }

  /** Mixes the 128 bytes at MESSAGE into `state`. */
  static compress(state: usize, length: i64, last: i64): void {
    memory.copy(VECTOR, state, 64);
    memory.copy(VECTOR + 64, IV, 64);
    store<u64>(VECTOR, load<u64>(VECTOR, 96) ^ <u64>length, 96);
    store<u64>(VECTOR, load<u64>(VECTOR, 112) ^ <u64>last, 112);
    for (let round: usize = 0; round < 12; round++) {
      const schedule = SIGMA + 16 * (round % 10);
      quarter(0, 4, 8, 12, schedule);
      quarter(1, 5, 9, 13, schedule + 2);
      quarter(2, 6, 10, 14, schedule + 4);
      quarter(3, 7, 11, 15, schedule + 6);
      quarter(0, 5, 10, 15, schedule + 8);
      quarter(1, 6, 11, 12, schedule + 10);
      quarter(2, 7, 8, 13, schedule + 12);
      quarter(3, 4, 9, 14, schedule + 14);
    }
    for (let at: usize = 0; at < 64; at += 8) {
      const mixed = load<u64>(VECTOR + at) ^ load<u64>(VECTOR + at, 64);
      store<u64>(state + at, load<u64>(state + at) ^ mixed);
    }
  }
}

function word(index: usize): u64 {
  return load<u64>(VECTOR + (index << 3));
}

function quarter(a: usize, b: usize, c: usize, d: usize, schedule: usize): void {
  let va = word(a);
  let vb = word(b);
  let vc = word(c);
  let vd = word(d);
  va += vb + load<u64>(MESSAGE + ((<usize>load<u8>(schedule)) << 3));
  vd = rotr(vd ^ va, 32);
  vc += vd;
  vb = rotr(vb ^ vc, 24);
  va += vb + load<u64>(MESSAGE + ((<usize>load<u8>(schedule, 1)) << 3));
  vd = rotr(vd ^ va, 16);
  vc += vd;
  vb = rotr(vb ^ vc, 63);
  store<u64>(VECTOR + (a << 3), va);
  store<u64>(VECTOR + (b << 3), vb);
  store<u64>(VECTOR + (c << 3), vc);
  store<u64>(VECTOR + (d << 3), vd);
}
