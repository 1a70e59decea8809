import { Blake2b } from './blake2b';
import { EMPTY_NODE, NOWHERE, ROW_NODES } from './memory-map';

const NODE: usize = 32;
/** Columns of a group, and the tree levels inside it. */
export const GROUP: u32 = 16;
const GROUP_LEVELS: u32 = 4;

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
    for (let i: u32 = 0; i < parents; i += 2) {
      const leftA = level + (<usize>i << 1) * NODE;
      const rightA = (i << 1) + 1 < count ? leftA + NODE : EMPTY_NODE;
      if (i + 1 < parents) {
        const leftB = leftA + 2 * NODE;
        const rightB = (i << 1) + 3 < count ? leftB + NODE : EMPTY_NODE;
        const to = scratch + i * NODE;
        Blake2b.nodes(leftA, rightA, leftB, rightB, to, to + NODE);
      } else Blake2b.nodes(leftA, rightA, leftA, rightA, scratch + i * NODE, NOWHERE);
    }
    level = scratch;
    count = parents;
  }
  memory.copy(out, scratch, NODE);
}

/**
 * Reduces the leaves that the columns of one group contribute to two rows to one node each: the
 * node four levels up, or the root where the whole matrix is one group.
 *
 * @param leafA, leafB leaf hash of the group's first column in each row
 * @param columnPitch distance from a column's leaf to the next column's
 * @param alone true if the matrix has no other group
 */
export function reduceGroup(
  leafA: usize,
  leafB: usize,
  columnPitch: usize,
  columnCount: u32,
  alone: bool,
  outA: usize,
  outB: usize,
): void {
  let fromA = leafA;
  let fromB = leafB;
  let pitch = columnPitch;
  let count = columnCount;
  const toA = ROW_NODES;
  const toB = ROW_NODES + GROUP * NODE;
  for (let level: u32 = 0; alone ? count > 1 : level < GROUP_LEVELS; level++) {
    const parents = (count + 1) >> 1;
    for (let i: u32 = 0; i < parents; i++) {
      const at = (<usize>i << 1) * pitch;
      const paired = (i << 1) + 1 < count;
      Blake2b.nodes(
        fromA + at,
        paired ? fromA + at + pitch : EMPTY_NODE,
        fromB + at,
        paired ? fromB + at + pitch : EMPTY_NODE,
        toA + i * NODE,
        toB + i * NODE,
      );
    }
    fromA = toA;
    fromB = toB;
    pitch = NODE;
    count = parents;
  }
  memory.copy(outA, toA, NODE);
  memory.copy(outB, toB, NODE);
}
