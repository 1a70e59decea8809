import { GROUP_COLUMNS } from '../kernel/kernel.ts';
import type { Geometry } from '../protocol/geometry.ts';
import type { ColumnBatch, Range } from './tasks.ts';

const MIB = 1 << 20;
/** Memory for blob data, all threads together. */
export const DEFAULT_MEMORY_BYTES = 144 * MIB;
/** The same where the caller keeps all slivers in memory, which is more than this anyway. */
export const KEPT_MEMORY_BYTES = 512 * MIB;
/** Share of it for whole matrices, one per thread; larger ones are read task by task. */
const RESIDENT_SHARE = 1;
/**
 * Share of it for tasks that read what they need: browsers keep the buffers of their reads besides,
 * until they are collected (Chromium 156: 480 MiB more for a file of 4 GiB).
 */
const STREAMED_SHARE = 0.5;
/** Share of it for row parity on its way to the columns; above it, it is spilled. */
const CARRIED_SHARE = 0.33;
/** One task's bytes: keeps progress smooth and the last task short. */
const TASK_BYTES = 4 * MIB;
/** One task's hashing, in BLAKE2b blocks of about 90 ns each: about 30 ms. */
const TASK_BLOCKS = 350_000;
/** Most bytes of slivers in one buffer. */
const ASSEMBLY_BYTES = 256 * MIB;
/** Bytes of rows from which it pays to encode them on several threads. */
const SPLIT_ROWS_BYTES = 512 << 10;
/** A job that needs more than this per thread runs alone among its like. */
const SMALL_THREAD_BYTES = 48 * MIB;

/**
 * What the rows leave on disk for the columns. With whole rows the source is read once, in long
 * reads; with their parity alone the columns read it again, in many short ones, which in a browser
 * cost several times as much as the encoding.
 */
export type Spilled = 'rows' | 'parity' | 'nothing';

export interface PlanOptions {
  /** threads that may serve the job, at least 1 */
  readonly threadCount: number;
  /** whether all slivers are wanted, or the metadata alone */
  readonly slivers: boolean;
  /** most that may be stored of what does not fit into memory */
  readonly spill: Spilled;
  /** for blob data, all threads together; one row and one column fit whatever is given */
  readonly memoryBytes: number;
  /** most bytes of repair rows in one range, which are put together at once; 256 MiB if absent */
  readonly assemblyBytes?: number;
}

export interface ColumnPlan extends Range {
  readonly batches: readonly ColumnBatch[];
}

interface ColumnCut extends Range {
  readonly batches: readonly Range[];
}

/** How one blob is cut into tasks. All column ranges but the last end at multiples of 16. */
export interface EncodePlan {
  readonly geometry: Geometry;
  readonly threadCount: number;
  readonly resident: boolean;
  readonly spilled: Spilled;
  readonly rows: readonly Range[];
  /** systematic columns first; those that wait for row parity last */
  readonly columns: readonly ColumnPlan[];
  /** columns that rows hand to columns: all of them, or those of the parity */
  readonly blocks: readonly Range[];
  /** ranges of the repair rows `rowCount..shardCount` */
  readonly assembly: readonly Range[];
  /** largest sum of arena bytes that one thread needs at a time */
  readonly threadBytes: number;
  /** whether several such jobs may run side by side */
  readonly small: boolean;
}

/**
 * Cuts the encoding of one blob into tasks whose memory, over all threads, stays within the budget
 * whatever the blob's size. Fewer threads are used where one row or column is large.
 */
export function planEncode(geometry: Geometry, options: PlanOptions): EncodePlan {
  const { shardCount, rowCount, columnCount, rowBytes, columnBytes, symbolBytes } = geometry;
  const { memoryBytes } = options;
  const matrixBytes = rowCount * rowBytes;
  const resident = matrixBytes * options.threadCount <= RESIDENT_SHARE * memoryBytes;
  const rowNeed = shardCount * symbolBytes; // one row with its parity
  const columnNeed = options.slivers ? shardCount * symbolBytes : columnBytes;
  const streamedBytes = STREAMED_SHARE * memoryBytes;
  const fitting = Math.floor(streamedBytes / Math.max(rowNeed, columnNeed));
  const threadCount = resident
    ? options.threadCount
    : Math.max(1, Math.min(options.threadCount, fitting));
  const budget = resident ? TASK_BYTES : Math.floor(streamedBytes / threadCount);
  const batchColumns = columnsWithin(budget, columnNeed);
  const columns = cutColumns(geometry, threadCount, batchColumns, resident);
  const spilled = spilledOf(geometry, options, resident);
  // Whole rows go in blocks as long as a task: each is a file of each thread, and all are open at once.
  const blocks =
    spilled === 'rows'
      ? blocksOf(columns, columnCount, 0)
      : blocksOf(
          columns.flatMap((cut) => cut.batches),
          columnCount,
          columnCount,
        );
  const rows = cutRows(geometry, threadCount, budget, options.slivers);
  const assembly = options.slivers
    ? cutEvenly({ begin: rowCount, end: shardCount }, assemblyCount(geometry, options, threadCount))
    : [];
  const threadBytes = (resident ? matrixBytes : 0) + Math.max(budget, rowNeed, columnNeed);
  return {
    geometry,
    threadCount,
    resident,
    spilled,
    rows,
    columns: columns.map((plan) => ({ ...plan, batches: nameBlocks(plan.batches, blocks) })),
    blocks,
    assembly,
    threadBytes,
    small: threadBytes <= SMALL_THREAD_BYTES,
  };
}

/** How many columns fit: whole groups, or equal parts of one group. */
function columnsWithin(budget: number, columnNeed: number): number {
  const fitting = Math.max(1, Math.floor(budget / columnNeed));
  if (fitting >= GROUP_COLUMNS) return fitting - (fitting % GROUP_COLUMNS);
  return Math.ceil(GROUP_COLUMNS / Math.ceil(GROUP_COLUMNS / fitting));
}

function cutRows(
  geometry: Geometry,
  threadCount: number,
  budget: number,
  slivers: boolean,
): Range[] {
  const { rowsUsed, rowCount, rowBytes, symbolBytes, shardCount } = geometry;
  const whole = { begin: 0, end: slivers ? rowCount : rowsUsed };
  const fitting = Math.max(1, Math.floor(budget / (shardCount * symbolBytes)));
  const small = rowsUsed * rowBytes < SPLIT_ROWS_BYTES;
  const share = small ? rowCount : Math.ceil(rowsUsed / (2 * threadCount));
  // Rows of short symbols are encoded side by side, as many as fill 64 bytes.
  const packed = Math.max(1, Math.floor(64 / symbolBytes));
  const step = Math.max(1, Math.min(fitting, Math.ceil(share / packed) * packed));
  return cutBy(whole, step);
}

/** Tasks shrink towards the end, so that no thread waits long for another's last one. */
function cutColumns(
  geometry: Geometry,
  threadCount: number,
  batchColumns: number,
  resident: boolean,
): ColumnCut[] {
  const { shardCount, symbolBytes } = geometry;
  const blocksPerColumn = shardCount * (Math.ceil((symbolBytes + 1) / 128) + 1);
  const inTask = Math.floor(TASK_BLOCKS / (blocksPerColumn * GROUP_COLUMNS));
  const inBatch = Math.floor(batchColumns / GROUP_COLUMNS);
  // A streamed task reads every row once, so it takes all the columns that fit.
  const most = Math.max(1, resident ? Math.min(inTask, inBatch) : inBatch);
  const plans: ColumnCut[] = [];
  for (let begin = 0; begin < shardCount; ) {
    const left = Math.ceil((shardCount - begin) / GROUP_COLUMNS);
    const groups = Math.max(1, Math.min(most, Math.ceil(left / (3 * threadCount))));
    const end = Math.min(shardCount, begin + groups * GROUP_COLUMNS);
    plans.push({ begin, end, batches: cutBy({ begin, end }, batchColumns) });
    begin = end;
  }
  return plans;
}

function spilledOf(
  geometry: Geometry,
  { spill, memoryBytes }: PlanOptions,
  resident: boolean,
): Spilled {
  if (!resident && spill === 'rows') return 'rows';
  const fits = spillBytes(geometry, 'parity') <= CARRIED_SHARE * memoryBytes;
  return fits || spill === 'nothing' ? 'nothing' : 'parity';
}

/** Bytes on disk while a blob is encoded. */
export function spillBytes(geometry: Geometry, spilled: Spilled): number {
  const { shardCount, columnCount, symbolBytes, rowsUsed } = geometry;
  const columns = { rows: shardCount, parity: shardCount - columnCount, nothing: 0 }[spilled];
  return rowsUsed * columns * symbolBytes;
}

/** Parts from column `first` on as blocks, each of the source or of parity, never of both. */
function blocksOf(parts: readonly Range[], columnCount: number, first: number): Range[] {
  return parts
    .flatMap(({ begin, end }) => [
      { begin: Math.max(begin, first), end: Math.min(end, columnCount) },
      { begin: Math.max(begin, columnCount), end },
    ])
    .filter(({ begin, end }) => begin < end);
}

function nameBlocks(batches: readonly Range[], blocks: readonly Range[]): ColumnBatch[] {
  return batches.map((batch) => ({
    ...batch,
    blocks: blocks.flatMap(({ begin, end }, i) =>
      begin < batch.end && batch.begin < end ? [i] : [],
    ),
  }));
}

/** One range for each thread, which fills it in as it goes; more where one buffer would be huge. */
function assemblyCount(
  { rowCount, shardCount, rowBytes }: Geometry,
  { assemblyBytes = ASSEMBLY_BYTES }: PlanOptions,
  threadCount: number,
): number {
  const bytes = (shardCount - rowCount) * rowBytes;
  return Math.max(threadCount, Math.ceil(bytes / assemblyBytes));
}

/** Cuts a range into pieces of `step`, the last one shorter. */
export function cutBy(range: Range, step: number): Range[] {
  const pieces: Range[] = [];
  for (let begin = range.begin; begin < range.end; begin += step) {
    pieces.push({ begin, end: Math.min(range.end, begin + step) });
  }
  return pieces;
}

/** Cuts a range into at most `count` pieces of nearly equal length. */
export function cutEvenly(range: Range, count: number): Range[] {
  return cutBy(range, Math.max(1, Math.ceil((range.end - range.begin) / count)));
}
