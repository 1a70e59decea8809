import { describe, expect, it } from 'vitest';
import {
  MATRIX_CELLS,
  type MatrixColours,
  type MatrixCounters,
  paintMatrix,
} from '../../../src/presentation/sliver-matrix.ts';

const COLOURS: MatrixColours = {
  empty: 1,
  emptyRepair: 2,
  read: 3,
  source: 4,
  rowRepair: 5,
  columnRepair: 6,
  corner: 7,
};

function paint(counters: Partial<MatrixCounters>) {
  const pixels = new Uint32Array(MATRIX_CELLS ** 2);
  paintMatrix({ shardCount: 1000, rows: 0, columnRanges: [], ...counters }, COLOURS, pixels);
  return (x: number, y: number) => pixels[y * MATRIX_CELLS + x];
}

const count = (at: ReturnType<typeof paint>, colour: number) => {
  let found = 0;
  for (let y = 0; y < MATRIX_CELLS; y++) {
    for (let x = 0; x < MATRIX_CELLS; x++) if (at(x, y) === colour) found++;
  }
  return found;
};

describe('paintMatrix', () => {
  it('is empty before anything is done', () => {
    const at = paint({});
    expect(count(at, COLOURS.empty)).toBe(67 * 33); // k2 x k1 cells of ten symbols
    expect(count(at, COLOURS.emptyRepair)).toBe(100 * 100 - 67 * 33);
  });

  it('shows rows that are coded: read source, finished row repair, nothing below', () => {
    const at = paint({ rows: 0.5 });
    expect(at(0, 0)).toBe(COLOURS.read);
    expect(at(80, 0)).toBe(COLOURS.rowRepair);
    expect(at(0, 20)).toBe(COLOURS.empty);
    expect(at(0, 50)).toBe(COLOURS.emptyRepair);
    expect(count(at, COLOURS.columnRepair)).toBe(0);
  });

  it('shows finished columns from top to bottom', () => {
    const at = paint({
      rows: 1,
      columnRanges: [
        [0, 160],
        [700, 720],
      ],
    });
    expect([at(0, 0), at(15, 10), at(15, 60)]).toEqual([4, 4, 6]);
    expect([at(16, 10), at(16, 60)]).toEqual([3, 2]);
    expect(at(70, 10)).toBe(COLOURS.rowRepair);
    expect(new Set([at(70, 60), at(70, 61)])).toEqual(new Set([7, 2])); // checker
  });

  it('fills a cell only when all its symbols are done', () => {
    expect(paint({ columnRanges: [[0, 9]] })(0, 0)).toBe(COLOURS.empty);
    expect(paint({ columnRanges: [[0, 10]] })(0, 0)).toBe(COLOURS.source);
    expect(
      paint({
        columnRanges: [
          [0, 16],
          [16, 32],
        ],
      })(1, 0),
    ).toBe(COLOURS.source);
  });

  it('is full at the end, for any committee', () => {
    for (const shardCount of [4, 7, 13, 100, 999, 1000, 4000]) {
      const at = paint({ shardCount, rows: 1, columnRanges: [[0, shardCount]] });
      expect(count(at, COLOURS.empty) + count(at, COLOURS.read)).toBe(0);
      expect(count(at, COLOURS.source)).toBeGreaterThan(0);
      expect(count(at, COLOURS.columnRepair)).toBeGreaterThan(0);
    }
  });

  it('never unpaints as work goes on', () => {
    let before = 0;
    for (let columns = 0; columns <= 1000; columns += 16) {
      const filled = count(paint({ rows: 1, columnRanges: [[0, columns]] }), COLOURS.source);
      expect(filled).toBeGreaterThanOrEqual(before);
      before = filled;
    }
  });
});
