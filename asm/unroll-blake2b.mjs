/**
 * Writes the twelve rounds of BLAKE2b out as AssemblyScript, for three messages at a time: two in
 * the halves of 128-bit vectors (locals v, m) and a third in 64-bit integers (locals x, n). The two
 * kinds of instruction run side by side, so the third message is nearly free: a message takes 57 to
 * 62 ns instead of 80 to 90 with the vector pair alone (Chromium 156, Firefox 153, 3.8 GHz Xeon).
 *
 * A loop over the rounds would need the message schedule as loads with computed addresses; written
 * out, message words are locals, and words known to be zero vanish.
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

/**
 * Quarter-round positions: four columns, then four diagonals.
 *
 * @type {[number, number, number, number][]}
 */
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

const IV = [
  '0x6a09e667f3bcc908',
  '0xbb67ae8584caa73b',
  '0x3c6ef372fe94f82b',
  '0xa54ff53a5f1d36f1',
  '0x510e527fade682d1',
  '0x9b05688c2b3e6c1f',
  '0x1f83d9abfb41bd6b',
  '0x5be0cd19137e2179',
];

/**
 * Chaining values of a fresh 32-byte digest without key: IV with the parameter block folded in.
 *
 * @param {number} i
 */
const fresh = (i) => (i === 0 ? '(0x6a09e667f3bcc908 ^ 0x01010020)' : IV[i]);
/** @param {string | undefined} value */
const splat = (value) => `i64x2.splat(<i64>${value})`;
/** @param {number} count @param {(i: number) => string} line */
const words = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join('\n');

/**
 * Half a quarter round in vectors. `a + message` does not wait for b, which is late.
 *
 * @param {[number, number, number, number]} quarter
 * @param {number} word
 * @param {number} live
 * @param {number} rotateD
 * @param {number} rotateB
 */
function vectorHalf([a, b, c, d], word, live, rotateD, rotateB) {
  const ready = word < live ? `i64x2.add(v${a}, m${word})` : `v${a}`;
  return [
    `v${a} = i64x2.add(${ready}, v${b});`,
    `v${d} = Word.right${rotateD}(v128.xor(v${d}, v${a}));`,
    `v${c} = i64x2.add(v${c}, v${d});`,
    `v${b} = Word.right${rotateB}(v128.xor(v${b}, v${c}));`,
  ];
}

/**
 * The same in 64-bit integers.
 *
 * @param {[number, number, number, number]} quarter
 * @param {number} word
 * @param {number} live
 * @param {number} rotateD
 * @param {number} rotateB
 */
function integerHalf([a, b, c, d], word, live, rotateD, rotateB) {
  return [
    `x${a} = x${a} ${word < live ? `+ n${word}` : ''} + x${b};`,
    `x${d} = rotr<u64>(x${d} ^ x${a}, ${rotateD});`,
    `x${c} = x${c} + x${d};`,
    `x${b} = rotr<u64>(x${b} ^ x${c}, ${rotateB});`,
  ];
}

/**
 * All rounds; message words from `live` on are zero. What is independent is written in lockstep.
 *
 * @param {number} live
 */
function rounds(live) {
  const lines = [];
  for (let round = 0; round < 12; round++) {
    const schedule = SIGMA[round % 10] ?? [];
    for (const step of [0, 4]) {
      const lanes = QUARTERS.slice(step, step + 4).flatMap((quarter, i) => {
        const [first = 0, second = 0] = schedule.slice(2 * (step + i));
        return [vectorHalf, integerHalf].map((half) => [
          ...half(quarter, first, live, 32, 24),
          ...half(quarter, second, live, 16, 63),
        ]);
      });
      for (let line = 0; line < 8; line++) lines.push(...lanes.map((lane) => lane[line]));
    }
  }
  return lines.join('\n');
}

const freshState = () =>
  words(8, (i) => `let v${i} = ${splat(fresh(i))};\nlet x${i}: u64 = ${fresh(i)};`);

const loadedState = () =>
  words(
    8,
    (i) =>
      `let v${i} = v128.load(state, ${16 * i});\nlet x${i} = load<u64>(state, ${128 + 8 * i});`,
  );

const storedState = () =>
  words(
    8,
    (
      i,
    ) => `v128.store(state, v128.xor(v128.load(state, ${16 * i}), v128.xor(v${i}, v${i + 8})), ${16 * i});
store<u64>(state, load<u64>(state, ${128 + 8 * i}) ^ x${i} ^ x${i + 8}, ${128 + 8 * i});`,
  );

/**
 * Words 8 to 15 of the working vector; `length` and `last` are expressions.
 *
 * @param {string} length
 * @param {string} last
 */
function upperState(length, last) {
  return words(8, (i) => {
    const value =
      i === 4 ? `<i64>${IV[4]} ^ ${length}` : i === 6 ? `<i64>${IV[6]} ^ ${last}` : IV[i];
    return `let v${8 + i} = i64x2.splat(${value});\nlet x${8 + i}: u64 = <u64>(${value});`;
  });
}

/** The three digests from the first four words of a fresh state. */
const digests =
  () => `${words(4, (i) => `const d${i} = v128.xor(${splat(fresh(i))}, v128.xor(v${i}, v${i + 8}));`)}
v128.store(outA, v128.shuffle<u64>(d0, d1, 0, 2));
v128.store(outA, v128.shuffle<u64>(d2, d3, 0, 2), 16);
v128.store(outB, v128.shuffle<u64>(d0, d1, 1, 3));
v128.store(outB, v128.shuffle<u64>(d2, d3, 1, 3), 16);
${words(4, (i) => `store<u64>(outC, <u64>${fresh(i)} ^ x${i} ^ x${8 + i}, ${8 * i});`)}`;

/**
 * Two words of messages a and b, put in halves.
 *
 * @param {number} i
 */
const interleave = (i) => `const m${2 * i} = v128.shuffle<u64>(a${i}, b${i}, 0, 2);
const m${2 * i + 1} = v128.shuffle<u64>(a${i}, b${i}, 1, 3);`;

/**
 * Message words from masked memory: the byte before a symbol is the leaf prefix 0.
 *
 * @param {number} count
 */
const maskedWords = (count) =>
  words(
    count / 2,
    (i) => `const k${i} = v128.load(mask, ${16 * i});
const a${i} = v128.and(v128.load(a, ${16 * i}), k${i});
const b${i} = v128.and(v128.load(b, ${16 * i}), k${i});
${interleave(i)}
const n${2 * i} = load<u64>(c, ${16 * i}) & load<u64>(mask, ${16 * i});
const n${2 * i + 1} = load<u64>(c, ${16 * i + 8}) & load<u64>(mask, ${16 * i + 8});`,
  );

/**
 * The halves of a message one byte behind its nodes: byte 0 is the prefix 1.
 *
 * @param {string} name
 * @param {string} Name
 */
const nodeVectors = (
  name,
  Name,
) => `const ${name}0 = i8x16.replace_lane(v128.load(left${Name} - 1), 0, 1);
const ${name}1 = v128.load(left${Name}, 15);
const ${name}2 = i8x16.replace_lane(v128.load(right${Name} - 1), 0, load<i8>(left${Name}, 31));
const ${name}3 = v128.load(right${Name}, 15);`;

const nodeIntegers = () => `const n0: u64 = (load<u64>(leftC - 1) & ~0xff) | 1;
const n4: u64 = (load<u64>(rightC - 1) & ~0xff) | <u64>load<u8>(leftC, 31);
const n8: u64 = <u64>load<u8>(rightC, 31);
${words(3, (i) => `const n${1 + i} = load<u64>(leftC, ${7 + 8 * i});\nconst n${5 + i} = load<u64>(rightC, ${7 + 8 * i});`)}`;

/** The module asm/build/blake2b-rounds.ts. */
export function blake2bRounds() {
  return `// Written by unroll-blake2b.mjs.
import { Word } from '../blake2b-word';

/** Digests of 0x01 | left | right for three pairs of nodes. */
export function nodeTrio(
  leftA: usize, rightA: usize, leftB: usize, rightB: usize, leftC: usize, rightC: usize,
  outA: usize, outB: usize, outC: usize,
): void {
${nodeVectors('a', 'A')}
${nodeVectors('b', 'B')}
${words(4, interleave)}
const m8 = i64x2.replace_lane(
  i64x2.splat(<i64>load<u8>(rightA, 31)), 1, <i64>load<u8>(rightB, 31),
);
${nodeIntegers()}
${freshState()}
${upperState('65', '-1')}
${rounds(9)}
${digests()}
}

/** Digests of three messages of \`length\` bytes, at most 80, in one block each. */
export function shortTrio(
  a: usize, b: usize, c: usize, mask: usize, length: i64, outA: usize, outB: usize, outC: usize,
): void {
${maskedWords(10)}
${freshState()}
${upperState('length', '-1')}
${rounds(10)}
${digests()}
}

/**
 * One 128-byte block of three messages of any length. Chaining values lie at \`state\`: eight vectors
 * with one message in each half, then eight integers.
 *
 * @param length bytes hashed so far, this block included
 * @param last -1 for the last block, else 0
 */
export function blockTrio(
  state: usize, a: usize, b: usize, c: usize, mask: usize, length: i64, last: i64,
): void {
${maskedWords(16)}
${loadedState()}
${upperState('length', 'last')}
${rounds(16)}
${storedState()}
}
`;
}
