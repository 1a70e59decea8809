import type { Kernel } from '../kernel/kernel.ts';
import type { Geometry } from '../protocol/geometry.ts';
import { encodedSliverBytes, frameSliver, sliverPrefixBytes } from '../protocol/sliver.ts';
import type { Range } from './tasks.ts';

/** Kernel memory for the repair symbols of some columns: one line per repair row. */
export interface RepairArea {
  readonly ptr: number;
  readonly pitch: number;
}

/** Columns in kernel memory; see `Segment` of the column task. */
interface Columns extends Range {
  readonly ptr: number;
  readonly pitch: number;
}

/** Bytes of one column as a BCS sliver. */
export function columnSliverBytes(geometry: Geometry): number {
  return encodedSliverBytes(geometry.columnBytes);
}

/**
 * Writes columns as BCS slivers, one after another.
 *
 * @param ptr receives `columnSliverBytes` per column
 */
export function frameColumns(
  kernel: Kernel,
  geometry: Geometry,
  columns: Columns,
  ptr: number,
): void {
  const { symbolBytes, columnBytes, rowCount } = geometry;
  const bytes = columnSliverBytes(geometry);
  const columnCount = columns.end - columns.begin;
  for (let i = 0; i < columnCount; i++) {
    kernel.copyPieces({
      sourcePtr: columns.ptr + i * symbolBytes,
      sourcePitch: columns.pitch,
      pieceBytes: symbolBytes,
      count: rowCount,
      targetPtr: ptr + i * bytes + sliverPrefixBytes(columnBytes),
      targetPitch: symbolBytes,
    });
  }
  // After all columns, as each of them overwrites a little behind itself.
  for (let i = 0; i < columnCount; i++) {
    frameSliver(kernel.bytes(ptr + i * bytes, bytes), symbolBytes, columns.begin + i);
  }
}

/** A view of the repair symbols of `rows` (repair rows, counted from row 0 of the matrix). */
export function repairBytes(
  kernel: Kernel,
  geometry: Geometry,
  { ptr, pitch }: RepairArea,
  rows: Range,
): Uint8Array<ArrayBuffer> {
  const at = ptr + (rows.begin - geometry.rowCount) * pitch;
  return kernel.bytes(at, (rows.end - rows.begin) * pitch);
}
