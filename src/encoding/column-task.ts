import { GROUP_COLUMNS, HASH_BYTES } from '../kernel/kernel.ts';
import type { OpenEncode } from './open-encode.ts';
import { common } from './rectangle.ts';
import { columnSliverBytes, frameColumns, type RepairArea, repairBytes } from './sliver-parts.ts';
import type { ColumnBatch, ColumnResult, ColumnTask, Part, Range } from './tasks.ts';

/** Columns that lie in kernel memory: symbol (row, column) at ptr + row * pitch + ... */
export interface Segment extends Range {
  readonly ptr: number;
  readonly pitch: number;
  /** where the repair symbols of these columns go, if they are wanted */
  readonly repair?: RepairArea;
}

/**
 * Expands columns, hashes their symbols and reduces each group of 16 to column roots and one tree
 * node per row.
 */
export async function runColumnTask(job: OpenEncode, task: ColumnTask): Promise<ColumnResult> {
  const { kernel, setup } = job;
  const { shardCount, columnCount } = setup.geometry;
  const mark = kernel.mark();
  try {
    const columns = task.end - task.begin;
    const groupCount = Math.ceil(columns / GROUP_COLUMNS);
    const rootsPtr = kernel.alloc(columns * HASH_BYTES);
    const nodesPtr = kernel.alloc(shardCount * groupCount * HASH_BYTES);
    const slivers = new SliverSink(job, task);
    const carried = [...task.carried];
    let sum = 0;
    for (const batch of task.batches) {
      const inBatch = kernel.mark();
      const segments = await loadBatch(job, task, batch, carried);
      for (const { begin, end, ptr, pitch } of segments) {
        const rows = { begin: 0, end: setup.geometry.rowsUsed };
        if (begin < columnCount) sum = (sum + job.sumOf(rows, { begin, end }, ptr, pitch)) | 0;
      }
      for (const group of groupsOf(batch, shardCount)) {
        encodeGroup(job, segments, group);
        if (batch.end < group.end) continue; // the rest of the group is in the next batch
        kernel.closeGroup({
          columnCount: group.end - group.begin,
          columnRootsPtr: rootsPtr + (group.begin - task.begin) * HASH_BYTES,
          rowNodesPtr: nodesPtr + ((group.begin - task.begin) / GROUP_COLUMNS) * HASH_BYTES,
          rowNodePitch: groupCount * HASH_BYTES,
        });
      }
      slivers.take(segments);
      kernel.release(inBatch);
    }
    const roots = kernel.bytes(rootsPtr, columns * HASH_BYTES).slice().buffer;
    const nodesBytes = shardCount * groupCount * HASH_BYTES;
    const nodes = kernel.bytes(nodesPtr, nodesBytes).slice().buffer;
    const more = slivers.result();
    const moves = [roots, nodes, ...more.moves];
    const { begin, end } = task;
    return { kind: 'columns', begin, end, roots, nodes, sum, ...more, moves };
  } finally {
    kernel.release(mark);
  }
}

/** The groups that a batch touches, as whole groups. */
function groupsOf({ begin, end }: Range, shardCount: number): Range[] {
  const groups: Range[] = [];
  for (let at = begin - (begin % GROUP_COLUMNS); at < end; at += GROUP_COLUMNS) {
    groups.push({ begin: at, end: Math.min(shardCount, at + GROUP_COLUMNS) });
  }
  return groups;
}

function encodeGroup(job: OpenEncode, segments: readonly Segment[], group: Range): void {
  const { symbolBytes } = job.setup.geometry;
  for (const { begin, end, ptr, pitch, repair } of segments) {
    const from = Math.max(begin, group.begin);
    const to = Math.min(end, group.end);
    if (from >= to) continue;
    const offset = (from - begin) * symbolBytes;
    job.kernel.encodeColumns({
      columnsPtr: ptr + offset,
      rowPitch: pitch,
      columnCount: to - from,
      slot: from - group.begin,
      ...(repair && { repairPtr: repair.ptr + offset, repairPitch: repair.pitch }),
    });
  }
}

/** @param carried what rows gave for the blocks of this batch and the ones behind it; it takes its own */
async function loadBatch(
  job: OpenEncode,
  task: ColumnTask,
  batch: ColumnBatch,
  carried: (readonly Part[])[],
): Promise<Segment[]> {
  const { geometry, blocks, spill } = job.setup;
  const segments: Segment[] = [];
  const inBlocks = batch.blocks.map((block) => ({
    block,
    ...common(blocks[block] as Range, batch),
  }));
  const end = Math.min(batch.end, geometry.columnCount, ...inBlocks.map((each) => each.begin));
  if (batch.begin < end) segments.push(await sourceSegment(job, { begin: batch.begin, end }));
  for (const { block, ...columns } of inBlocks) {
    const segment = newSegment(job, columns);
    const parts = carried.shift() ?? [];
    if (spill !== undefined) await job.readSpilled(block, columns, task.extents, segment.ptr);
    else takeCarried(job, segment, parts);
    segments.push(segment);
  }
  return segments;
}

async function sourceSegment(job: OpenEncode, columns: Range): Promise<Segment> {
  const { setup, matrixPtr } = job;
  const { symbolBytes, rowCount, rowBytes } = setup.geometry;
  if (matrixPtr !== undefined) {
    await job.residentRows({ begin: 0, end: rowCount });
    const ptr = matrixPtr + columns.begin * symbolBytes;
    return { ...columns, ptr, pitch: rowBytes, ...repairArea(job, columns) };
  }
  const segment = newSegment(job, columns);
  await job.readColumns(columns, segment.ptr);
  return segment;
}

/** Memory for columns of all rows, zero where there is no blob. */
function newSegment(job: OpenEncode, columns: Range): Segment {
  const { symbolBytes, rowCount, rowsUsed } = job.setup.geometry;
  const pitch = (columns.end - columns.begin) * symbolBytes;
  const ptr = job.kernel.alloc(rowCount * pitch);
  job.kernel.bytes(ptr + rowsUsed * pitch, (rowCount - rowsUsed) * pitch).fill(0);
  return { ...columns, ptr, pitch, ...repairArea(job, columns) };
}

/** Where the repair symbols of columns of the source go, if slivers are wanted. */
function repairArea({ kernel, setup }: OpenEncode, columns: Range): Pick<Segment, 'repair'> {
  const { symbolBytes, rowCount, shardCount, columnCount } = setup.geometry;
  if (setup.assembly.length === 0 || columns.begin >= columnCount) return {};
  const pitch = (columns.end - columns.begin) * symbolBytes;
  return { repair: { ptr: kernel.alloc((shardCount - rowCount) * pitch), pitch } };
}

function takeCarried(job: OpenEncode, { ptr, pitch }: Segment, parts: readonly Part[]): void {
  for (const { begin, bytes } of parts) {
    job.kernel.bytes(ptr + begin * pitch, bytes.byteLength).set(new Uint8Array(bytes));
    job.memory.give(bytes);
  }
}

/** Collects the slivers that pass through memory, if the job wants them. */
class SliverSink {
  readonly #job: OpenEncode;
  readonly #wanted: boolean;
  readonly #sliverBytes: number;
  readonly #own: number | undefined;
  readonly #repair: Part[][];
  /** kernel memory for the columns as slivers, as long as the task runs */
  readonly #ptr: number;
  #filled = 0;

  constructor(job: OpenEncode, task: ColumnTask) {
    this.#job = job;
    this.#own = task.own;
    this.#wanted = job.setup.assembly.length > 0;
    this.#sliverBytes = this.#wanted ? columnSliverBytes(job.setup.geometry) : 0;
    this.#ptr = job.kernel.alloc(this.#sliverBytes * (task.end - task.begin));
    this.#repair = job.setup.assembly.map(() => []);
  }

  take(segments: readonly Segment[]): void {
    if (!this.#wanted) return;
    const { kernel, setup, memory } = this.#job;
    for (const segment of segments) {
      frameColumns(kernel, setup.geometry, segment, this.#ptr + this.#filled);
      this.#filled += (segment.end - segment.begin) * this.#sliverBytes;
      const { repair } = segment;
      if (repair === undefined) continue;
      setup.assembly.forEach((rows, i) => {
        const bytes = repairBytes(kernel, setup.geometry, repair, rows);
        if (i === this.#own) this.#job.repairRows(rows).put(segment, bytes, repair.pitch);
        else this.#repair[i]?.push({ ...rangeOf(segment), bytes: memory.copy(bytes) });
      });
    }
  }

  /** The slivers, and the buffers that move with them. */
  result(): Pick<ColumnResult, 'slivers' | 'repair'> & { moves: ArrayBuffer[] } {
    if (!this.#wanted) return { moves: [] };
    const { kernel, memory } = this.#job;
    const slivers = memory.copy(kernel.bytes(this.#ptr, this.#filled));
    const moves = [slivers, ...this.#repair.flat().map((part) => part.bytes)];
    return { slivers, repair: this.#repair, moves };
  }
}

function rangeOf({ begin, end }: Range): Range {
  return { begin, end };
}
