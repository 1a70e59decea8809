import { type Geometry, sliversToDecode } from '../protocol/geometry.ts';
import { sliverHash } from '../protocol/metadata.ts';
import type { SliverData } from '../protocol/sliver.ts';
import { type DecodeContext, traitsOf } from './decode-context.ts';
import { cutBy, cutEvenly } from './encode-plan.ts';
import { TaskListJob } from './task-list-job.ts';
import type { CheckRowsTask, DecodeSetup, DecodeTask, MatrixPiece, Range } from './tasks.ts';

/** Bytes of one task's input: two such areas lie in a thread's memory at a time. */
const TASK_BYTES = 8 << 20;

/** Decodes the whole matrix; threads share it by lanes. */
export async function decodeRows(
  context: DecodeContext,
  used: readonly SliverData[],
): Promise<MatrixPiece[]> {
  const { doors, options, geometry } = context;
  const { axis, signal } = options;
  const setup: DecodeSetup = {
    kind: 'decode',
    geometry,
    axis,
    sliverIndices: Uint16Array.from(used, (sliver) => sliver.sliverIndex),
    cuts: rowCuts(context),
  };
  const tasks = laneRanges(context).map((lanes) => () => decodeTask(geometry, used, lanes));
  const make = () => new TaskListJob<DecodeTask>(traitsOf(context), tasks, setup);
  const results = await doors.runner.run(make, signal);
  return results.flatMap((result) => result.pieces);
}

/** Checks all rows and puts the blob together. */
export async function checkRows(
  context: DecodeContext,
  pieces: readonly MatrixPiece[],
): Promise<{ blob: Uint8Array; wrong: boolean }> {
  const { doors, options, geometry } = context;
  const { blobBytes, rowBytes } = geometry;
  const tasks = rowCuts(context).map((rows) => () => checkTask(context, pieces, rows));
  const make = () =>
    new TaskListJob<CheckRowsTask>({ ...traitsOf(context), repeatable: false }, tasks);
  const results = await doors.runner.run(make, options.signal);
  const blob = new Uint8Array(blobBytes);
  for (const { begin, bytes } of results) {
    const at = Math.min(blobBytes, begin * rowBytes);
    blob.set(new Uint8Array(bytes, 0, Math.min(bytes.byteLength, blobBytes - at)), at);
  }
  return { blob, wrong: results.some((result) => result.wrongRows.length > 0) };
}

/** Columns if rows are given, rows if columns are. */
function laneRanges({ doors, options, geometry }: DecodeContext): Range[] {
  const lanes = options.axis === 'primary' ? geometry.columnCount : geometry.rowCount;
  const laneBytes = sliversToDecode(geometry, options.axis) * geometry.symbolBytes;
  const fitting = Math.max(1, Math.floor(TASK_BYTES / laneBytes));
  // Short symbols are decoded side by side, as many as fill 64 bytes.
  const packed = Math.max(1, Math.floor(64 / geometry.symbolBytes));
  const share = Math.ceil(lanes / (2 * doors.runner.threadCount));
  const step = Math.ceil(Math.min(fitting, share) / packed) * packed;
  return cutBy({ begin: 0, end: lanes }, step);
}

function rowCuts({ doors, geometry }: DecodeContext): Range[] {
  const { rowCount, rowBytes } = geometry;
  const fitting = Math.ceil((rowCount * rowBytes) / TASK_BYTES);
  return cutEvenly({ begin: 0, end: rowCount }, Math.max(4 * doors.runner.threadCount, fitting));
}

function decodeTask(geometry: Geometry, used: readonly SliverData[], lanes: Range): DecodeTask {
  const { symbolBytes } = geometry;
  const pitch = (lanes.end - lanes.begin) * symbolBytes;
  const symbols = new Uint8Array(used.length * pitch);
  used.forEach(({ data }, i) => {
    const from = lanes.begin * symbolBytes;
    symbols.set(data.subarray(from, from + pitch), i * pitch);
  });
  return { kind: 'decode', ...lanes, symbols: symbols.buffer, moves: [symbols.buffer] };
}

function checkTask(
  context: DecodeContext,
  pieces: readonly MatrixPiece[],
  rows: Range,
): CheckRowsTask {
  const inside = pieces.filter(
    (piece) => piece.rows.begin < rows.end && rows.begin < piece.rows.end,
  );
  const { geometry, metadata } = context;
  const hashes: (Uint8Array | undefined)[] = [];
  for (let row = rows.begin; row < rows.end; row++) {
    // A copy: a view would carry all hashes to the other thread.
    hashes.push(sliverHash(metadata, 'primary', row)?.slice());
  }
  const moves = inside.map((piece) => piece.bytes);
  return { kind: 'check-rows', ...rows, geometry, hashes, pieces: inside, moves };
}
