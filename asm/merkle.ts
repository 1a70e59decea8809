import { Blake2b } from './blake2b';
import { EMPTY_NODE, NOWHERE, ROW_NODES } from './memory-map';

const NODE: usize = 32;
/** Columns of a group, and the tree levels inside it. */
export const GROUP: u32 = 16;
const GROUP_LEVELS: u32 = 4;
const GROUP_NODES: usize = 16 * NODE;

/**
 * Root of the tree over `count` leaf hashes. A level of odd length, the root's apart, gets an empty
 * node of 32 zero bytes at its end.
 *
 * @param hashes `count` hashes of 32 bytes, left as they are
 * @param scratch room for half of them, rounded up
 */
export function merkleRoot(hashes: usize, count: u32, scratch: usize, out: usize): void {
  if (count <= 1) {
    memory.copy(out, count === 1 ? hashes : EMPTY_NODE, NODE);
    return;
  }
  let level = hashes;
  while (count > 1) {
    const parents = (count + 1) >> 1;
    // An odd level ends in a node without a neighbour, which only the last parent can have.
    const end = level + ((<usize>count) << 5);
    for (let i: u32 = 0; i < parents; i += 3) {
      const leftA = level + ((<usize>i) << 6);
      const leftB = i + 1 < parents ? leftA + 2 * NODE : leftA;
      const leftC = i + 2 < parents ? leftA + 4 * NODE : leftA;
      const to = scratch + ((<usize>i) << 5);
      Blake2b.nodes(
        leftA,
        leftA + NODE < end ? leftA + NODE : EMPTY_NODE,
        leftB,
        leftB + NODE < end ? leftB + NODE : EMPTY_NODE,
        leftC,
        leftC + NODE < end ? leftC + NODE : EMPTY_NODE,
        to,
        i + 1 < parents ? to + NODE : NOWHERE,
        i + 2 < parents ? to + 2 * NODE : NOWHERE,
      );
    }
    level = scratch;
    count = parents;
  }
  memory.copy(out, scratch, NODE);
}

/**
 * Reduces the leaves that the columns of one group contribute to three rows to one node each: the
 * node four levels up, or the root where the whole matrix is one group.
 *
 * @param leafA, leafB, leafC leaf hash of the group's first column in each row
 * @param columnPitch distance from a column's leaf to the next column's
 * @param alone true if the matrix has no other group
 */
export function reduceGroup(
  leafA: usize,
  leafB: usize,
  leafC: usize,
  columnPitch: usize,
  columnCount: u32,
  alone: bool,
  outA: usize,
  outB: usize,
  outC: usize,
): void {
  const toA = ROW_NODES;
  const toB = ROW_NODES + GROUP_NODES;
  const toC = ROW_NODES + 2 * GROUP_NODES;
  let pitch = columnPitch;
  let count = columnCount;
  for (let level: u32 = 0; alone ? count > 1 : level < GROUP_LEVELS; level++) {
    const parents = (count + 1) >> 1;
    for (let i: u32 = 0; i < parents; i++) {
      const at = ((<usize>i) << 1) * pitch;
      const paired = (i << 1) + 1 < count;
      Blake2b.nodes(
        leafA + at,
        paired ? leafA + at + pitch : EMPTY_NODE,
        leafB + at,
        paired ? leafB + at + pitch : EMPTY_NODE,
        leafC + at,
        paired ? leafC + at + pitch : EMPTY_NODE,
        toA + ((<usize>i) << 5),
        toB + ((<usize>i) << 5),
        toC + ((<usize>i) << 5),
      );
    }
    leafA = toA;
    leafB = toB;
    leafC = toC;
    pitch = NODE;
    count = parents;
  }
  memory.copy(outA, toA, NODE);
  memory.copy(outB, toB, NODE);
  memory.copy(outC, toC, NODE);
}
