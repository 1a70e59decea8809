/**
 * Writes the twelve rounds of BLAKE2b out as AssemblyScript, for two messages at a time in the
 * halves of 128-bit vectors. A loop over the rounds would need the message schedule as loads with
 * computed addresses; written out, message words are locals and words known to be zero vanish.
 */

const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/** Quarter-round positions: four columns, then four diagonals. */
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

/** One half of a quarter round: a += b + message, d and b rotated. */
function half([a, b, c, d], word, words, rotateD, rotateB) {
  const sum = `i64x2.add(v${a}, v${b})`;
  return [
    `  v${a} = ${word < words ? `i64x2.add(${sum}, m${word})` : sum};`,
    `  v${d} = Word.${rotateD}(v128.xor(v${d}, v${a}));`,
    `  v${c} = i64x2.add(v${c}, v${d});`,
    `  v${b} = Word.${rotateB}(v128.xor(v${b}, v${c}));`,
  ];
}

/** Statements of all rounds over locals v0..v15 and m0..m(words-1); words above are zero. */
function rounds(words) {
  const lines = [];
  for (let round = 0; round < 12; round++) {
    const schedule = SIGMA[round % 10];
    QUARTERS.forEach((quarter, i) => {
      lines.push(...half(quarter, schedule[2 * i], words, 'right32', 'right24'));
      lines.push(...half(quarter, schedule[2 * i + 1], words, 'right16', 'right63'));
    });
  }
  return lines.join('\n');
}

const IV = [
  '0x6a09e667f3bcc908', '0xbb67ae8584caa73b', '0x3c6ef372fe94f82b', '0xa54ff53a5f1d36f1',
  '0x510e527fade682d1', '0x9b05688c2b3e6c1f', '0x1f83d9abfb41bd6b', '0x5be0cd19137e2179',
];
const splat = (value) => `i64x2.splat(<i64>${value})`;

/** h of a fresh 32-byte digest without key: IV, with the parameter block folded into word 0. */
const fresh = (i) => (i === 0 ? '(0x6a09e667f3bcc908 ^ 0x01010020)' : IV[i]);

const freshState = () =>
  Array.from({ length: 8 }, (_, i) => `  let v${i} = ${splat(fresh(i))};`).join('\n');

const loadedState = () =>
  Array.from({ length: 8 }, (_, i) => `  let v${i} = v128.load(state, ${16 * i});`).join('\n');

/** v8..v15; `length` and `last` are expressions over the function's parameters. */
function upperState(length, last) {
  return Array.from({ length: 8 }, (_, i) => {
    if (i === 4) return `  let v12 = i64x2.splat(<i64>${IV[4]} ^ ${length});`;
    if (i === 6) return `  let v14 = i64x2.splat(<i64>${IV[6]} ^ ${last});`;
    return `  let v${8 + i} = ${splat(IV[i])};`;
  }).join('\n');
}

/** Both digests: the first four words of h, two messages apart again. */
const digests = (h) => `  const d0 = v128.xor(${h(0)}, v128.xor(v0, v8));
  const d1 = v128.xor(${h(1)}, v128.xor(v1, v9));
  const d2 = v128.xor(${h(2)}, v128.xor(v2, v10));
  const d3 = v128.xor(${h(3)}, v128.xor(v3, v11));
  v128.store(outA, v128.shuffle<u64>(d0, d1, 0, 2));
  v128.store(outA, v128.shuffle<u64>(d2, d3, 0, 2), 16);
  v128.store(outB, v128.shuffle<u64>(d0, d1, 1, 3));
  v128.store(outB, v128.shuffle<u64>(d2, d3, 1, 3), 16);`;

/** Message words from masked memory: the byte before a symbol is the leaf prefix 0. */
function maskedWords(words) {
  const lines = [];
  for (let i = 0; i < words / 2; i++) {
    lines.push(
      `  const k${i} = v128.load(mask, ${16 * i});`,
      `  const a${i} = v128.and(v128.load(a, ${16 * i}), k${i});`,
      `  const b${i} = v128.and(v128.load(b, ${16 * i}), k${i});`,
      `  const m${2 * i} = v128.shuffle<u64>(a${i}, b${i}, 0, 2);`,
      `  const m${2 * i + 1} = v128.shuffle<u64>(a${i}, b${i}, 1, 3);`,
    );
  }
  return lines.join('\n');
}

function shortLeaf(words) {
  return `
/** Digests of two messages of \`length\` bytes, at most ${8 * words}, in one block each. */
export function shortPair${words}(a: usize, b: usize, mask: usize, length: i64, outA: usize, outB: usize): void {
${maskedWords(words)}
${freshState()}
${upperState('length', '-1')}
${rounds(words)}
${digests((i) => splat(fresh(i)))}
}
`;
}

export function blake2bRounds() {
  return `// Written by unroll-blake2b.mjs.
import { Word } from '../blake2b-word';

/** Digests of 0x01 | left | right for two pairs of nodes. */
export function nodePair(
  leftA: usize, rightA: usize, leftB: usize, rightB: usize, outA: usize, outB: usize,
): void {
  const a0 = i8x16.replace_lane(v128.load(leftA - 1), 0, 1);
  const b0 = i8x16.replace_lane(v128.load(leftB - 1), 0, 1);
  const a1 = v128.load(leftA, 15);
  const b1 = v128.load(leftB, 15);
  const a2 = i8x16.replace_lane(v128.load(rightA - 1), 0, load<i8>(leftA, 31));
  const b2 = i8x16.replace_lane(v128.load(rightB - 1), 0, load<i8>(leftB, 31));
  const a3 = v128.load(rightA, 15);
  const b3 = v128.load(rightB, 15);
${[0, 1, 2, 3].map((i) => `  const m${2 * i} = v128.shuffle<u64>(a${i}, b${i}, 0, 2);\n  const m${2 * i + 1} = v128.shuffle<u64>(a${i}, b${i}, 1, 3);`).join('\n')}
  const m8 = i64x2.replace_lane(i64x2.splat(<i64>load<u8>(rightA, 31)), 1, <i64>load<u8>(rightB, 31));
${freshState()}
${upperState('65', '-1')}
${rounds(9)}
${digests((i) => splat(fresh(i)))}
}
${shortLeaf(2)}${shortLeaf(10)}
/**
 * One 128-byte block of two messages of any length. The chaining values lie at \`state\`, eight
 * vectors with one message in each half.
 *
 * @param length bytes hashed so far, this block included
 * @param last -1 for the last block, else 0
 */
export function blockPair(state: usize, a: usize, b: usize, mask: usize, length: i64, last: i64): void {
${maskedWords(16)}
${loadedState()}
${upperState('length', 'last')}
${rounds(16)}
${Array.from({ length: 8 }, (_, i) => `  v128.store(state, v128.xor(v128.load(state, ${16 * i}), v128.xor(v${i}, v${i + 8})), ${16 * i});`).join('\n')}
}
`;
}
