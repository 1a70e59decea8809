import type { Axis } from './axis.ts';
import { HauloutError } from './errors.ts';

declare const brand: unique symbol;

/** Position of a sliver in the matrix: its row (primary) or column (secondary). */
export type SliverIndex = number & { readonly [brand]: 'SliverIndex' };
/** Position of a sliver pair in the metadata; node URLs carry it for both axes. */
export type SliverPairIndex = number & { readonly [brand]: 'SliverPairIndex' };
/** One of the slots that storage nodes own. */
export type ShardIndex = number & { readonly [brand]: 'ShardIndex' };

export function sliverIndex(value: number, shardCount: number): SliverIndex {
  return checkIndex('sliverIndex', value, shardCount) as SliverIndex;
}

export function sliverPairIndex(value: number, shardCount: number): SliverPairIndex {
  return checkIndex('sliverPairIndex', value, shardCount) as SliverPairIndex;
}

export function shardIndex(value: number, shardCount: number): ShardIndex {
  return checkIndex('shardIndex', value, shardCount) as ShardIndex;
}

/** Pair p holds primary sliver p and secondary sliver n - 1 - p. */
export function sliverOfPair(pair: SliverPairIndex, axis: Axis, shardCount: number): SliverIndex {
  return (axis === 'primary' ? pair : shardCount - 1 - pair) as number as SliverIndex;
}

/** The inverse of `sliverOfPair`. */
export function pairOfSliver(index: SliverIndex, axis: Axis, shardCount: number): SliverPairIndex {
  return (axis === 'primary' ? index : shardCount - 1 - index) as number as SliverPairIndex;
}

/**
 * The shard that holds pair 0 of a blob; the other pairs follow in order, round the circle.
 *
 * @param blobId 32 bytes, read as a big-endian integer (the chain's u256 is little-endian)
 */
export function rotationOffset(blobId: Uint8Array, shardCount: number): number {
  let offset = 0;
  for (const byte of blobId) offset = (offset * 256 + byte) % shardCount;
  return offset;
}

export function shardOfPair(
  pair: SliverPairIndex,
  blobId: Uint8Array,
  shardCount: number,
): ShardIndex {
  return ((pair + rotationOffset(blobId, shardCount)) % shardCount) as ShardIndex;
}

export function pairOfShard(
  shard: ShardIndex,
  blobId: Uint8Array,
  shardCount: number,
): SliverPairIndex {
  const offset = rotationOffset(blobId, shardCount);
  return ((shard + shardCount - offset) % shardCount) as SliverPairIndex;
}

function checkIndex(name: string, value: number, shardCount: number): number {
  if (Number.isInteger(value) && value >= 0 && value < shardCount) return value;
  throw new HauloutError('argument-invalid', { name, reason: `not in 0 to ${shardCount - 1}` });
}
