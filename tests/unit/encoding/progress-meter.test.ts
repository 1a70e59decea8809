import { describe, expect, it } from 'vitest';
import { insertRange, ProgressMeter } from '../../../src/encoding/progress-meter.ts';
import type { EncodeProgress } from '../../../src/protocol/blob-summary.ts';
import { geometryFor } from '../../../src/protocol/geometry.ts';

function meter() {
  const seen: EncodeProgress[] = [];
  let now = 0;
  const geometry = geometryFor(100, 1_000_000);
  const clock = { monotonic: () => now };
  const made = new ProgressMeter(geometry, (each) => seen.push(each), clock);
  const pass = (ms: number) => {
    now += ms;
  };
  return { made, seen, pass, geometry };
}

describe('ProgressMeter', () => {
  it('speaks at most ten times a second, and at the end whatever the time', () => {
    const { made, seen, pass } = meter();
    made.queued();
    for (let column = 0; column < 100; column++) {
      pass(10);
      made.columns({ begin: column, end: column + 1 });
    }
    made.finished();
    expect(seen.length).toBe(1 + 10 + 1);
    expect(seen.at(-1)).toMatchObject({ phase: 'finishing', columnsDone: 100 });
  });

  it('does not go back when the job starts again', () => {
    const { made, seen, pass, geometry } = meter();
    made.queued();
    pass(100);
    made.rows({ begin: 0, end: geometry.rowsUsed });
    pass(100);
    made.columns({ begin: 0, end: 50 });
    made.queued();
    pass(100);
    made.columns({ begin: 0, end: 1 });
    const bytes = seen.map((progress) => progress.bytesDone);
    expect(bytes[2]).toBe(540_000);
    expect(bytes.slice(3)).toEqual([540_000, 540_000]);
    expect(seen[4]).toMatchObject({ rowsDone: 0, columnsDone: 1, columnRanges: [[0, 1]] });
  });

  it('counts all bytes only when all columns are done', () => {
    const { made, seen, pass, geometry } = meter();
    made.rows({ begin: 0, end: geometry.rowsUsed });
    pass(100);
    made.columns({ begin: 0, end: 99 });
    expect(seen[1]?.bytesDone).toBeLessThan(1_000_000);
    made.columns({ begin: 99, end: 100 });
    made.finished();
    expect(seen.at(-1)?.bytesDone).toBe(1_000_000);
  });
});

describe('insertRange', () => {
  it('keeps ranges ascending and joins neighbours', () => {
    let ranges = insertRange([], { begin: 32, end: 48 });
    ranges = insertRange(ranges, { begin: 0, end: 16 });
    expect(ranges).toEqual([
      [0, 16],
      [32, 48],
    ]);
    expect(insertRange(ranges, { begin: 16, end: 32 })).toEqual([[0, 48]]);
  });
});
