import { encodedSliverBytes, frameSliver, sliverPrefixBytes } from '../protocol/sliver.ts';
import type { OpenEncode } from './open-encode.ts';
import type { ResultMemory } from './result-memory.ts';
import type { Range, RowResult, RowTask } from './tasks.ts';

/**
 * Encodes rows of the source matrix. What the columns need of them leaves in blocks of columns: into
 * the spill, or with the result.
 */
export async function runRowTask(job: OpenEncode, task: RowTask): Promise<RowResult> {
  const { kernel, setup } = job;
  const { geometry, blocks } = setup;
  const { symbolBytes, rowBytes, columnCount, shardCount, rowsUsed } = geometry;
  const mark = kernel.mark();
  try {
    const rowsPtr = await loadRows(job, task);
    const used: Range = {
      begin: task.begin,
      end: Math.max(task.begin, Math.min(task.end, rowsUsed)),
    };
    const rowCount = used.end - used.begin;
    const parityPitch = (shardCount - columnCount) * symbolBytes;
    const parityPtr = kernel.alloc(rowCount * parityPitch);
    if (rowCount > 0) {
      kernel.encodeRows({ rowsPtr, rowPitch: rowBytes, rowCount, parityPtr, parityPitch });
    }
    const piece = (block: number, row: number): Uint8Array => {
      const { begin, end } = blocks[block] as Range;
      const at = row - used.begin;
      const ptr =
        begin < columnCount
          ? rowsPtr + at * rowBytes + begin * symbolBytes
          : parityPtr + at * parityPitch + (begin - columnCount) * symbolBytes;
      return kernel.bytes(ptr, (end - begin) * symbolBytes);
    };
    const { begin, end } = task;
    const moves: ArrayBuffer[] = [];
    const slivers = setup.assembly.length > 0 ? frameRows(job, task, rowsPtr) : undefined;
    if (slivers !== undefined) moves.push(slivers);
    const sum = job.sumOf(used, { begin: 0, end: columnCount }, rowsPtr, rowBytes);
    const more = slivers === undefined ? { sum } : { sum, slivers };
    if (setup.spill !== undefined) {
      const extent = await job.spillRows(used, piece);
      return { kind: 'rows', begin, end, blocks: [], extent, ...more, moves };
    }
    const carried = blocks.map((_, block) => copyBlock(job.memory, used, block, piece));
    moves.push(...carried);
    return { kind: 'rows', begin, end, blocks: carried, ...more, moves };
  } finally {
    kernel.release(mark);
  }
}

async function loadRows(job: OpenEncode, rows: Range): Promise<number> {
  const { rowBytes } = job.setup.geometry;
  if (job.matrixPtr !== undefined) {
    await job.residentRows(rows);
    return job.matrixPtr + rows.begin * rowBytes;
  }
  const ptr = job.kernel.alloc((rows.end - rows.begin) * rowBytes);
  await job.readRows(rows, ptr);
  return ptr;
}

function copyBlock(
  memory: ResultMemory,
  rows: Range,
  block: number,
  piece: (block: number, row: number) => Uint8Array,
): ArrayBuffer {
  if (rows.begin === rows.end) return new ArrayBuffer(0);
  const width = piece(block, rows.begin).length;
  const copy = memory.take(width * (rows.end - rows.begin));
  for (let row = rows.begin; row < rows.end; row++) {
    copy.set(piece(block, row), (row - rows.begin) * width);
  }
  return copy.buffer;
}

/** Source rows are primary slivers as they are. */
function frameRows(
  { kernel, setup, memory }: OpenEncode,
  rows: Range,
  rowsPtr: number,
): ArrayBuffer {
  const { rowBytes, symbolBytes } = setup.geometry;
  const bytes = encodedSliverBytes(rowBytes);
  const prefix = sliverPrefixBytes(rowBytes);
  const slivers = memory.take(bytes * (rows.end - rows.begin));
  for (let row = rows.begin; row < rows.end; row++) {
    const at = (row - rows.begin) * bytes;
    frameSliver(slivers.subarray(at, at + bytes), symbolBytes, row);
    slivers.set(kernel.bytes(rowsPtr + (row - rows.begin) * rowBytes, rowBytes), at + prefix);
  }
  return slivers.buffer;
}
