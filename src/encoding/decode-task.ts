import { sliversToDecode } from '../protocol/geometry.ts';
import type { OpenDecode } from './open-decode.ts';
import { common, copyCommon, type Rectangle } from './rectangle.ts';
import type { DecodeResult, DecodeTask, MatrixPiece, Range } from './tasks.ts';

/** Decodes some lanes of a blob: collects what is of the thread's own share, and gives the rest. */
export function runDecodeTask(job: OpenDecode, task: DecodeTask): DecodeResult {
  const { kernel, setup } = job;
  const { symbolBytes } = setup.geometry;
  const { own, buffer } = task;
  if (own !== undefined) job.hold(own); // lies below what this task needs
  const mark = kernel.mark();
  try {
    const decoded = decodeLanes(job, task);
    if (own !== undefined) copyCommon(decoded, job.held, symbolBytes);
    const pieces = setup.shares.map((share, i) =>
      i === own ? undefined : pieceOf(decoded, share, symbolBytes),
    );
    const moves = [buffer, ...pieces.flatMap((piece) => piece?.bytes ?? [])];
    return { kind: 'decode', buffer, pieces, moves };
  } finally {
    kernel.release(mark);
  }
}

/** @returns a view of kernel memory */
function decodeLanes({ kernel, setup }: OpenDecode, task: DecodeTask): Rectangle {
  const { geometry, axis, sliverIndices } = setup;
  const { symbolBytes, rowCount, columnCount } = geometry;
  const lanes: Range = { begin: task.begin, end: task.end };
  const laneCount = task.end - task.begin;
  const bytes = sliversToDecode(geometry, axis) * laneCount * symbolBytes;
  const sourcePtr = kernel.alloc(bytes);
  const targetPtr = kernel.alloc(bytes);
  kernel.bytes(sourcePtr, bytes).set(new Uint8Array(task.buffer, 0, bytes));
  // Points of primary slivers are rows and lanes are columns; for secondary ones it is reversed.
  const primary = axis === 'primary';
  const rows = primary ? { begin: 0, end: rowCount } : lanes;
  const columns = primary ? lanes : { begin: 0, end: columnCount };
  const rowPitch = (columns.end - columns.begin) * symbolBytes;
  kernel.decode({
    code: primary ? 'column' : 'row',
    indices: sliverIndices,
    sourcePtr,
    sourcePitch: laneCount * symbolBytes,
    laneCount,
    targetPtr,
    targetPointPitch: primary ? rowPitch : symbolBytes,
    targetLanePitch: primary ? symbolBytes : rowPitch,
  });
  return { rows, columns, bytes: kernel.bytes(targetPtr, bytes) };
}

function pieceOf(from: Rectangle, share: Range, symbolBytes: number): MatrixPiece | undefined {
  const rows = common(from.rows, share);
  if (rows.begin >= rows.end) return undefined;
  const { columns } = from;
  const symbols = (rows.end - rows.begin) * (columns.end - columns.begin);
  const bytes = new Uint8Array(symbols * symbolBytes);
  copyCommon(from, { rows, columns, bytes }, symbolBytes);
  return { rows, columns, bytes: bytes.buffer };
}
