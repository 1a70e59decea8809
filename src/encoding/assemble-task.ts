import type { Geometry } from '../protocol/geometry.ts';
import { encodedSliverBytes, frameSliver, sliverPrefixBytes } from '../protocol/sliver.ts';
import type { OpenEncode } from './open-encode.ts';
import type { ResultMemory } from './result-memory.ts';
import type { AssembleResult, AssembleTask, Range } from './tasks.ts';

/** Primary slivers of some repair rows, which come in pieces of a few columns each. */
export class RepairRows {
  readonly #geometry: Geometry;
  readonly #rows: Range;
  readonly #slivers: Uint8Array<ArrayBuffer>;

  /** @throws HauloutError 'out-of-memory' */
  constructor(geometry: Geometry, rows: Range, memory: ResultMemory) {
    this.#geometry = geometry;
    this.#rows = rows;
    const bytes = encodedSliverBytes(geometry.rowBytes);
    this.#slivers = memory.take(bytes * (rows.end - rows.begin));
  }

  /**
   * Puts in the symbols of some columns.
   *
   * @param bytes those of the first row, then those of the next one, `pitch` bytes apart
   */
  put(columns: Range, bytes: Uint8Array, pitch: number): void {
    const { rowBytes, symbolBytes } = this.#geometry;
    const step = encodedSliverBytes(rowBytes);
    const width = (columns.end - columns.begin) * symbolBytes;
    let to = sliverPrefixBytes(rowBytes) + columns.begin * symbolBytes;
    for (let from = 0; to < this.#slivers.length; from += pitch, to += step) {
      this.#slivers.set(bytes.subarray(from, from + width), to);
    }
  }

  /** All slivers, one after another, once every column was put in. */
  finished(): ArrayBuffer {
    const { rowBytes, symbolBytes } = this.#geometry;
    const bytes = encodedSliverBytes(rowBytes);
    for (let row = this.#rows.begin; row < this.#rows.end; row++) {
      const at = (row - this.#rows.begin) * bytes;
      frameSliver(this.#slivers.subarray(at, at + bytes), symbolBytes, row);
    }
    return this.#slivers.buffer;
  }
}

/** Completes primary slivers of repair rows with the parts of other threads. */
export function runAssembleTask(job: OpenEncode, task: AssembleTask): AssembleResult {
  const { begin, end, own, parts } = task;
  const { geometry } = job.setup;
  const rows = own ? job.repairRows(task) : new RepairRows(geometry, task, job.memory);
  for (const part of parts) {
    const width = (part.end - part.begin) * geometry.symbolBytes;
    rows.put(part, new Uint8Array(part.bytes), width);
    job.memory.give(part.bytes);
  }
  const slivers = rows.finished();
  return { kind: 'assemble', begin, end, slivers, moves: [slivers] };
}
