import { encodedSliverBytes, frameSliver, sliverPrefixBytes } from '../protocol/sliver.ts';
import type { AssembleResult, AssembleTask } from './tasks.ts';

/** Puts primary slivers of repair rows together from parts that hold a few columns each. */
export function runAssembleTask(task: AssembleTask): AssembleResult {
  const { begin, end, geometry, parts } = task;
  const { rowBytes, symbolBytes } = geometry;
  const bytes = encodedSliverBytes(rowBytes);
  const prefix = sliverPrefixBytes(rowBytes);
  const slivers = new Uint8Array(bytes * (end - begin));
  for (let row = begin; row < end; row++) {
    const at = (row - begin) * bytes;
    frameSliver(slivers.subarray(at, at + bytes), symbolBytes, row);
    for (const part of parts) {
      const width = (part.end - part.begin) * symbolBytes;
      const piece = new Uint8Array(part.bytes, (row - begin) * width, width);
      slivers.set(piece, at + prefix + part.begin * symbolBytes);
    }
  }
  return { kind: 'assemble', begin, end, slivers: slivers.buffer, moves: [slivers.buffer] };
}
