import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import {
  pairOfShard,
  pairOfSliver,
  rotationOffset,
  shardIndex,
  shardOfPair,
  sliverIndex,
  sliverOfPair,
  sliverPairIndex,
} from '../../src/protocol/sliver-mapping.ts';
import { loadFixture } from '../support/vectors.ts';

const { cases } = await loadFixture('mapping');
const blobs = await loadFixture('blobs');

describe.each(cases)('mapping.json: $nShards shards, blob $blobIdHex', (c) => {
  const n = c.nShards;
  const blobId = hexToBytes(c.blobIdHex);

  it('rotates pairs over shards', () => {
    expect(rotationOffset(blobId, n)).toBe(c.offset);
    for (const [pair, shard] of c.pairToShard) {
      expect(shardOfPair(sliverPairIndex(pair, n), blobId, n)).toBe(shard);
    }
    for (const [shard, pair] of c.shardToPair) {
      expect(pairOfShard(shardIndex(shard, n), blobId, n)).toBe(pair);
    }
  });

  it('pairs primary with secondary slivers', () => {
    for (const [pair, index] of c.secondaryIndexOfPair) {
      expect(sliverOfPair(sliverPairIndex(pair, n), 'secondary', n)).toBe(index);
      expect(pairOfSliver(sliverIndex(index, n), 'secondary', n)).toBe(pair);
      expect(sliverOfPair(sliverPairIndex(pair, n), 'primary', n)).toBe(pair);
    }
  });
});

it('has the rotation of every case of blobs.json', () => {
  const differ = blobs.cases.filter(
    (c) => rotationOffset(hexToBytes(c.blobIdHex), c.nShards) !== c.rotationOffset,
  );
  expect(differ.map(({ id }) => id)).toEqual([]);
});
