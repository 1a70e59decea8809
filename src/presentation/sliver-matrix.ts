import { committeeShape } from '../protocol/geometry.ts';

/** Cells of the picture in each direction. At n = 1000 a cell is 10 x 10 symbols. */
export const MATRIX_CELLS = 100;

/** Counters of one blob, or the mean over several, as the picture needs them. */
export interface MatrixCounters {
  readonly shardCount: number;
  /** share of the source rows that are read and coded, 0 to 1 */
  readonly rows: number;
  /** finished columns of the expanded matrix as ascending half-open ranges */
  readonly columnRanges: readonly (readonly [begin: number, end: number])[];
}

/** One colour per meaning, as 0xAABBGGRR (the byte order of canvas pixels on little-endian). */
export interface MatrixColours {
  readonly empty: number;
  readonly emptyRepair: number;
  readonly read: number;
  readonly source: number;
  readonly rowRepair: number;
  readonly columnRepair: number;
  readonly corner: number;
}

/**
 * Paints the expanded matrix: source top left, row repair to its right, column repair below. A cell
 * takes the colour of what is really done: rows when they are coded, columns when they are hashed.
 * The corner exists only as hashes, so it is a checker pattern.
 *
 * @param pixels `MATRIX_CELLS` squared, row-major; overwritten
 */
export function paintMatrix(
  counters: MatrixCounters,
  colours: MatrixColours,
  pixels: Uint32Array,
): void {
  const { shardCount } = counters;
  const { rowCount, columnCount } = committeeShape(shardCount);
  const perSymbol = MATRIX_CELLS / shardCount;
  const rowEdge = Math.round(rowCount * perSymbol);
  const columnEdge = Math.round(columnCount * perSymbol);
  const rowsDone = Math.floor(rowEdge * Math.min(1, counters.rows) + 1e-9);
  const done = doneColumns(counters.columnRanges, shardCount);

  for (let y = 0; y < MATRIX_CELLS; y++) {
    const isSourceRow = y < rowEdge;
    const isCoded = isSourceRow && y < rowsDone;
    for (let x = 0; x < MATRIX_CELLS; x++) {
      const isSourceColumn = x < columnEdge;
      const isDone = done[x] === 1;
      pixels[y * MATRIX_CELLS + x] = isSourceRow
        ? sourceRow(isSourceColumn, isDone, isCoded, colours)
        : repairRow(isSourceColumn, isDone, (x + y) % 2 === 0, colours);
    }
  }
}

function sourceRow(
  isSourceColumn: boolean,
  isDone: boolean,
  isCoded: boolean,
  colours: MatrixColours,
): number {
  if (isSourceColumn) return isDone ? colours.source : isCoded ? colours.read : colours.empty;
  return isDone || isCoded ? colours.rowRepair : colours.emptyRepair;
}

function repairRow(
  isSourceColumn: boolean,
  isDone: boolean,
  isDot: boolean,
  colours: MatrixColours,
): number {
  if (!isDone) return colours.emptyRepair;
  if (isSourceColumn) return colours.columnRepair;
  return isDot ? colours.corner : colours.emptyRepair;
}

/** 1 for each column of cells whose symbols are all hashed. */
function doneColumns(ranges: MatrixCounters['columnRanges'], shardCount: number): Uint8Array {
  const done = new Uint8Array(MATRIX_CELLS);
  const perCell = shardCount / MATRIX_CELLS;
  for (const [begin, end] of mergeRanges(ranges)) {
    for (let x = Math.max(0, Math.floor(begin / perCell)); x < MATRIX_CELLS; x++) {
      // Symbols of this cell; a cell narrower than one symbol shows the symbol it lies in.
      const first = Math.floor(x * perCell);
      const last = Math.max(first + 1, Math.floor((x + 1) * perCell));
      if (first >= end) break;
      if (first >= begin && last <= end) done[x] = 1;
    }
  }
  return done;
}

/** Joins neighbours, so that a cell over the seam of two ranges counts. */
function mergeRanges(ranges: MatrixCounters['columnRanges']): [number, number][] {
  const merged: [number, number][] = [];
  for (const [begin, end] of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && begin <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([begin, end]);
  }
  return merged;
}
