import { Gf16 } from './gf16';

/** Bytes of one point of a stripe: 32 field elements. */
const POINT: usize = 64;

/**
 * The engine written to be read: one element at a time, multiplied by logarithms.
 *
 * A stripe is an array of points, a point 32 elements: 32 low bytes, then 32 high bytes. Every
 * transform works on whole points, because the element positions of a code are independent.
 * `factor` is a label; `bytes` a multiple of 64.
 */
export class ScalarEngine {
  /** Makes a point from 32 low and 32 high bytes. */
  static pack(point: usize, low: usize, high: usize): void {
    memory.copy(point, low, 32);
    memory.copy(point + 32, high, 32);
  }

  /** The inverse of `pack`. */
  static unpack(point: usize, low: usize, high: usize): void {
    memory.copy(low, point, 32);
    memory.copy(high, point + 32, 32);
  }

  /** target ^= source */
  static add(target: usize, source: usize, bytes: usize): void {
    for (let at: usize = 0; at < bytes; at += 8) {
      store<u64>(target + at, load<u64>(target + at) ^ load<u64>(source + at));
    }
  }

  /** target ^= factor * source */
  static multiplyAdd(target: usize, source: usize, bytes: usize, factor: u32): void {
    if (factor === 0) return;
    const logFactor = Gf16.log(factor);
    for (let point: usize = 0; point < bytes; point += POINT) {
      for (let at = point; at < point + 32; at++) {
        const label = <u32>load<u8>(source + at) | ((<u32>load<u8>(source + at, 32)) << 8);
        if (label === 0) continue;
        const product = Gf16.exp(Gf16.addLogs(Gf16.log(label), logFactor));
        store<u8>(target + at, load<u8>(target + at) ^ <u8>product);
        store<u8>(target + at, load<u8>(target + at, 32) ^ <u8>(product >>> 8), 32);
      }
    }
  }

  /** target = factor * source, for one point; the two may be the same. */
  static scale(target: usize, source: usize, factor: u32): void {
    for (let at: usize = 0; at < 32; at++) {
      const label = <u32>load<u8>(source + at) | ((<u32>load<u8>(source + at, 32)) << 8);
      const product = Gf16.mul(label, factor);
      store<u8>(target + at, <u8>product);
      store<u8>(target + at, <u8>(product >>> 8), 32);
    }
  }

  /** One forward butterfly: x += factor * y, then y += x. */
  static forward(x: usize, y: usize, bytes: usize, factor: u32): void {
    ScalarEngine.multiplyAdd(x, y, bytes, factor);
    ScalarEngine.add(y, x, bytes);
  }

  /** Its inverse: y += x, then x += factor * y. */
  static inverse(x: usize, y: usize, bytes: usize, factor: u32): void {
    ScalarEngine.add(y, x, bytes);
    ScalarEngine.multiplyAdd(x, y, bytes, factor);
  }

  /** Two forward layers of four neighbours that lie `bytes` apart. */
  static forward4(at: usize, bytes: usize, outer: u32, left: u32, right: u32): void {
    ScalarEngine.forward(at, at + 2 * bytes, 2 * bytes, outer);
    ScalarEngine.forward(at, at + bytes, bytes, left);
    ScalarEngine.forward(at + 2 * bytes, at + 3 * bytes, bytes, right);
  }

  /** The inverse of `forward4`. */
  static inverse4(at: usize, bytes: usize, outer: u32, left: u32, right: u32): void {
    ScalarEngine.inverse(at, at + bytes, bytes, left);
    ScalarEngine.inverse(at + 2 * bytes, at + 3 * bytes, bytes, right);
    ScalarEngine.inverse(at, at + 2 * bytes, 2 * bytes, outer);
  }
}
