import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnsForRange,
  committeeShape,
  encodedLength,
  type Geometry,
  geometryFor,
  MAX_SHARD_COUNT,
  maxBlobBytes,
  sliversForRange,
  sliversToDecode,
  symbolsPerSliver,
} from '../../../src/protocol/geometry.ts';
import { expectError } from '../../support/expect-error.ts';

const shardCounts = fc.oneof(
  fc.integer({ min: 4, max: 40 }),
  fc.integer({ min: 4, max: MAX_SHARD_COUNT }),
  fc.constant(1000),
);
const geometries: fc.Arbitrary<Geometry> = shardCounts.chain((n) =>
  fc
    .oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: maxBlobBytes(n) }))
    .map((bytes) => geometryFor(n, bytes)),
);

describe('geometryFor', () => {
  it('fits the blob into the smallest even symbol', () => {
    fc.assert(
      fc.property(geometries, (g) => {
        const cells = g.rowCount * g.columnCount;
        expect(g.symbolBytes % 2).toBe(0);
        expect(g.symbolBytes).toBeGreaterThanOrEqual(2);
        expect(g.symbolBytes).toBeLessThanOrEqual(65_534);
        expect(cells * g.symbolBytes).toBeGreaterThanOrEqual(g.blobBytes);
        if (g.symbolBytes > 2) expect(cells * (g.symbolBytes - 2)).toBeLessThan(g.blobBytes);
      }),
    );
  });

  it('counts the rows that hold bytes', () => {
    fc.assert(
      fc.property(geometries, (g) => {
        expect(g.rowsUsed).toBeGreaterThanOrEqual(1);
        expect(g.rowsUsed).toBeLessThanOrEqual(g.rowCount);
        expect(g.rowsUsed * g.rowBytes).toBeGreaterThanOrEqual(g.blobBytes);
        if (g.rowsUsed > 1) expect((g.rowsUsed - 1) * g.rowBytes).toBeLessThan(g.blobBytes);
      }),
    );
  });

  it.each([3, 0, -4, 4.5, Number.NaN, 49_156, Number.POSITIVE_INFINITY])(
    'refuses %d shards',
    (n) => {
      expectError(() => geometryFor(n, 1), 'shard-count-unsupported', { min: 4, max: 49_155 });
    },
  );

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a length of %d', (bytes) => {
    expectError(() => geometryFor(4, bytes), 'argument-invalid', { name: 'blobBytes' });
  });

  it('accepts the largest blob of the public networks, and not one byte more', () => {
    expect(geometryFor(1000, 14_599_533_452).symbolBytes).toBe(65_534);
    const detail = { bytes: 14_599_533_453, limit: 14_599_533_452 };
    expectError(() => geometryFor(1000, 14_599_533_453), 'blob-too-large', detail);
  });
});

describe('committeeShape', () => {
  it('leaves enough honest slivers with f faulty shards, on both axes', () => {
    fc.assert(
      fc.property(shardCounts, (n) => {
        const shape = committeeShape(n);
        expect(3 * shape.faultyCount).toBeLessThan(n);
        expect(shape.rowCount).toBe(n - 2 * shape.faultyCount);
        expect(shape.columnCount).toBe(n - shape.faultyCount);
        expect(sliversToDecode(shape, 'primary')).toBe(symbolsPerSliver(shape, 'secondary'));
        expect(sliversToDecode(shape, 'secondary')).toBe(symbolsPerSliver(shape, 'primary'));
      }),
    );
  });
});

describe('encodedLength', () => {
  it('never falls when a blob grows', () => {
    fc.assert(
      fc.property(geometries, (g) => {
        const more = Math.min(g.blobBytes + 1, maxBlobBytes(g.shardCount));
        const [a, b] = [
          encodedLength(g.blobBytes, g.shardCount),
          encodedLength(more, g.shardCount),
        ];
        expect(b).toBeGreaterThanOrEqual(a);
        expect(Number.isSafeInteger(b)).toBe(true);
      }),
    );
  });
});

describe('ranges', () => {
  const ranges = shardCounts
    .filter((n) => n <= 1000)
    .chain((n) =>
      fc
        .integer({ min: 1, max: Math.min(maxBlobBytes(n), 20_000_000) })
        .map((b) => geometryFor(n, b)),
    )
    .chain((g) =>
      fc
        .tuple(fc.nat(g.blobBytes - 1), fc.nat(g.blobBytes - 1))
        .map(([a, b]) => ({ g, begin: Math.min(a, b), end: Math.max(a, b) + 1 })),
    );

  it('cover every byte once, in order', () => {
    fc.assert(
      fc.property(ranges, ({ g, begin, end }) => {
        let at = begin;
        for (const span of sliversForRange(g, begin, end)) {
          expect(span.sliverIndex * g.rowBytes + span.begin).toBe(at);
          expect(span.end).toBeGreaterThan(span.begin);
          expect(span.end).toBeLessThanOrEqual(g.rowBytes);
          at = span.sliverIndex * g.rowBytes + span.end;
        }
        expect(at).toBe(end);
      }),
    );
  });

  it('name the columns of their bytes and no others', () => {
    const small = ranges.filter(({ begin, end }) => end - begin <= 3000);
    fc.assert(
      fc.property(small, ({ g, begin, end }) => {
        const expected = new Set<number>();
        for (let at = begin; at < end; at++) {
          expected.add(Math.floor(at / g.symbolBytes) % g.columnCount);
        }
        expect(columnsForRange(g, begin, end)).toEqual([...expected].sort((a, b) => a - b));
      }),
    );
  });

  it('name every column for a whole large blob at once', () => {
    const g = geometryFor(1000, 14_599_533_452);
    expect(columnsForRange(g, 0, g.blobBytes)).toHaveLength(g.columnCount);
    expect(sliversForRange(g, 0, g.blobBytes)).toHaveLength(g.rowCount);
  });

  it('give one span when the range ends on the edge of a row', () => {
    const g = geometryFor(7, 300);
    expect(sliversForRange(g, 0, g.rowBytes)).toEqual([
      { sliverIndex: 0, begin: 0, end: g.rowBytes },
    ]);
  });

  it.each([
    [5, 5],
    [6, 5],
    [-1, 5],
    [0, 101],
    [0.5, 5],
    [0, Number.NaN],
  ])('refuse %d to %d of 100 bytes', (begin, end) => {
    const g = geometryFor(4, 100);
    expectError(() => sliversForRange(g, begin, end), 'argument-invalid', { name: 'range' });
    expectError(() => columnsForRange(g, begin, end), 'argument-invalid', { name: 'range' });
  });
});
