import { Blake2b } from './blake2b';
import { copyOver } from './copy';
import { EMPTY_NODE, STAGE, STAGE_PAIRS, ZERO_NODES } from './memory-map';

const NODE: usize = 32;
/** Columns of a group. */
export const GROUP: u32 = 16;

/** Fills ZERO_NODES from level 1 up; level 0, the leaf hash of a zero symbol, is there. */
export function fillZeroNodes(): void {
  for (let node = ZERO_NODES; node < ZERO_NODES + 16 * NODE; node += NODE) {
    stage(node, 0, node, 0, 1);
    Blake2b.nodes(STAGE, 1, node + NODE);
  }
}

/** Brings `count` pairs of nodes together that lie a pitch apart each. */
function stage(left: usize, leftPitch: usize, right: usize, rightPitch: usize, count: u32): void {
  const end = STAGE + ((<usize>count) << 6);
  for (let to = STAGE; to < end; to += 2 * NODE, left += leftPitch, right += rightPitch) {
    copyOver(to, left, NODE);
    copyOver(to + NODE, right, NODE);
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
  const paired = min(to, count >> 1);
  const out = target + ((<usize>paired) << 5);
  if (from < paired) {
    Blake2b.nodes(level + ((<usize>from) << 6), paired - from, target + ((<usize>from) << 5));
  }
  // An odd level ends in a node without a neighbour, which only the last parent can have.
  if (paired < to) {
    stage(level + ((<usize>paired) << 6), 0, EMPTY_NODE, 0, 1);
    Blake2b.nodes(STAGE, 1, out);
  }
}

/**
 * Reduces the leaves that the columns of one group contribute to the rows `from .. to` to one node
 * each, in place of the first column's leaf: the node four levels up, or the root where the whole
 * matrix is one group.
 *
 * @param leaves leaf hashes of the columns, `pitch` bytes apart; they are overwritten
 * @param alone true if the matrix has no other group
 */
export function reduceGroup(
  leaves: usize,
  pitch: usize,
  columnCount: u32,
  alone: bool,
  from: u32,
  to: u32,
): void {
  const end = alone ? columnCount : GROUP;
  for (let step: u32 = 1; step < end; step <<= 1) {
    for (let column: u32 = 0; column < columnCount; column += 2 * step) {
      const left = leaves + column * pitch;
      const paired = column + step < columnCount;
      for (let row = from; row < to; row += STAGE_PAIRS) {
        const count = min(STAGE_PAIRS, to - row);
        const node = left + ((<usize>row) << 5);
        if (paired) stage(node, NODE, node + step * pitch, NODE, count);
        else stage(node, NODE, EMPTY_NODE, 0, count);
        Blake2b.nodes(STAGE, count, node);
      }
    }
  }
}
