/** Rotations of two 64-bit words to the right. */
export class Word {
  @inline static right32(x: v128): v128 {
    return v128.shuffle<u32>(x, x, 1, 0, 3, 2);
  }

  // A swizzle by a constant is one instruction; a byte shuffle reloads its mask each time.
  @inline static right24(x: v128): v128 {
    return v128.swizzle(x, i8x16(3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10));
  }

  @inline static right16(x: v128): v128 {
    return v128.swizzle(x, i8x16(2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9));
  }

  @inline static right63(x: v128): v128 {
    return v128.or(i64x2.add(x, x), i64x2.shr_u(x, 63));
  }
}
