import type { Axis } from '../protocol/axis.ts';

export interface IndexRange {
  readonly begin: number;
  readonly end: number;
}

/**
 * Whoever takes slivers as they are made, so that they need not wait in memory for the whole blob.
 * More is made only when what was given before is taken.
 */
export interface SliverTaker {
  /** BCS slivers from index `begin` on, one after another; the source rows, and all columns */
  whole(axis: Axis, begin: number, slivers: ArrayBuffer): Promise<void>;
  /**
   * A part of the repair rows: symbols of `columns` in primary slivers `rows`, row by row. All rows
   * of one range come in the same cuts of columns.
   */
  piece(rows: IndexRange, columns: IndexRange, symbols: ArrayBuffer): Promise<void>;
}
