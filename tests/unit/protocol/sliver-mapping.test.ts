import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossAxis } from '../../../src/protocol/axis.ts';
import { blobIdToInteger } from '../../../src/protocol/blob-id.ts';
import {
  pairOfShard,
  pairOfSliver,
  rotationOffset,
  shardIndex,
  shardOfPair,
  sliverIndex,
  sliverOfPair,
  sliverPairIndex,
} from '../../../src/protocol/sliver-mapping.ts';
import { expectError } from '../../support/expect-error.ts';

const blobIds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const positions = fc
  .integer({ min: 4, max: 49_155 })
  .chain((n) => fc.record({ n: fc.constant(n), index: fc.nat(n - 1) }));
const axes = fc.constantFrom('primary' as const, 'secondary' as const);

describe('pairs and slivers', () => {
  it('map one to one on both axes', () => {
    fc.assert(
      fc.property(positions, axes, ({ n, index }, axis) => {
        const pair = sliverPairIndex(index, n);
        expect(pairOfSliver(sliverOfPair(pair, axis, n), axis, n)).toBe(pair);
        const [a, b] = [sliverOfPair(pair, axis, n), sliverOfPair(pair, crossAxis(axis), n)];
        expect(a + b).toBe(n - 1);
      }),
    );
  });
});

describe('pairs and shards', () => {
  it('map one to one for every blob', () => {
    fc.assert(
      fc.property(positions, blobIds, ({ n, index }, blobId) => {
        const pair = sliverPairIndex(index, n);
        const shard = shardOfPair(pair, blobId, n);
        expect(shardIndex(shard, n)).toBe(shard);
        expect(pairOfShard(shard, blobId, n)).toBe(pair);
      }),
    );
  });

  it('rotate by the ID as a big-endian integer', () => {
    fc.assert(
      fc.property(positions, blobIds, ({ n }, blobId) => {
        const bigEndian = blobIdToInteger(blobId.slice().reverse());
        expect(rotationOffset(blobId, n)).toBe(Number(bigEndian % BigInt(n)));
      }),
    );
  });
});

it.each([-1, 7, 0.5, Number.NaN])('refuses the index %d of 7', (value) => {
  expectError(() => sliverIndex(value, 7), 'argument-invalid', { name: 'sliverIndex' });
  expectError(() => sliverPairIndex(value, 7), 'argument-invalid', { name: 'sliverPairIndex' });
  expectError(() => shardIndex(value, 7), 'argument-invalid', { name: 'shardIndex' });
});
