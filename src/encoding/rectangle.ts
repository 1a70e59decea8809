import type { Range } from './tasks.ts';

/** A rectangle of the source matrix, its symbols column by column. */
export interface Rectangle {
  readonly rows: Range;
  readonly columns: Range;
  readonly bytes: Uint8Array;
}

/** Copies what two rectangles have in common. */
export function copyCommon(from: Rectangle, to: Rectangle, symbolBytes: number): void {
  const rows = common(from.rows, to.rows);
  const columns = common(from.columns, to.columns);
  const width = (rows.end - rows.begin) * symbolBytes;
  if (width <= 0) return;
  const at = (rectangle: Rectangle, column: number) => {
    const height = rectangle.rows.end - rectangle.rows.begin;
    const symbols = (column - rectangle.columns.begin) * height + rows.begin - rectangle.rows.begin;
    return symbols * symbolBytes;
  };
  for (let column = columns.begin; column < columns.end; column++) {
    const source = at(from, column);
    to.bytes.set(from.bytes.subarray(source, source + width), at(to, column));
  }
}

/** What two ranges have in common; it ends before it begins where that is nothing. */
export function common(a: Range, b: Range): Range {
  return { begin: Math.max(a.begin, b.begin), end: Math.min(a.end, b.end) };
}
