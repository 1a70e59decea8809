import type { Kernel } from '../kernel/kernel.ts';
import type { Geometry } from '../protocol/geometry.ts';
import { encodedSliverBytes, frameSliver, sliverPrefixBytes } from '../protocol/sliver.ts';
import type { Part, Range } from './tasks.ts';

/** Kernel memory for the repair symbols of some columns: one line per repair row. */
export interface RepairArea {
  readonly ptr: number;
  readonly pitch: number;
}

/** Columns in kernel memory; see `Segment` of the column task. */
interface Columns extends Range {
  readonly ptr: number;
  readonly pitch: number;
  readonly repair?: RepairArea;
}

/** Bytes of one column as a BCS sliver. */
export function columnSliverBytes(geometry: Geometry): number {
  return encodedSliverBytes(geometry.columnBytes);
}

/**
 * Writes columns as BCS slivers, one after another.
 *
 * @param into receives `columnSliverBytes` per column from `at` on
 */
export function frameColumns(
  kernel: Kernel,
  geometry: Geometry,
  columns: Columns,
  into: Uint8Array,
  at: number,
): void {
  const { symbolBytes, rowCount, columnBytes } = geometry;
  const bytes = columnSliverBytes(geometry);
  const prefix = sliverPrefixBytes(columnBytes);
  const count = columns.end - columns.begin;
  const extent = (rowCount - 1) * columns.pitch + count * symbolBytes;
  const memory = kernel.bytes(columns.ptr, extent);
  for (let i = 0; i < count; i++) {
    const sliver = into.subarray(at + i * bytes, at + (i + 1) * bytes);
    frameSliver(sliver, symbolBytes, columns.begin + i);
    const from = i * symbolBytes;
    gather(memory, from, columns.pitch, symbolBytes, rowCount, sliver, prefix);
  }
}

/**
 * Copies out the repair symbols of `rows` (repair rows, counted from row 0 of the matrix).
 *
 * @returns undefined if these columns have none
 */
export function cutRepair(
  kernel: Kernel,
  geometry: Geometry,
  columns: Columns,
  rows: Range,
): Part | undefined {
  if (columns.repair === undefined) return undefined;
  const { ptr, pitch } = columns.repair;
  const at = ptr + (rows.begin - geometry.rowCount) * pitch;
  const bytes = kernel.bytes(at, (rows.end - rows.begin) * pitch).slice().buffer;
  return { begin: columns.begin, end: columns.end, bytes };
}

/** Copies `count` pieces of `size` bytes that lie `pitch` apart, to one stretch. */
function gather(
  from: Uint8Array,
  begin: number,
  pitch: number,
  size: number,
  count: number,
  into: Uint8Array,
  at: number,
): void {
  for (let i = 0; i < count; i++) {
    const source = begin + i * pitch;
    const target = at + i * size;
    // Below this size the call costs more than the bytes.
    if (size > 64) into.set(from.subarray(source, source + size), target);
    else for (let k = 0; k < size; k++) into[target + k] = from[source + k] as number;
  }
}
