import type { Axis } from '../protocol/axis.ts';
import { HauloutError } from '../protocol/errors.ts';
import type { Engine, KernelExports } from './abi.ts';
import { Arena } from './arena.ts';
import type { Hashed, HashWidthChoice } from './hash-width.ts';

/** Columns whose leaves are reduced together; groups start at multiples of it. */
export const GROUP_COLUMNS = 16;
/** Leaves of a group whose hashing takes some milliseconds. */
const TIMED_LEAVES = 8000;
/** Bytes of a hash. */
export const HASH_BYTES = 32;

export interface RowsCall {
  /** `rowCount` rows of k2 symbols each, `rowPitch` bytes apart. */
  rowsPtr: number;
  rowPitch: number;
  rowCount: number;
  /** Receives n - k2 symbols per row, `parityPitch` bytes apart. */
  parityPtr: number;
  parityPitch: number;
}

export interface ColumnsCall {
  /** Symbol (row r < k1, column j) lies at `columnsPtr + r * rowPitch + j * symbolBytes`. */
  columnsPtr: number;
  rowPitch: number;
  columnCount: number;
  /** Leaf slot of the first column in the current group; `slot + columnCount <= 16`. */
  slot: number;
  /** If given, repair symbol (k1 + i, j) goes to `repairPtr + i * repairPitch + j * symbolBytes`. */
  repairPtr?: number;
  repairPitch?: number;
}

export interface CopyCall {
  sourcePtr: number;
  sourcePitch: number;
  pieceBytes: number;
  count: number;
  targetPtr: number;
  targetPitch: number;
}

export interface GroupCall {
  /** Columns of the group, 1 to 16. */
  columnCount: number;
  /** Receives one hash per column: the hashes of its secondary slivers. */
  columnRootsPtr: number;
  /** Receives one tree node for each of the n rows, `rowNodePitch` bytes apart. */
  rowNodesPtr: number;
  rowNodePitch: number;
}

export interface DecodeCall {
  /** `column` extends k1 symbols to n, `row` k2 symbols to n. */
  code: 'row' | 'column';
  /** Exactly k distinct indices below n, in the order in which their symbols lie. */
  indices: Uint16Array;
  /** Symbol i of lane l lies at `sourcePtr + i * sourcePitch + l * symbolBytes`. */
  sourcePtr: number;
  sourcePitch: number;
  laneCount: number;
  /** Source symbol p of lane l goes to `targetPtr + p * targetPointPitch + l * targetLanePitch`. */
  targetPtr: number;
  targetPointPitch: number;
  targetLanePitch: number;
}

type HashWidths = Pick<HashWidthChoice, 'best' | 'begin' | 'end'>;

/**
 * One instance of the kernel with a memory of its own; everything is synchronous. Pointers come
 * from `alloc`. The caller zero-pads source data and keeps within what it allocated; shapes follow
 * from `configure`.
 */
export class Kernel {
  readonly engine: Engine;
  readonly #wasm: KernelExports;
  readonly #arena: Arena;
  readonly #hashWidth: HashWidths | undefined;
  #shardCount = 0;
  #symbolBytes = 0;
  #prepared: { code: string; indices: Uint16Array } | undefined;
  #givenPtr = 0;

  /** @param hashWidth chooses how trees are hashed; without it, in pairs */
  constructor(module: WebAssembly.Module, hashWidth?: HashWidths) {
    // The exports are those of asm/index.ts, which the build compiled into `module`.
    this.#wasm = new WebAssembly.Instance(module, {
      env: { abort: () => {} },
    }).exports as unknown as KernelExports;
    this.engine = this.#wasm.isSimd() === 1 ? 'simd' : 'scalar';
    this.#hashWidth = this.engine === 'simd' ? hashWidth : undefined;
    this.#arena = new Arena(this.#wasm.memory, this.#wasm.heapBase());
  }

  /** Bytes of linear memory; it never shrinks while the instance lives. */
  get memoryBytes(): number {
    return this.#wasm.memory.buffer.byteLength;
  }

  get shardCount(): number {
    return this.#shardCount;
  }

  get symbolBytes(): number {
    return this.#symbolBytes;
  }

  /** Rows of the source matrix, k1. */
  get rowCount(): number {
    return this.#shardCount - 2 * Math.floor((this.#shardCount - 1) / 3);
  }

  /** Columns of the source matrix, k2. */
  get columnCount(): number {
    return this.#shardCount - Math.floor((this.#shardCount - 1) / 3);
  }

  /**
   * Reserves `bytes` bytes, 64-byte aligned, with readable room around them. Contents are undefined.
   *
   * @throws HauloutError `out-of-memory`
   */
  alloc(bytes: number): number {
    return this.#arena.alloc(bytes);
  }

  /** A point to which `release` returns. */
  mark(): number {
    return this.#arena.mark();
  }

  release(mark: number): void {
    this.#arena.release(mark);
  }

  /** A view of memory; dead once a later `alloc` makes the memory grow. */
  bytes(ptr: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#wasm.memory.buffer as ArrayBuffer, ptr, length);
  }

  /**
   * Empties the arena and fixes shard count (4 .. 49155) and symbol size (2 .. 65534, even).
   *
   * @param rowsUsed rows of the source matrix that hold bytes of the blob, by default all; the hashes
   *   of the zero rows behind them are not computed each by itself
   * @throws HauloutError `out-of-memory`
   */
  configure(shardCount: number, symbolBytes: number, rowsUsed?: number): void {
    expect(shardCount >= 4 && shardCount <= 49155, 'shardCount', `${shardCount}`);
    expect(
      symbolBytes >= 2 && symbolBytes <= 65534 && symbolBytes % 2 === 0,
      'symbolBytes',
      `${symbolBytes}`,
    );
    this.#arena.clear();
    this.#prepared = undefined;
    const scratch = this.#arena.alloc(this.#wasm.scratchBytes(shardCount));
    this.#givenPtr = this.#arena.alloc(2 * shardCount);
    this.#shardCount = shardCount;
    this.#symbolBytes = symbolBytes;
    const used = rowsUsed ?? this.rowCount;
    expect(used >= 1 && used <= this.rowCount, 'rowsUsed', `${used}`);
    this.#wasm.configure(shardCount, symbolBytes, used, scratch);
    this.#wasm.setHashWidth(this.#hashWidth?.best ?? 2);
  }

  /** Computes the repair symbols of rows: columns k2 .. n of the expanded matrix. */
  encodeRows(o: RowsCall): void {
    this.#wasm.encodeRows(o.rowsPtr, o.rowPitch, o.rowCount, o.parityPtr, o.parityPitch);
  }

  /** Expands adjacent columns to n symbols each and hashes them into slots of the current group. */
  encodeColumns(o: ColumnsCall): void {
    expect(o.slot + o.columnCount <= GROUP_COLUMNS, 'slot', `${o.slot} + ${o.columnCount}`);
    this.#wasm.encodeColumns(
      o.columnsPtr,
      o.rowPitch,
      o.columnCount,
      o.slot,
      o.repairPtr ?? 0,
      o.repairPitch ?? 0,
    );
  }

  /**
   * Copies pieces from one pitch to another; a negative one goes backwards. Each copy may run over by up to 15 bytes, so pieces
   * whose length is no multiple of 16 should follow one another, and the last one needs room.
   */
  copyPieces(o: CopyCall): void {
    const { sourcePtr, sourcePitch, pieceBytes, count, targetPtr, targetPitch } = o;
    this.#wasm.copyPieces(sourcePtr, sourcePitch, pieceBytes, count, targetPtr, targetPitch);
  }

  /**
   * A sum by which two readings of a blob are told apart; those of the pieces of a blob add up to that of
   * the whole, cut to 32 bits.
   *
   * @param bytes even
   * @param offset of the first byte in the blob, even
   */
  fingerprint(ptr: number, bytes: number, offset: number): number {
    return this.#wasm.fingerprint(ptr, bytes, Math.floor(offset / 4), (offset % 4) / 2);
  }

  /** Ends a group whose slots are all filled. */
  closeGroup(o: GroupCall): void {
    expect(o.columnCount <= GROUP_COLUMNS, 'columnCount', `${o.columnCount}`);
    this.#hash('columns', o.columnCount, () =>
      this.#wasm.closeGroup(o.columnCount, o.columnRootsPtr, o.rowNodesPtr, o.rowNodePitch),
    );
  }

  /** Row roots from the nodes of all groups: row r's nodes at `nodesPtr + 32 r * nodesPerRow`. */
  rowRoots(o: { nodesPtr: number; nodesPerRow: number; rowCount: number; rootsPtr: number }): void {
    this.#wasm.rowRoots(o.nodesPtr, o.nodesPerRow, o.rowCount, o.rootsPtr);
  }

  /** Root hash of a blob from its n sliver pair hashes of 64 bytes each, in pair order. */
  pairsRoot(pairsPtr: number, rootPtr: number): void {
    const mark = this.mark();
    const leaves = this.alloc(HASH_BYTES * this.#shardCount);
    this.#wasm.pairsRoot(pairsPtr, this.#shardCount, leaves, rootPtr);
    this.release(mark);
  }

  /** Root over the n symbols that a sliver's data expands to. */
  sliverRoot(axis: Axis, dataPtr: number, rootPtr: number): void {
    this.#wasm.sliverRoot(axis === 'primary' ? 1 : 0, dataPtr, rootPtr);
  }

  /** The roots of `count` rows that follow one another, one after another too. */
  rowSliverRoots(rowsPtr: number, count: number, rootsPtr: number): void {
    const rowBytes = this.columnCount * this.#symbolBytes;
    const most = Math.ceil(TIMED_LEAVES / this.#shardCount);
    for (let begin = 0; begin < count; begin += most) {
      const end = Math.min(count, begin + most);
      this.#hash('rows', end - begin, () => {
        for (let row = begin; row < end; row++) {
          this.#wasm.sliverRoot(1, rowsPtr + row * rowBytes, rootsPtr + row * HASH_BYTES);
        }
      });
    }
  }

  /** Hashes trees of n leaves each with the width whose turn it is. */
  #hash(what: Hashed, treeCount: number, work: () => void): void {
    const choice = this.#hashWidth;
    if (choice === undefined) {
      work();
      return;
    }
    // What is over too soon to be timed goes the way that is best as far as known.
    const isTimed = this.#shardCount * treeCount >= TIMED_LEAVES;
    const width = isTimed ? choice.begin(what) : choice.best;
    this.#wasm.setHashWidth(width);
    work();
    if (isTimed) choice.end(what, width);
  }

  /** Repair symbols of a sliver, contiguous, and the leaf hashes of all its n symbols. */
  expandSliver(o: { axis: Axis; dataPtr: number; repairPtr: number; leavesPtr: number }): void {
    this.#wasm.expandSliver(o.axis === 'primary' ? 1 : 0, o.dataPtr, o.repairPtr, o.leavesPtr);
  }

  /**
   * All levels of the tree above `count` leaf hashes, one after another, the root last: each has half as many nodes as
   * the one below it, rounded up.
   */
  treeLevels(leafHashesPtr: number, count: number, levelsPtr: number): void {
    this.#wasm.treeLevels(leafHashesPtr, count, levelsPtr);
  }

  /**
   * Computes all source symbols of codewords from any k of their n symbols. The erasure pattern is
   * prepared at the first call and kept while `indices` stays the same array.
   */
  decode(o: DecodeCall): void {
    const isRow = o.code === 'row' ? 1 : 0;
    const prepared = this.#prepared;
    if (prepared?.indices !== o.indices || prepared.code !== o.code) {
      this.#checkIndices(o.indices, isRow ? this.columnCount : this.rowCount);
      new Uint16Array(this.#wasm.memory.buffer, this.#givenPtr, o.indices.length).set(o.indices);
      this.#wasm.prepareDecode(isRow, this.#givenPtr);
      this.#prepared = { code: o.code, indices: o.indices };
    }
    this.#wasm.decode(
      isRow,
      o.laneCount,
      o.sourcePtr,
      o.sourcePitch,
      o.targetPtr,
      o.targetPointPitch,
      o.targetLanePitch,
    );
  }

  /** One codeword of any code: k contiguous symbols to m contiguous repair symbols. */
  rsEncodeSymbols(k: number, m: number, symbolBytes: number, source: number, target: number): void {
    const mark = this.mark();
    // Two packs of three stripes of at most twice the larger count of points, 64 bytes each.
    const scratch = this.alloc(768 * Math.max(k, m));
    this.#wasm.rsEncodeSymbols(k, m, symbolBytes, scratch, source, target);
    this.release(mark);
    this.#symbolBytes = 0; // the codes of `configure` lost their work areas
  }

  /** BLAKE2b-256 of any bytes. */
  blake2b256(ptr: number, length: number, outPtr: number): void {
    this.#wasm.blake2b256(ptr, length, outPtr);
  }

  #checkIndices(indices: Uint16Array, k: number): void {
    expect(indices.length === k, 'indices', `${indices.length} instead of ${k}`);
    expect(new Set(indices).size === k, 'indices', 'not distinct');
    expect(Math.max(...indices) < this.#shardCount, 'indices', 'out of range');
  }
}

function expect(condition: boolean, name: string, reason: string): void {
  if (!condition) throw new HauloutError('argument-invalid', { name, reason });
}
