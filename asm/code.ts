/** One of the two Reed-Solomon codes of a blob: k source symbols, m repair symbols. */
export class Code {
  /** Smallest power of two >= x. */
  @inline static ceilPow2(x: u32): u32 {
    return x <= 1 ? 1 : 1 << (32 - <u32>clz(x - 1));
  }

  /** High rate: source symbols lie behind the repair symbols; low rate: before them. */
  @inline static isHigh(k: u32, m: u32): bool {
    const a = Code.ceilPow2(k);
    const b = Code.ceilPow2(m);
    return a > b || (a === b && k <= m);
  }

  /** Points of one transform. */
  @inline static chunk(k: u32, m: u32): u32 {
    return Code.ceilPow2(Code.isHigh(k, m) ? m : k);
  }

  /** One past the last point in use. */
  @inline static end(k: u32, m: u32): u32 {
    return Code.chunk(k, m) + (Code.isHigh(k, m) ? k : m);
  }
}
