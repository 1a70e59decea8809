import type { Kernel } from '../kernel/kernel.ts';
import { sliversToDecode } from '../protocol/geometry.ts';
import type { DecodeResult, DecodeSetup, DecodeTask, MatrixPiece, Range } from './tasks.ts';

/** Decodes some lanes of a blob, and cuts what comes out by rows. */
export function runDecodeTask(kernel: Kernel, setup: DecodeSetup, task: DecodeTask): DecodeResult {
  const { geometry, axis, sliverIndices } = setup;
  const { symbolBytes } = geometry;
  const lanes = task.end - task.begin;
  const pitch = lanes * symbolBytes;
  const points = sliversToDecode(geometry, axis);
  const mark = kernel.mark();
  try {
    const sourcePtr = kernel.alloc(points * pitch);
    const targetPtr = kernel.alloc(points * pitch);
    kernel.bytes(sourcePtr, points * pitch).set(new Uint8Array(task.symbols));
    // Points of primary slivers are rows and lanes are columns; for secondary ones it is reversed.
    // Both targets are row by row.
    const primary = axis === 'primary';
    const pieceRowBytes = primary ? pitch : points * symbolBytes;
    kernel.decode({
      code: primary ? 'column' : 'row',
      indices: sliverIndices,
      sourcePtr,
      sourcePitch: pitch,
      laneCount: lanes,
      targetPtr,
      targetPointPitch: primary ? pieceRowBytes : symbolBytes,
      targetLanePitch: primary ? symbolBytes : pieceRowBytes,
    });
    const rows: Range = primary ? { begin: 0, end: points } : task;
    const columns: Range = primary
      ? { begin: task.begin, end: task.end }
      : { begin: 0, end: points };
    const pieces: MatrixPiece[] = [];
    for (const cut of setup.cuts) {
      const begin = Math.max(rows.begin, cut.begin);
      const end = Math.min(rows.end, cut.end);
      if (begin >= end) continue;
      const at = targetPtr + (begin - rows.begin) * pieceRowBytes;
      const bytes = kernel.bytes(at, (end - begin) * pieceRowBytes).slice().buffer;
      pieces.push({ rows: { begin, end }, columns, bytes });
    }
    const moves = pieces.map((piece) => piece.bytes);
    return { kind: 'decode', begin: task.begin, end: task.end, pieces, moves };
  } finally {
    kernel.release(mark);
  }
}
