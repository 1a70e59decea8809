import { Blake2b } from './blake2b';
import { EMPTY_NODE, NOWHERE, ROW_NODES, ZERO_NODES } from './memory-map';

const NODE: usize = 32;
/** Columns of a group, and the tree levels inside it. */
export const GROUP: u32 = 16;
const GROUP_LEVELS: u32 = 4;
const GROUP_NODES: usize = 16 * NODE;

/** Fills ZERO_NODES from level 1 up; level 0, the leaf hash of a zero symbol, is there. */
export function fillZeroNodes(): void {
  for (let node = ZERO_NODES; node < ZERO_NODES + 16 * NODE; node += NODE) {
    Blake2b.nodes(node, node, node, node, node, node, node + NODE, NOWHERE, NOWHERE);
  }
}

/**
 * Root of the tree over `count` leaf hashes. A level of odd length, the root's apart, gets an empty
 * node of 32 zero bytes at its end.
 *
 * @param hashes `count` hashes of 32 bytes, left as they are
 * @param scratch room for half of them, rounded up
 * @param zeroBegin, zeroEnd leaves that are known to be those of zero symbols: whole subtrees of
 *   them are looked up instead of hashed
 */
export function merkleRoot(
  hashes: usize,
  count: u32,
  scratch: usize,
  out: usize,
  zeroBegin: u32,
  zeroEnd: u32,
): void {
  let level = hashes;
  let zeroNode = ZERO_NODES;
  while (count > 1) {
    const parents = (count + 1) >> 1;
    zeroBegin = (zeroBegin + 1) >> 1;
    zeroEnd >>= 1;
    zeroNode += NODE;
    if (zeroBegin < zeroEnd) {
      hashParents(level, count, scratch, 0, zeroBegin);
      for (let i = zeroBegin; i < zeroEnd; i++) {
        memory.copy(scratch + ((<usize>i) << 5), zeroNode, NODE);
      }
      hashParents(level, count, scratch, zeroEnd, parents);
    } else hashParents(level, count, scratch, 0, parents);
    level = scratch;
    count = parents;
  }
  memory.copy(out, count === 1 ? level : EMPTY_NODE, NODE);
}

/**
 * All levels of the tree above `count` leaf hashes, one after another, the root last.
 *
 * @param out room for every level: half of the one before, rounded up, down to one node
 */
export function merkleLevels(hashes: usize, count: u32, out: usize): void {
  while (count > 1) {
    const parents = (count + 1) >> 1;
    hashParents(hashes, count, out, 0, parents);
    hashes = out;
    out += (<usize>parents) << 5;
    count = parents;
  }
}

/** Hashes the parents `from .. to` of a level of `count` nodes, which may lie at `target` itself. */
function hashParents(level: usize, count: u32, target: usize, from: u32, to: u32): void {
  // An odd level ends in a node without a neighbour, which only the last parent can have.
  const end = level + ((<usize>count) << 5);
  for (let i = from; i < to; i += 3) {
    const leftA = level + ((<usize>i) << 6);
    const leftB = i + 1 < to ? leftA + 2 * NODE : leftA;
    const leftC = i + 2 < to ? leftA + 4 * NODE : leftA;
    const out = target + ((<usize>i) << 5);
    Blake2b.nodes(
      leftA,
      leftA + NODE < end ? leftA + NODE : EMPTY_NODE,
      leftB,
      leftB + NODE < end ? leftB + NODE : EMPTY_NODE,
      leftC,
      leftC + NODE < end ? leftC + NODE : EMPTY_NODE,
      out,
      i + 1 < to ? out + NODE : NOWHERE,
      i + 2 < to ? out + 2 * NODE : NOWHERE,
    );
  }
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
