import type { Kernel } from '../kernel/kernel.ts';
import type { SpillAccess, SpillExtent, SpillReader, SpillWriter } from '../store/spill.ts';
import { RepairRows } from './assemble-task.ts';
import { type BlobReader, openReader } from './blob-reader.ts';
import { cutBy } from './encode-plan.ts';
import type { ResultMemory } from './result-memory.ts';
import type { EncodeSetup, LoadResult, LoadTask, Range } from './tasks.ts';

const PIECE_BYTES = 1 << 20; // of a resident matrix: short enough to overlap reading and encoding
const LONG_PIECE_BYTES = 4 << 20; // per byte a browser takes two thirds of the time that pieces of 1 MiB take
/** Reads at a time: of long pieces, and of those that are parts of a row. */
const LONG_READS = 2;
const SHORT_READS = 8;

/** A blob that this thread helps to encode: its source, its place in kernel memory, its spill. */
export class OpenEncode {
  readonly kernel: Kernel;
  readonly setup: EncodeSetup;
  readonly memory: ResultMemory;
  readonly #reader: BlobReader | undefined;
  readonly #spill: SpillAccess;
  readonly #pieces: Promise<void>[] = [];
  #matrixPtr = 0;
  #writer: SpillWriter | undefined;
  #spillReader: SpillReader | undefined;
  #rowsWritten = 0;
  #repairRows: RepairRows | undefined;

  constructor(kernel: Kernel, setup: EncodeSetup, spill: SpillAccess, memory: ResultMemory) {
    this.kernel = kernel;
    this.setup = setup;
    this.memory = memory;
    for (const buffer of setup.spare) memory.give(buffer);
    this.#spill = spill;
    this.#reader = setup.source && openReader(setup.source, setup.wasRead);
    if (setup.resident) this.#startReading();
  }

  /** Address of the whole matrix, or undefined if this thread does not hold it. */
  get matrixPtr(): number | undefined {
    return this.setup.resident ? this.#matrixPtr : undefined;
  }

  /** The primary slivers of repair rows that this thread holds; always the same rows. */
  repairRows(rows: Range): RepairRows {
    this.#repairRows ??= new RepairRows(this.setup.geometry, rows, this.memory);
    return this.#repairRows;
  }

  #startReading(): void {
    const { blobBytes, rowCount, rowBytes } = this.setup.geometry;
    this.#matrixPtr = this.kernel.alloc(rowCount * rowBytes);
    const padding = rowCount * rowBytes - blobBytes;
    this.kernel.bytes(this.#matrixPtr + blobBytes, padding).fill(0);
    if (this.#reader === undefined) return; // tasks bring the bytes before they are needed
    for (const piece of cutBy({ begin: 0, end: blobBytes }, PIECE_BYTES)) {
      const loaded = this.#load(piece, this.#matrixPtr + piece.begin);
      loaded.catch(() => undefined); // reported by the task that needs the piece
      this.#pieces.push(loaded);
    }
  }

  /** Takes in a piece of the source. */
  load({ begin, end, bytes }: LoadTask): LoadResult {
    const piece = new Uint8Array(bytes, 0, end - begin);
    this.kernel.bytes(this.#matrixPtr + begin, piece.length).set(piece);
    return { kind: 'load', bytes, moves: [bytes] };
  }

  /** Waits until rows `begin..end` of the resident matrix are in memory. */
  async residentRows({ begin, end }: Range): Promise<void> {
    const { rowBytes, blobBytes } = this.setup.geometry;
    const first = Math.floor((begin * rowBytes) / PIECE_BYTES);
    const last = Math.ceil(Math.min(end * rowBytes, blobBytes) / PIECE_BYTES);
    await Promise.all(this.#pieces.slice(first, last));
  }

  /** Reads whole rows to `ptr`, zero behind the blob's end. */
  async readRows({ begin, end }: Range, ptr: number): Promise<void> {
    const { rowBytes, blobBytes } = this.setup.geometry;
    const from = Math.min(blobBytes, begin * rowBytes);
    const to = Math.min(blobBytes, end * rowBytes);
    const zeroBytes = (end - begin) * rowBytes - (to - from);
    this.kernel.bytes(ptr + to - from, zeroBytes).fill(0);
    const pieces = cutBy({ begin: from, end: to }, LONG_PIECE_BYTES);
    await inFlight(pieces, LONG_READS, (piece) => this.#load(piece, ptr + piece.begin - from));
  }

  /** Reads columns `begin..end` of all used rows to `ptr`, row by row; zero behind the blob's end. */
  async readColumns({ begin, end }: Range, ptr: number): Promise<void> {
    const { rowBytes, blobBytes, symbolBytes, rowsUsed } = this.setup.geometry;
    const pitch = (end - begin) * symbolBytes;
    this.kernel.bytes(ptr + (rowsUsed - 1) * pitch, pitch).fill(0);
    const pieces: Range[] = [];
    for (let row = 0; row < rowsUsed; row++) {
      const from = Math.min(blobBytes, row * rowBytes + begin * symbolBytes);
      pieces.push({ begin: from, end: Math.min(blobBytes, from + pitch) });
    }
    await inFlight(pieces, SHORT_READS, (piece, row) => this.#load(piece, ptr + row * pitch));
  }

  /**
   * The fingerprint of a part of the source that lies at `ptr`, row by row; 0 if it did not come from a
   * file, which may change between two readings.
   */
  sumOf(rows: Range, columns: Range, ptr: number, pitch: number): number {
    if (!(this.setup.source instanceof Blob)) return 0;
    const { rowBytes, symbolBytes } = this.setup.geometry;
    const width = (columns.end - columns.begin) * symbolBytes;
    let sum = 0;
    for (let row = rows.begin; row < rows.end; row++) {
      const at = ptr + (row - rows.begin) * pitch;
      const offset = row * rowBytes + columns.begin * symbolBytes;
      sum = (sum + this.kernel.fingerprint(at, width, offset)) | 0;
    }
    return sum;
  }

  async #load({ begin, end }: Range, ptr: number): Promise<void> {
    if (begin >= end) return;
    if (this.#reader === undefined) throw new Error('the source comes in pieces');
    const bytes = await this.#reader.read(begin, end);
    this.kernel.bytes(ptr, bytes.length).set(bytes); // a fresh view: memory may have grown
  }

  /**
   * Stores the blocks of the next rows.
   *
   * @param piece block `block` of row `row` as a view
   */
  async spillRows(
    rows: Range,
    piece: (block: number, row: number) => Uint8Array,
  ): Promise<SpillExtent> {
    const { spill, writer, blocks } = this.setup;
    if (spill === undefined) throw new Error('no spill was set up');
    this.#writer ??= await this.#spill.writer(spill, writer);
    const extent = { ...rows, writer, position: this.#rowsWritten };
    for (let block = 0; block < blocks.length; block++) {
      const pieces: Uint8Array[] = [];
      for (let row = rows.begin; row < rows.end; row++) pieces.push(piece(block, row));
      await this.#writer.write(block, extent.position, pieces);
    }
    this.#rowsWritten += rows.end - rows.begin;
    return extent;
  }

  /** Makes what this thread spilled readable for all. It spills no more after that. */
  async seal(): Promise<void> {
    await this.#writer?.close();
    this.#writer = undefined;
  }

  /** Reads columns of one block of all rows to `ptr`, row by row. */
  async readSpilled(
    block: number,
    columns: Range,
    extents: readonly SpillExtent[],
    ptr: number,
  ): Promise<void> {
    const { spill, blocks, geometry } = this.setup;
    const range = blocks[block];
    if (spill === undefined || range === undefined) throw new Error('no spill was set up');
    this.#spillReader ??= await this.#spill.reader(spill);
    const { symbolBytes } = geometry;
    const pitch = (columns.end - columns.begin) * symbolBytes;
    const piece = {
      block,
      rowBytes: (range.end - range.begin) * symbolBytes,
      offset: (columns.begin - range.begin) * symbolBytes,
    };
    await this.#spillReader.read(piece, extents, (row) =>
      this.kernel.bytes(ptr + row * pitch, pitch),
    );
  }
}

/** Runs `work` for all items, a limited number at a time; the first failure ends it. */
async function inFlight<T>(
  items: readonly T[],
  most: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: most }, lane));
}
