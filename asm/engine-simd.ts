import { Gf16 } from './gf16';
import { FOLD_NIBBLES, PRODUCTS, TIMES_BETA7 } from './memory-map';

/** Constants and products of 16 subfield elements at once. */
class Lanes {
  @inline static nibbles(): v128 {
    return i8x16.splat(0x0f);
  }

  @inline static lowTable(factor: u32): v128 {
    return v128.load(PRODUCTS + ((<usize>factor) << 5));
  }

  @inline static highTable(factor: u32): v128 {
    return v128.load(PRODUCTS + ((<usize>factor) << 5), 16);
  }

  /** Products of 16 bytes with the factor whose nibble tables are given. */
  @inline static mul(x: v128, low: v128, high: v128): v128 {
    const mask = Lanes.nibbles();
    // i8x16.shr_u is emulated on x86; the mask drops what a 16-bit shift brings in.
    return v128.xor(
      v128.swizzle(low, v128.and(x, mask)),
      v128.swizzle(high, v128.and(i16x8.shr_u(x, 4), mask)),
    );
  }
}

/**
 * The engine on 128-bit vectors; same operations as ScalarEngine, another representation inside.
 *
 * A point holds its 32 elements as `a + b * 2^8` with a, b in GF(2^8): 32 bytes a, then 32 bytes b.
 * A factor below 256 then multiplies every byte by itself, with two table vectors and two lookups.
 * The few other factors take three such products (Karatsuba), with (2^8)^2 = 2^8 + 2^7.
 */
export class SimdEngine {
  static pack(point: usize, low: usize, high: usize): void {
    const t0 = v128.load(FOLD_NIBBLES);
    const t1 = v128.load(FOLD_NIBBLES, 16);
    const h0 = v128.load(high);
    const h1 = v128.load(high, 16);
    v128.store(point, v128.xor(v128.load(low), Lanes.mul(h0, t0, t1)));
    v128.store(point, v128.xor(v128.load(low, 16), Lanes.mul(h1, t0, t1)), 16);
    v128.store(point, h0, 32);
    v128.store(point, h1, 48);
  }

  static unpack(point: usize, low: usize, high: usize): void {
    const t0 = v128.load(FOLD_NIBBLES);
    const t1 = v128.load(FOLD_NIBBLES, 16);
    const h0 = v128.load(point, 32);
    const h1 = v128.load(point, 48);
    v128.store(low, v128.xor(v128.load(point), Lanes.mul(h0, t0, t1)));
    v128.store(low, v128.xor(v128.load(point, 16), Lanes.mul(h1, t0, t1)), 16);
    v128.store(high, h0);
    v128.store(high, h1, 16);
  }

  static add(target: usize, source: usize, bytes: usize): void {
    const end = target + bytes;
    for (; target < end; target += 32, source += 32) {
      v128.store(target, v128.xor(v128.load(target), v128.load(source)));
      v128.store(target, v128.xor(v128.load(target, 16), v128.load(source, 16)), 16);
    }
  }

  static scale(target: usize, source: usize, factor: u32): void {
    const c0 = Gf16.low(factor);
    const c1 = factor >>> 8;
    const q = <u32>load<u8>(TIMES_BETA7 + c1);
    for (let at: usize = 0; at < 32; at += 16) {
      const a = v128.load(source + at);
      const b = v128.load(source + at, 32);
      const p = Lanes.mul(a, Lanes.lowTable(c0), Lanes.highTable(c0));
      const r = Lanes.mul(v128.xor(a, b), Lanes.lowTable(c0 ^ c1), Lanes.highTable(c0 ^ c1));
      v128.store(target + at, v128.xor(p, Lanes.mul(b, Lanes.lowTable(q), Lanes.highTable(q))));
      v128.store(target + at, v128.xor(r, p), 32);
    }
  }

  static forward(x: usize, y: usize, bytes: usize, factor: u32): void {
    const end = x + bytes;
    if (factor === 0) {
      SimdEngine.add(y, x, bytes);
      return;
    }
    if (factor < 256) {
      const low = Lanes.lowTable(factor);
      const high = Lanes.highTable(factor);
      for (; x < end; x += 16, y += 16) {
        const w = v128.load(y);
        const sum = v128.xor(v128.load(x), Lanes.mul(w, low, high));
        v128.store(x, sum);
        v128.store(y, v128.xor(w, sum));
      }
      return;
    }
    const c0 = Gf16.low(factor);
    const c1 = factor >>> 8;
    const q = <u32>load<u8>(TIMES_BETA7 + c1);
    const p0 = Lanes.lowTable(c0);
    const p1 = Lanes.highTable(c0);
    const r0 = Lanes.lowTable(c0 ^ c1);
    const r1 = Lanes.highTable(c0 ^ c1);
    const q0 = Lanes.lowTable(q);
    const q1 = Lanes.highTable(q);
    for (; x < end; x += 64, y += 64) {
      for (let at: usize = 0; at < 32; at += 16) {
        const a = v128.load(y + at);
        const b = v128.load(y + at, 32);
        const p = Lanes.mul(a, p0, p1);
        const sumA = v128.xor(v128.load(x + at), v128.xor(p, Lanes.mul(b, q0, q1)));
        const sumB = v128.xor(
          v128.load(x + at, 32),
          v128.xor(p, Lanes.mul(v128.xor(a, b), r0, r1)),
        );
        v128.store(x + at, sumA);
        v128.store(x + at, sumB, 32);
        v128.store(y + at, v128.xor(a, sumA));
        v128.store(y + at, v128.xor(b, sumB), 32);
      }
    }
  }

  static inverse(x: usize, y: usize, bytes: usize, factor: u32): void {
    const end = x + bytes;
    if (factor === 0) {
      SimdEngine.add(y, x, bytes);
      return;
    }
    if (factor < 256) {
      const low = Lanes.lowTable(factor);
      const high = Lanes.highTable(factor);
      for (; x < end; x += 16, y += 16) {
        const v = v128.load(x);
        const sum = v128.xor(v128.load(y), v);
        v128.store(y, sum);
        v128.store(x, v128.xor(v, Lanes.mul(sum, low, high)));
      }
      return;
    }
    const c0 = Gf16.low(factor);
    const c1 = factor >>> 8;
    const q = <u32>load<u8>(TIMES_BETA7 + c1);
    const p0 = Lanes.lowTable(c0);
    const p1 = Lanes.highTable(c0);
    const r0 = Lanes.lowTable(c0 ^ c1);
    const r1 = Lanes.highTable(c0 ^ c1);
    const q0 = Lanes.lowTable(q);
    const q1 = Lanes.highTable(q);
    for (; x < end; x += 64, y += 64) {
      for (let at: usize = 0; at < 32; at += 16) {
        const xa = v128.load(x + at);
        const xb = v128.load(x + at, 32);
        const a = v128.xor(v128.load(y + at), xa);
        const b = v128.xor(v128.load(y + at, 32), xb);
        const p = Lanes.mul(a, p0, p1);
        v128.store(y + at, a);
        v128.store(y + at, b, 32);
        v128.store(x + at, v128.xor(xa, v128.xor(p, Lanes.mul(b, q0, q1))));
        v128.store(x + at, v128.xor(xb, v128.xor(p, Lanes.mul(v128.xor(a, b), r0, r1))), 32);
      }
    }
  }

  /** All three factors below 256. */
  static forward4(at: usize, bytes: usize, outer: u32, left: u32, right: u32): void {
    const end = at + bytes;
    const r0 = Lanes.lowTable(right);
    const r1 = Lanes.highTable(right);
    if (outer === 0) {
      // The first group of a transform from 0: `left` is 0 too.
      for (; at < end; at += 16) {
        const x0 = v128.load(at);
        const x1 = v128.load(at + bytes);
        const x2 = v128.xor(v128.load(at + 2 * bytes), x0);
        const x3 = v128.xor(v128.load(at + 3 * bytes), x1);
        const y2 = v128.xor(x2, Lanes.mul(x3, r0, r1));
        v128.store(at + bytes, v128.xor(x1, x0));
        v128.store(at + 2 * bytes, y2);
        v128.store(at + 3 * bytes, v128.xor(x3, y2));
      }
      return;
    }
    const o0 = Lanes.lowTable(outer);
    const o1 = Lanes.highTable(outer);
    const l0 = Lanes.lowTable(left);
    const l1 = Lanes.highTable(left);
    for (; at < end; at += 16) {
      let x2 = v128.load(at + 2 * bytes);
      let x3 = v128.load(at + 3 * bytes);
      let x0 = v128.xor(v128.load(at), Lanes.mul(x2, o0, o1));
      const x1 = v128.xor(v128.load(at + bytes), Lanes.mul(x3, o0, o1));
      x2 = v128.xor(x2, x0);
      x3 = v128.xor(x3, x1);
      x0 = v128.xor(x0, Lanes.mul(x1, l0, l1));
      x2 = v128.xor(x2, Lanes.mul(x3, r0, r1));
      v128.store(at, x0);
      v128.store(at + bytes, v128.xor(x1, x0));
      v128.store(at + 2 * bytes, x2);
      v128.store(at + 3 * bytes, v128.xor(x3, x2));
    }
  }

  /** All three factors below 256. */
  static inverse4(at: usize, bytes: usize, outer: u32, left: u32, right: u32): void {
    const end = at + bytes;
    const r0 = Lanes.lowTable(right);
    const r1 = Lanes.highTable(right);
    if (outer === 0) {
      for (; at < end; at += 16) {
        const x0 = v128.load(at);
        const x1 = v128.xor(v128.load(at + bytes), x0);
        const x2 = v128.load(at + 2 * bytes);
        const x3 = v128.xor(v128.load(at + 3 * bytes), x2);
        v128.store(at + bytes, x1);
        v128.store(at + 2 * bytes, v128.xor(v128.xor(x2, Lanes.mul(x3, r0, r1)), x0));
        v128.store(at + 3 * bytes, v128.xor(x3, x1));
      }
      return;
    }
    const o0 = Lanes.lowTable(outer);
    const o1 = Lanes.highTable(outer);
    const l0 = Lanes.lowTable(left);
    const l1 = Lanes.highTable(left);
    for (; at < end; at += 16) {
      let x0 = v128.load(at);
      const x1 = v128.xor(v128.load(at + bytes), x0);
      let x2 = v128.load(at + 2 * bytes);
      let x3 = v128.xor(v128.load(at + 3 * bytes), x2);
      x0 = v128.xor(x0, Lanes.mul(x1, l0, l1));
      x2 = v128.xor(x2, Lanes.mul(x3, r0, r1));
      x2 = v128.xor(x2, x0);
      x3 = v128.xor(x3, x1);
      v128.store(at, v128.xor(x0, Lanes.mul(x2, o0, o1)));
      v128.store(at + bytes, v128.xor(x1, Lanes.mul(x3, o0, o1)));
      v128.store(at + 2 * bytes, x2);
      v128.store(at + 3 * bytes, x3);
    }
  }
}
