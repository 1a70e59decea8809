import type { Axis } from './axis.ts';
import { HauloutError } from './errors.ts';

export const MIN_SHARD_COUNT = 4; // below it there are no repair symbols
export const MAX_SHARD_COUNT = 49_155; // above it the field GF(2^16) has too few points
export const MAX_SYMBOL_BYTES = 65_534;

/** The shape of one blob's matrix at one committee size. Counts in symbols, sizes in bytes. */
export interface Geometry {
  readonly shardCount: number;
  /** f: shards that may be faulty */
  readonly faultyCount: number;
  /** k1 = n - 2f: rows of the source matrix; primary slivers needed to decode */
  readonly rowCount: number;
  /** k2 = n - f: columns of the source matrix; secondary slivers needed to decode */
  readonly columnCount: number;
  /** even, 2 to 65,534 */
  readonly symbolBytes: number;
  readonly blobBytes: number;
  /** data bytes of a primary sliver */
  readonly rowBytes: number;
  /** data bytes of a secondary sliver */
  readonly columnBytes: number;
  /** rows that hold blob bytes, at least 1; the ones after them are zero */
  readonly rowsUsed: number;
}

/** A piece of a sliver's data: bytes `begin..end` of primary sliver `sliverIndex`. */
export interface SliverSpan {
  readonly sliverIndex: number;
  readonly begin: number;
  readonly end: number;
}

/** The part of the geometry that depends on the committee alone. */
export interface CommitteeShape {
  readonly shardCount: number;
  readonly faultyCount: number;
  readonly rowCount: number;
  readonly columnCount: number;
}

/**
 * Gives f, rows and columns of a committee.
 *
 * @throws HauloutError 'shard-count-unsupported' unless an integer from 4 to 49,155
 */
export function committeeShape(shardCount: number): CommitteeShape {
  const [min, max] = [MIN_SHARD_COUNT, MAX_SHARD_COUNT];
  if (!Number.isInteger(shardCount) || shardCount < min || shardCount > max) {
    throw new HauloutError('shard-count-unsupported', { shardCount, min, max });
  }
  const faultyCount = Math.floor((shardCount - 1) / 3);
  const rowCount = shardCount - 2 * faultyCount;
  return { shardCount, faultyCount, rowCount, columnCount: shardCount - faultyCount };
}

/** The largest blob, in bytes, that a committee of this size can hold. */
export function maxBlobBytes(shardCount: number): number {
  const { rowCount, columnCount } = committeeShape(shardCount);
  return rowCount * columnCount * MAX_SYMBOL_BYTES;
}

/**
 * Gives the matrix shape of a blob. An empty blob has a matrix of zeros.
 *
 * @param blobBytes unencoded length, 0 to `maxBlobBytes(shardCount)`
 * @throws HauloutError 'shard-count-unsupported', 'argument-invalid', 'blob-too-large'
 */
export function geometryFor(shardCount: number, blobBytes: number): Geometry {
  const shape = committeeShape(shardCount);
  if (!Number.isInteger(blobBytes) || blobBytes < 0) {
    throw new HauloutError('argument-invalid', { name: 'blobBytes', reason: 'not a length' });
  }
  const limit = maxBlobBytes(shardCount);
  if (blobBytes > limit) throw new HauloutError('blob-too-large', { bytes: blobBytes, limit });
  const { rowCount, columnCount } = shape;
  const least = Math.ceil(Math.max(blobBytes, 1) / (rowCount * columnCount));
  const symbolBytes = least + (least % 2);
  const rowBytes = columnCount * symbolBytes;
  return {
    ...shape,
    symbolBytes,
    blobBytes,
    rowBytes,
    columnBytes: rowCount * symbolBytes,
    rowsUsed: Math.max(1, Math.ceil(blobBytes / rowBytes)),
  };
}

/** Symbols in one sliver's data; also the symbols needed to recover that sliver. */
export function symbolsPerSliver(shape: CommitteeShape, axis: Axis): number {
  return axis === 'primary' ? shape.columnCount : shape.rowCount;
}

/** Slivers of `axis` needed to decode a blob. */
export function sliversToDecode(shape: CommitteeShape, axis: Axis): number {
  return axis === 'primary' ? shape.rowCount : shape.columnCount;
}

/** Data bytes of one sliver, without its BCS frame. */
export function sliverBytes(geometry: Geometry, axis: Axis): number {
  return axis === 'primary' ? geometry.rowBytes : geometry.columnBytes;
}

/**
 * The size for which storage is bought: all slivers, and per shard one copy of the metadata counted
 * as 64 bytes per shard and 32 for the ID.
 *
 * @throws HauloutError as `geometryFor`
 */
export function encodedLength(unencodedBytes: number, shardCount: number): number {
  const { rowBytes, columnBytes } = geometryFor(shardCount, unencodedBytes);
  return shardCount * (rowBytes + columnBytes + 64 * shardCount + 32);
}

/**
 * Lists the systematic primary slivers that hold bytes `begin..end` of a blob, ascending.
 *
 * @param begin first byte; `begin < end <= geometry.blobBytes`
 * @returns one span per sliver, offsets into that sliver's data
 * @throws HauloutError 'argument-invalid' if the range is empty or leaves the blob
 */
export function sliversForRange(geometry: Geometry, begin: number, end: number): SliverSpan[] {
  checkRange(geometry, begin, end);
  const { rowBytes } = geometry;
  const spans: SliverSpan[] = [];
  for (let at = begin; at < end; ) {
    const sliverIndex = Math.floor(at / rowBytes);
    const rowBegin = sliverIndex * rowBytes;
    const stop = Math.min(end, rowBegin + rowBytes);
    spans.push({ sliverIndex, begin: at - rowBegin, end: stop - rowBegin });
    at = stop;
  }
  return spans;
}

/**
 * Lists the systematic secondary slivers that hold bytes `begin..end` of a blob, ascending.
 *
 * @throws HauloutError 'argument-invalid' if the range is empty or leaves the blob
 */
export function columnsForRange(geometry: Geometry, begin: number, end: number): number[] {
  checkRange(geometry, begin, end);
  const { columnCount, symbolBytes } = geometry;
  const first = Math.floor(begin / symbolBytes);
  const count = Math.min(columnCount, Math.floor((end - 1) / symbolBytes) - first + 1);
  const columns = Array.from({ length: count }, (_, i) => (first + i) % columnCount);
  return columns.sort((a, b) => a - b);
}

function checkRange(geometry: Geometry, begin: number, end: number): void {
  const whole = Number.isInteger(begin) && Number.isInteger(end);
  if (whole && begin >= 0 && begin < end && end <= geometry.blobBytes) return;
  throw new HauloutError('argument-invalid', {
    name: 'range',
    reason: 'empty or outside the blob',
  });
}
