import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_MEMORY_BYTES,
  type EncodePlan,
  type PlanOptions,
  planEncode,
} from '../../../src/encoding/encode-plan.ts';
import { common } from '../../../src/encoding/rectangle.ts';
import type { Range } from '../../../src/encoding/tasks.ts';
import { type Geometry, geometryFor, maxBlobBytes } from '../../../src/protocol/geometry.ts';

const MIB = 1 << 20;
const options: PlanOptions = {
  threadCount: 2,
  slivers: false,
  spill: 'rows',
  memoryBytes: DEFAULT_MEMORY_BYTES,
};

/** Expects ranges to cover `begin..end` in order, without gaps and overlaps. */
function expectCover(ranges: readonly Range[], begin: number, end: number): void {
  let at = begin;
  for (const range of ranges) {
    expect(range.begin).toBe(at);
    expect(range.end).toBeGreaterThan(range.begin);
    at = range.end;
  }
  expect(at).toBe(end);
}

function expectSound(geometry: Geometry, plan: EncodePlan, slivers: boolean): void {
  const { shardCount, rowCount, columnCount, rowsUsed } = geometry;
  expectCover(plan.rows, 0, slivers ? rowCount : rowsUsed);
  expectCover(plan.columns, 0, shardCount);
  const first = plan.spilled === 'rows' ? 0 : columnCount;
  expectCover(plan.blocks, first, shardCount);
  expect(plan.blocks.some(({ begin, end }) => begin < columnCount && end > columnCount)).toBe(
    false,
  );
  expectCover(plan.assembly, rowCount, slivers ? shardCount : rowCount);
  for (const { begin, end, batches } of plan.columns) {
    expect(begin % 16).toBe(0);
    expect(end % 16 === 0 || end === shardCount).toBe(true);
    expectCover(batches, begin, end);
    for (const batch of batches) {
      const blocks = batch.blocks.map((block) => common(plan.blocks[block] as Range, batch));
      expectCover(blocks, Math.min(batch.end, Math.max(batch.begin, first)), batch.end);
    }
  }
}

/** Arena bytes that one thread needs for its largest task. */
function taskBytes(geometry: Geometry, plan: EncodePlan, slivers: boolean): number {
  const { shardCount, symbolBytes, rowBytes, columnBytes } = geometry;
  const rows = Math.max(...plan.rows.map(({ begin, end }) => end - begin));
  const batch = Math.max(
    ...plan.columns.flatMap(({ batches }) => batches.map(({ begin, end }) => end - begin)),
  );
  const rowPart =
    rows * (plan.resident ? shardCount * symbolBytes - rowBytes : shardCount * symbolBytes);
  return Math.max(rowPart, batch * (slivers ? shardCount * symbolBytes : columnBytes));
}

describe('planEncode', () => {
  it('covers every row, column and block once, whatever the shard count and size', () => {
    const sizes = fc.record({
      shardCount: fc.oneof(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 41, max: 1200 })),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      threadCount: fc.integer({ min: 1, max: 24 }),
      slivers: fc.boolean(),
      memoryBytes: fc.constantFrom(10_000, MIB, DEFAULT_MEMORY_BYTES),
      spill: fc.constantFrom('rows', 'parity', 'nothing'),
    });
    fc.assert(
      fc.property(sizes, ({ shardCount, share, ...rest }) => {
        const blobBytes = Math.floor(maxBlobBytes(shardCount) * share ** 4);
        const geometry = geometryFor(shardCount, blobBytes);
        const plan = planEncode(geometry, rest);
        expectSound(geometry, plan, rest.slivers);
        expect(plan.threadCount).toBeLessThanOrEqual(rest.threadCount);
      }),
      { numRuns: 300 },
    );
  });

  it.each([1, 2, 8, 64])('keeps the largest file within the memory, for %i threads', (count) => {
    const geometry = geometryFor(1000, 14_599_533_452);
    const plan = planEncode(geometry, { ...options, threadCount: count });
    expectSound(geometry, plan, false);
    expect(plan.spilled).toBe('rows');
    expect(plan.resident).toBe(false);
    const used = plan.threadCount * taskBytes(geometry, plan, false);
    expect(used).toBeLessThanOrEqual(DEFAULT_MEMORY_BYTES);
    expect(used).toBeGreaterThan(DEFAULT_MEMORY_BYTES / 4);
  });

  it('keeps matrices of all threads within the memory', () => {
    for (const mib of [1, 8, 32, 64, 96, 128, 192, 256, 1024]) {
      for (const threadCount of [1, 2, 8]) {
        const geometry = geometryFor(1000, mib * MIB);
        const plan = planEncode(geometry, { ...options, threadCount });
        const matrices = plan.resident
          ? plan.threadCount * geometry.rowCount * geometry.rowBytes
          : 0;
        const used = matrices + plan.threadCount * taskBytes(geometry, plan, false);
        expect(used).toBeLessThanOrEqual(1.1 * DEFAULT_MEMORY_BYTES);
      }
    }
  });

  it('keeps small files in memory and gives every thread several tasks', () => {
    const plan = planEncode(geometryFor(1000, 8 * MIB), options);
    expect(plan).toMatchObject({ resident: true, spilled: 'nothing', small: true, threadCount: 2 });
    expect(plan.rows.length).toBeGreaterThanOrEqual(4);
    expect(plan.columns.length).toBeGreaterThan(8);
    const last = plan.columns.at(-1);
    expect((last?.end ?? 0) - (last?.begin ?? 0)).toBeLessThanOrEqual(16);
  });

  it('reads what does not fit into memory once, with few files for each thread', () => {
    const planOf = (mib: number, spill: PlanOptions['spill'], threadCount = 2) =>
      planEncode(geometryFor(1000, mib * MIB), { ...options, spill, threadCount });
    expect(planOf(80, 'parity').spilled).toBe('nothing');
    expect(planOf(4096, 'parity').spilled).toBe('parity');
    for (const mib of [80, 1024, 4096, 13_000]) {
      for (const threadCount of [1, 2, 8, 16]) {
        const { spilled, blocks } = planOf(mib, 'rows', threadCount);
        if (mib > 80 || threadCount > 1) expect(spilled).toBe('rows');
        expect(blocks.length).toBeLessThanOrEqual(64);
      }
    }
  });

  it('carries parity where nothing can be spilled', () => {
    const plan = planEncode(geometryFor(1000, 2048 * MIB), { ...options, spill: 'nothing' });
    expect(plan.spilled).toBe('nothing');
  });
});
