/**
 * Writes the rounds of BLAKE2b out as AssemblyScript: for a pair of messages in the halves of
 * 128-bit vectors (locals v, m), and for a trio, the third in 64-bit integers (locals x, n) beside
 * them. Which is faster depends on the processor (Chromium 156, a message of one block): 59 ns
 * instead of 86 for the trio on a 3.8 GHz Granite Rapids, 105 instead of 90 on a Milan.
 *
 * A loop over single rounds needs the message schedule as loads with computed addresses (105 ns
 * instead of 90); written out, message words are locals, and words known to be zero vanish.
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
 * The twelve rounds, of which the last two repeat the first two; message words from `live` on are
 * zero. What is independent is written in lockstep.
 *
 * @param {number} live
 * @param {readonly (typeof vectorHalf)[]} halves
 */
function rounds(live, halves) {
  const round = (/** @type {number} */ number) => {
    const schedule = SIGMA[number] ?? [];
    return [0, 4].flatMap((step) => {
      const lanes = QUARTERS.slice(step, step + 4).flatMap((quarter, i) => {
        const [first = 0, second = 0] = schedule.slice(2 * (step + i));
        return halves.map((half) => [
          ...half(quarter, first, live, 32, 24),
          ...half(quarter, second, live, 16, 63),
        ]);
      });
      return Array.from({ length: 8 }, (_, line) => lanes.map((lane) => lane[line])).flat();
    });
  };
  const lines = (/** @type {number[]} */ numbers) => numbers.flatMap(round).join('\n');
  return `for (let repeated = false; ; repeated = true) {
${lines([0, 1])}
if (repeated) break;
${lines([2, 3, 4, 5, 6, 7, 8, 9])}
}`;
}

/** What a pair or a trio consists of: its pointers, and how each part of the work is written. */
const pair = {
  names: ['a', 'b'],
  halves: [vectorHalf],
  /** @param {(vector: boolean) => string} write */
  parts: (write) => write(true),
};
const trio = {
  names: ['a', 'b', 'c'],
  halves: [vectorHalf, integerHalf],
  /** @param {(vector: boolean) => string} write */
  parts: (write) => `${write(true)}\n${write(false)}`,
};
/** @typedef {typeof pair} Kind */

/** @param {boolean} vector */
const freshState = (vector) =>
  words(8, (i) => (vector ? `let v${i} = ${splat(fresh(i))};` : `let x${i}: u64 = ${fresh(i)};`));

/** @param {boolean} vector */
const loadedState = (vector) =>
  words(8, (i) =>
    vector
      ? `let v${i} = v128.load(state, ${16 * i});`
      : `let x${i} = load<u64>(state, ${128 + 8 * i});`,
  );

/** @param {boolean} vector */
const storedState = (vector) =>
  words(8, (i) => {
    if (!vector) {
      const at = 128 + 8 * i;
      return `store<u64>(state, load<u64>(state, ${at}) ^ x${i} ^ x${i + 8}, ${at});`;
    }
    const mixed = `v128.xor(v${i}, v${i + 8})`;
    return `v128.store(state, v128.xor(v128.load(state, ${16 * i}), ${mixed}), ${16 * i});`;
  });

/**
 * Words 8 to 15 of the working vector; `last` is an expression.
 *
 * @param {string} last
 */
const upperState = (last) => (/** @type {boolean} */ vector) =>
  words(8, (i) => {
    const value = i === 4 ? `<i64>${IV[4]} ^ length` : i === 6 ? `<i64>${IV[6]} ^ ${last}` : IV[i];
    return vector
      ? `let v${8 + i} = i64x2.splat(${value});`
      : `let x${8 + i}: u64 = <u64>(${value});`;
  });

/**
 * The digests from the first four words of a fresh state.
 *
 * @param {boolean} vector
 */
function digests(vector) {
  if (!vector) {
    return words(4, (i) => `store<u64>(outC, <u64>${fresh(i)} ^ x${i} ^ x${8 + i}, ${8 * i});`);
  }
  return `${words(4, (i) => `const d${i} = v128.xor(${splat(fresh(i))}, v128.xor(v${i}, v${i + 8}));`)}
v128.store(outA, v128.shuffle<u64>(d0, d1, 0, 2));
v128.store(outA, v128.shuffle<u64>(d2, d3, 0, 2), 16);
v128.store(outB, v128.shuffle<u64>(d0, d1, 1, 3));
v128.store(outB, v128.shuffle<u64>(d2, d3, 1, 3), 16);`;
}

/**
 * Message words from masked memory, with `prefix` put into the first byte if there is one.
 *
 * @param {number} count
 * @param {boolean} prefixed
 */
const maskedWords = (count, prefixed) => (/** @type {boolean} */ vector) => {
  const first = (/** @type {number} */ i) => prefixed && i === 0;
  if (!vector) {
    return words(count, (i) => {
      const value = `load<u64>(c, ${8 * i}) & load<u64>(mask, ${8 * i})`;
      return `const n${i} = ${first(i) ? `(${value}) | prefix` : value};`;
    });
  }
  const front = prefixed ? 'const p = i64x2.replace_lane(i64x2.splat(0), 0, <i64>prefix);\n' : '';
  return `${front}${words(count / 2, (i) => {
    const masked = (/** @type {string} */ name) => `v128.and(v128.load(${name}, ${16 * i}), k${i})`;
    const value = (/** @type {string} */ name) =>
      first(i) ? `v128.or(${masked(name)}, p)` : masked(name);
    return `const k${i} = v128.load(mask, ${16 * i});
const a${i} = ${value('a')};
const b${i} = ${value('b')};
const m${2 * i} = v128.shuffle<u64>(a${i}, b${i}, 0, 2);
const m${2 * i + 1} = v128.shuffle<u64>(a${i}, b${i}, 1, 3);`;
  })}`;
};

/** @param {string} name @param {Kind} kind */
function short(name, { names, halves, parts }) {
  const outs = names.map((each) => `out${each.toUpperCase()}: usize`).join(', ');
  return `
/** Digests of ${names.length} messages of at most 80 bytes, the first of which is \`prefix\`. */
export function ${name}(
  ${names.map((each) => `${each}: usize`).join(', ')}, mask: usize, prefix: u64, length: i64, ${outs},
): void {
${parts(maskedWords(10, true))}
${parts(freshState)}
${parts(upperState('-1'))}
${rounds(10, halves)}
${parts(digests)}
}`;
}

/** @param {string} name @param {Kind} kind */
function block(name, { names, halves, parts }) {
  return `
/**
 * One 128-byte block of ${names.length} messages of any length. Chaining values lie at \`state\`: eight vectors with
 * one message in each half${names.length === 3 ? ', then eight integers' : ''}.
 *
 * @param length bytes hashed so far, this block included
 * @param last -1 for the last block, else 0
 */
export function ${name}(
  state: usize, ${names.map((each) => `${each}: usize`).join(', ')}, mask: usize, length: i64, last: i64,
): void {
${parts(maskedWords(16, false))}
${parts(loadedState)}
${parts(upperState('last'))}
${rounds(16, halves)}
${parts(storedState)}
}`;
}

/** The module asm/build/blake2b-rounds.ts. */
export function blake2bRounds() {
  return `// Written by unroll-blake2b.mjs.
import { Word } from '../blake2b-word';
${[short('shortPair', pair), short('shortTrio', trio), block('blockPair', pair), block('blockTrio', trio)].join('\n')}
`;
}
