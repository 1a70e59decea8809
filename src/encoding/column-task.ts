import { GROUP_COLUMNS, HASH_BYTES } from '../kernel/kernel.ts';
import type { OpenEncode } from './open-encode.ts';
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
    let parity = 0;
    let sum = 0;
    for (const batch of task.batches) {
      const inBatch = kernel.mark();
      const carried = batch.block === undefined ? undefined : task.parity[parity++];
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

async function loadBatch(
  job: OpenEncode,
  task: ColumnTask,
  batch: ColumnBatch,
  carried: readonly Part[] | undefined,
): Promise<Segment[]> {
  const { columnCount } = job.setup.geometry;
  const segments: Segment[] = [];
  if (batch.begin < columnCount) {
    const columns = { begin: batch.begin, end: Math.min(batch.end, columnCount) };
    segments.push(await sourceSegment(job, columns));
  }
  if (batch.block !== undefined) {
    const columns = { begin: Math.max(batch.begin, columnCount), end: batch.end };
    segments.push(await paritySegment(job, columns, batch.block, carried, task));
  }
  return segments;
}

async function sourceSegment(job: OpenEncode, columns: Range): Promise<Segment> {
  const { kernel, setup, matrixPtr } = job;
  const { symbolBytes, rowCount, rowBytes, shardCount } = setup.geometry;
  const width = (columns.end - columns.begin) * symbolBytes;
  const wanted = setup.assembly.length > 0;
  const repair = wanted && { ptr: kernel.alloc((shardCount - rowCount) * width), pitch: width };
  if (matrixPtr !== undefined) {
    await job.residentRows({ begin: 0, end: rowCount });
    const ptr = matrixPtr + columns.begin * symbolBytes;
    return { ...columns, ptr, pitch: rowBytes, ...(repair && { repair }) };
  }
  const ptr = kernel.alloc(rowCount * width);
  await job.readColumns(columns, ptr);
  return { ...columns, ptr, pitch: width, ...(repair && { repair }) };
}

async function paritySegment(
  job: OpenEncode,
  columns: Range,
  block: number,
  carried: readonly Part[] | undefined,
  task: ColumnTask,
): Promise<Segment> {
  const { kernel, setup } = job;
  const { symbolBytes, rowCount, rowsUsed } = setup.geometry;
  const pitch = (columns.end - columns.begin) * symbolBytes;
  const ptr = kernel.alloc(rowCount * pitch);
  kernel.bytes(ptr + rowsUsed * pitch, (rowCount - rowsUsed) * pitch).fill(0);
  if (setup.spill !== undefined) await job.readSpilled(block, task.extents, ptr);
  for (const { begin, bytes } of setup.spill === undefined ? (carried ?? []) : []) {
    kernel.bytes(ptr + begin * pitch, bytes.byteLength).set(new Uint8Array(bytes));
    job.memory.give(bytes);
  }
  return { ...columns, ptr, pitch };
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
