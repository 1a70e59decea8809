/**
 * GF(2^16) as the code uses it, by definition and without speed. A *label* is what a pair of bytes
 * holds; addition of labels is XOR, multiplication goes through logarithms.
 */

const MODULUS = 0x1002d; // z^16 + z^5 + z^3 + z^2 + 1
const ORDER = 65_535;

/** Standard representation of the elements that the labels 1, 2, 4, ... stand for. */
const CANTOR_BASIS = [
  0x0001, 0xacca, 0x3c0e, 0x163e, 0xc582, 0xed2e, 0x914c, 0x4012, 0x6c98, 0x10d8, 0x6a72, 0xb900,
  0xfdb8, 0xfb34, 0xff38, 0x991e,
];

/** LOG[label], base z; LOG[0] is 65535, which no element has. */
export const LOG = new Uint16Array(65_536);
/** The label with a logarithm from 0 to 65534; 65535 wraps to 0. */
export const EXP = new Uint16Array(65_536);

const labelOf = new Uint16Array(65_536);
for (let label = 0; label < 65_536; label++) {
  const element = CANTOR_BASIS.reduce(
    (sum, beta, bit) => ((label >> bit) & 1 ? sum ^ beta : sum),
    0,
  );
  labelOf[element] = label;
}
for (let power = 0, element = 1; power < ORDER; power++) {
  const label = labelOf[element] ?? 0;
  LOG[label] = power;
  EXP[power] = label;
  element = element & 0x8000 ? (element << 1) ^ MODULUS : element << 1;
}
LOG[0] = ORDER;
EXP[ORDER] = EXP[0] ?? 0;

export const log = (label: number): number => LOG[label] ?? 0;

export function multiply(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (EXP[(log(a) + log(b)) % ORDER] ?? 0);
}

export function divide(a: number, b: number): number {
  return a === 0 ? 0 : (EXP[(log(a) + ORDER - log(b)) % ORDER] ?? 0);
}

/** Value at `x` of the polynomial that is zero on the labels 0 to 2^level - 1. */
export function vanishing(level: number, x: number): number {
  let product = 1;
  for (let a = 0; a < 1 << level; a++) product = multiply(product, x ^ a);
  return product;
}

/**
 * Logarithms of the transform's twiddles, 65535 for a twiddle of zero: at x + 2^d - 1, for x a
 * multiple of 2^(d+1), stands the vanishing polynomial of level d at x, divided by its value at 2^d.
 */
export function skewTable(): Uint16Array {
  const table = new Uint16Array(ORDER);
  for (let level = 0; level < 16; level++) {
    const half = 1 << level;
    const scale = vanishing(level, half);
    // The polynomial is additive: its values at single bits give all others.
    const atBit = Array.from({ length: 16 }, (_, bit) => divide(vanishing(level, 1 << bit), scale));
    for (let x = 0; x + half <= ORDER; x += 2 * half) {
      table[x + half - 1] = log(atBit.reduce((sum, v, bit) => ((x >> bit) & 1 ? sum ^ v : sum), 0));
    }
  }
  return table;
}

/** Walsh-Hadamard transform of LOG, with 0 for the label 0, modulo 65535 with end-around carry. */
export function logWalshTable(): Uint16Array {
  const table = LOG.slice();
  table[0] = 0;
  for (let half = 1; half < 65_536; half *= 2) {
    for (let i = 0; i < 65_536; i++) {
      if (i & half) continue;
      const [a, b] = [table[i] ?? 0, table[i + half] ?? 0];
      table[i] = a + b > ORDER ? a + b - ORDER : a + b;
      table[i + half] = a < b ? a - b + ORDER : a - b;
    }
  }
  return table;
}
