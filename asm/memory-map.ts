/**
 * Where the fixed tables lie in linear memory. Everything above `HEAP` belongs to the caller, who
 * hands out pointers; the kernel itself allocates nothing.
 */

/** u16[65536]: discrete logarithm of a label; entry 0 is 65535. */
export const LOG: usize = 0x1_0000;
/** u16[65536]: inverse of LOG. */
export const EXP: usize = LOG + 0x2_0000;
/** u16[65536]: Walsh-Hadamard transform of LOG, filled at the first decode. */
export const LOG_WALSH: usize = EXP + 0x2_0000;
/** u16[65536]: logarithms of the error locator of the current erasure pattern. */
export const LOCATOR: usize = LOG_WALSH + 0x2_0000;

/** 256 x (16 products with the low nibble, 16 with the high one) in GF(2^8). */
export const PRODUCTS: usize = LOCATOR + 0x2_0000;
/** u8[256]: the part of `h * 2^8` that lies in GF(2^8); see gf16.ts. */
export const FOLD: usize = PRODUCTS + 0x2000;
/** u8[256]: products with the element 2^7. */
export const TIMES_BETA7: usize = FOLD + 0x100;
/** FOLD again, as two 16-entry nibble tables. */
export const FOLD_NIBBLES: usize = TIMES_BETA7 + 0x100;

/** Byte masks of a 128-byte hash block: of a tree node, and first, middle, last and only block of a leaf. */
export const MASK_NODE: usize = FOLD_NIBBLES + 0x40;
export const MASK_FIRST: usize = MASK_NODE + 128;
export const MASK_FULL: usize = MASK_FIRST + 128;
export const MASK_LAST: usize = MASK_FULL + 128;
export const MASK_ONLY: usize = MASK_LAST + 128;

/** Chaining values of the messages that are hashed side by side. */
export const STATES: usize = MASK_ONLY + 128;
/** One message block, and the working vector of the scalar hash. */
export const BLOCK: usize = STATES + 192;
/** 32 zero bytes: the empty node that pads an odd tree level. */
export const EMPTY_NODE: usize = BLOCK + 512;
/** 32 bytes nobody reads: where a result goes that only fills up. */
export const NOWHERE: usize = EMPTY_NODE + 32;
/** Root of a subtree over 2^level leaves of zero symbols, for each level: 17 x 32 bytes. */
export const ZERO_NODES: usize = NOWHERE + 32;
/** Per block of the decoder: its first given point and one past the last one, u32 each. */
export const GIVEN_RANGES: usize = ZERO_NODES + 17 * 32;
/** Pairs of nodes that do not lie side by side, brought together to be hashed: 64 bytes each. */
export const STAGE: usize = 0x9_4000;
export const STAGE_PAIRS: u32 = 192;
/** Tails of some points on their way into stripes and back; see packs.ts. */
export const TAILS: usize = 0x9_8000;
/** u8[65536]: 1 where a source symbol was given to the decoder. */
export const PRESENT: usize = 0xa_0000;
/** 65536 x 32 bytes: leaf hashes of all two-byte symbols, filled when first needed. */
export const LEAF_MEMO: usize = 0x10_0000;
/** First byte that belongs to the caller. */
export const HEAP: usize = LEAF_MEMO + 0x20_0000;
