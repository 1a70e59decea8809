import type { Range } from './tasks.ts';

/** A rectangle of the source matrix, row by row. */
export interface Rectangle {
  readonly rows: Range;
  readonly columns: Range;
  readonly bytes: Uint8Array;
}

/** Copies what two rectangles have in common. */
export function copyCommon(from: Rectangle, to: Rectangle, symbolBytes: number): void {
  const rows = common(from.rows, to.rows);
  const columns = common(from.columns, to.columns);
  const width = (columns.end - columns.begin) * symbolBytes;
  if (width <= 0) return;
  const at = (rectangle: Rectangle, row: number) => {
    const length = rectangle.columns.end - rectangle.columns.begin;
    const symbols = (row - rectangle.rows.begin) * length + columns.begin - rectangle.columns.begin;
    return symbols * symbolBytes;
  };
  for (let row = rows.begin; row < rows.end; row++) {
    const source = at(from, row);
    to.bytes.set(from.bytes.subarray(source, source + width), at(to, row));
  }
}

/** What two ranges have in common; it ends before it begins where that is nothing. */
export function common(a: Range, b: Range): Range {
  return { begin: Math.max(a.begin, b.begin), end: Math.min(a.end, b.end) };
}
