import { EXP, FOLD, FOLD_NIBBLES, LOG, PRODUCTS, TIMES_BETA7 } from './memory-map';

/** z^16 + z^5 + z^3 + z^2 + 1 */
const POLYNOMIAL: u32 = 0x1002d;
/** Marks log 0 in LOG[0]; as a sum of logarithms it is another name of 0. */
const MODULUS: u32 = 65535;

/** The Cantor basis: the field element that bit `bit` of a label stands for. */
function basis(bit: u32): u32 {
  switch (bit) {
    case 0:
      return 0x0001;
    case 1:
      return 0xacca;
    case 2:
      return 0x3c0e;
    case 3:
      return 0x163e;
    case 4:
      return 0xc582;
    case 5:
      return 0xed2e;
    case 6:
      return 0x914c;
    case 7:
      return 0x4012;
    case 8:
      return 0x6c98;
    case 9:
      return 0x10d8;
    case 10:
      return 0x6a72;
    case 11:
      return 0xb900;
    case 12:
      return 0xfdb8;
    case 13:
      return 0xfb34;
    case 14:
      return 0xff38;
    default:
      return 0x991e;
  }
}

/**
 * Arithmetic of GF(2^16) on labels (coordinates in the Cantor basis); addition is XOR.
 *
 * Labels below 256 form the subfield GF(2^8). With `2^8` as second coordinate every element is
 * `a + b * 2^8` with a, b in the subfield: a label `(hi, lo)` has `b = hi` and `a = lo ^ FOLD[hi]`,
 * because bit k of `hi` stands for the label 2^(8+k), which is `2^k * 2^8` plus a subfield rest.
 */
export class Gf16 {
  /** Sum of two logarithms, modulo 65535 with end-around carry. */
  @inline static addLogs(a: u32, b: u32): u32 {
    const sum = a + b;
    return (sum + (sum >>> 16)) & 0xffff;
  }

  @inline static log(label: u32): u32 {
    return load<u16>(LOG + (label << 1));
  }

  @inline static exp(log: u32): u32 {
    return load<u16>(EXP + (log << 1));
  }

  /** Product of two labels. */
  @inline static mul(x: u32, y: u32): u32 {
    return x === 0 || y === 0 ? 0 : Gf16.exp(Gf16.addLogs(Gf16.log(x), Gf16.log(y)));
  }

  /** Subfield coordinate `a` of a label. */
  @inline static low(label: u32): u32 {
    return (label & 0xff) ^ load<u8>(FOLD + (label >>> 8));
  }
}

/** Fills LOG and EXP, then the subfield tables made from them. Called once per instance. */
export function buildTables(): void {
  buildLogarithms();
  buildSubfield();
}

function buildLogarithms(): void {
  // EXP serves as scratch for the standard-basis logarithms, LOG for label -> field element.
  let value: u32 = 1;
  for (let power: u32 = 0; power < MODULUS; power++) {
    store<u16>(EXP + (value << 1), <u16>power);
    value <<= 1;
    if (value & 0x10000) value ^= POLYNOMIAL;
  }
  store<u16>(EXP, <u16>MODULUS);
  store<u16>(LOG, 0);
  for (let bit: u32 = 0; bit < 16; bit++) {
    const width: u32 = 1 << bit;
    for (let x: u32 = 0; x < width; x++) {
      store<u16>(LOG + ((x + width) << 1), load<u16>(LOG + (x << 1)) ^ <u16>basis(bit));
    }
  }
  for (let x: u32 = 0; x < 65536; x++) {
    store<u16>(LOG + (x << 1), load<u16>(EXP + ((<u32>load<u16>(LOG + (x << 1))) << 1)));
  }
  for (let x: u32 = 0; x < 65536; x++) store<u16>(EXP + (Gf16.log(x) << 1), <u16>x);
  store<u16>(EXP + (MODULUS << 1), load<u16>(EXP));
}

function buildSubfield(): void {
  for (let high: u32 = 0; high < 256; high++) {
    // high * 2^8 differs from the label (high, 0) by a subfield element
    store<u8>(FOLD + high, <u8>Gf16.mul(high, 256));
    store<u8>(TIMES_BETA7 + high, <u8>Gf16.mul(high, 128));
  }
  for (let factor: u32 = 0; factor < 256; factor++) {
    const table = PRODUCTS + (factor << 5);
    for (let nibble: u32 = 0; nibble < 16; nibble++) {
      store<u8>(table + nibble, <u8>Gf16.mul(factor, nibble));
      store<u8>(table + 16 + nibble, <u8>Gf16.mul(factor, nibble << 4));
    }
  }
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    store<u8>(FOLD_NIBBLES + nibble, load<u8>(FOLD + nibble));
    store<u8>(FOLD_NIBBLES + 16 + nibble, load<u8>(FOLD + (nibble << 4)));
  }
}
