import { describe, expect, it } from 'vitest';
import {
  committeeShape,
  encodedLength,
  geometryFor,
  maxBlobBytes,
  sliverBytes,
} from '../../src/protocol/geometry.ts';
import { metadataBytes } from '../../src/protocol/metadata.ts';
import { encodedSliverBytes } from '../../src/protocol/sliver.ts';
import { expectError } from '../support/expect-error.ts';
import { loadFixture } from '../support/vectors.ts';

const params = await loadFixture('params');
const blobs = await loadFixture('blobs');
const chain = await loadFixture('move-chain');

describe.each(params.byN)('params.json at $nShards shards', (c) => {
  it('has the committee shape', () => {
    const shape = committeeShape(c.nShards);
    expect(shape.faultyCount).toBe(c.maxFaulty);
    expect(shape.rowCount).toBe(c.primarySourceSymbols);
    expect(shape.columnCount).toBe(c.secondarySourceSymbols);
    expect(maxBlobBytes(c.nShards)).toBe(c.maxBlobSize);
  });

  it('has the sizes', () => {
    for (const size of c.sizes) {
      const geometry = geometryFor(c.nShards, size.blobSize);
      expect(geometry.symbolBytes).toBe(size.symbolSize);
      expect(sliverBytes(geometry, 'primary')).toBe(size.primarySliverBytes);
      expect(sliverBytes(geometry, 'secondary')).toBe(size.secondarySliverBytes);
      expect(encodedLength(size.blobSize, c.nShards)).toBe(size.encodedLength);
    }
  });

  it('refuses one byte more than the maximum', () => {
    const detail = { bytes: c.maxBlobSize + 1, limit: c.maxBlobSize };
    expectError(() => geometryFor(c.nShards, c.maxBlobSize + 1), 'blob-too-large', detail);
  });
});

it('has the sizes of every case of blobs.json', () => {
  const differ = blobs.cases.filter((c) => {
    const geometry = geometryFor(c.nShards, c.blobSize);
    return (
      geometry.rowCount !== c.primarySourceSymbols ||
      geometry.columnCount !== c.secondarySourceSymbols ||
      geometry.symbolBytes !== c.symbolSize ||
      geometry.rowBytes !== c.primarySliverBytes ||
      geometry.columnBytes !== c.secondarySliverBytes ||
      encodedLength(c.blobSize, c.nShards) !== c.encodedLength ||
      metadataBytes(c.nShards) !== c.metadataBcsLength ||
      encodedSliverBytes(geometry.rowBytes) <= geometry.rowBytes
    );
  });
  expect(differ.map(({ id }) => id)).toEqual([]);
});

describe('move-chain.json', () => {
  const [valid, tooFew] = [
    chain.encoded.filter(([, shards]) => shards >= 4),
    chain.encoded.filter(([, shards]) => shards < 4),
  ];

  it(`prices ${valid.length} sizes as the contracts do`, () => {
    expect(valid.length).toBeGreaterThan(50);
    const ours = valid.map(([bytes, shards]) => [
      bytes,
      shards,
      String(encodedLength(bytes, shards)),
    ]);
    expect(ours).toEqual(valid);
  });

  it('refuses the committees below four shards', () => {
    expect(tooFew.length).toBeGreaterThan(0);
    for (const [bytes, shardCount] of tooFew) {
      const detail = { shardCount, min: 4 };
      expectError(() => encodedLength(bytes, shardCount), 'shard-count-unsupported', detail);
    }
  });
});
