import type { Axis } from '../protocol/axis.ts';
import type { BlobSummary } from '../protocol/blob-summary.ts';
import type { Geometry } from '../protocol/geometry.ts';
import type { SpillExtent, SpillPlace } from '../store/spill.ts';

/** Half-open range of rows, columns or bytes. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** Bytes of a part of a matrix whose position is known from the range. */
export interface Part extends Range {
  readonly bytes: ArrayBuffer;
}

/**
 * Buffers inside a task or a result that move to the other thread instead of being copied. The
 * sender must not touch them afterwards.
 */
export interface Moving {
  readonly moves?: ArrayBuffer[];
}

/** What a thread must know of a blob before it runs tasks of its encoding. */
export interface EncodeSetup extends Moving {
  readonly kind: 'encode';
  readonly geometry: Geometry;
  /** undefined if `load` tasks bring the bytes */
  readonly source: Blob | Uint8Array | undefined;
  /** whether some of the source could be read before: what cannot be read now has changed since */
  readonly wasRead: boolean;
  /** whether the thread holds the whole matrix, or reads what each task needs */
  readonly resident: boolean;
  /** column ranges into which the rows are cut, or their repair symbols alone */
  readonly blocks: readonly Range[];
  /** where those blocks are kept; without it they travel with the results */
  readonly spill: SpillPlace | undefined;
  /** distinguishes the spill files of the threads of one job */
  readonly writer: number;
  /**
   * Ranges of repair rows in which primary slivers are put together; empty: no slivers wanted. A
   * thread can hold the slivers of one range, and fills in what its own columns give.
   */
  readonly assembly: readonly Range[];
  /** memory for results */
  readonly spare: readonly ArrayBuffer[];
}

/** Brings bytes `begin..end` of the source to a thread that holds the whole matrix. */
export interface LoadTask extends Range, Moving {
  readonly kind: 'load';
  readonly bytes: ArrayBuffer;
}

/** Gives the buffer back, so that the next piece can travel in it. */
export interface LoadResult extends Moving {
  readonly kind: 'load';
  readonly bytes: ArrayBuffer;
}

/** Encodes rows `begin..end` of the source matrix. */
export interface RowTask extends Range, Moving {
  readonly kind: 'rows';
}

export interface RowResult extends Range, Moving {
  readonly kind: 'rows';
  /** per block: its symbols of these rows, row by row; empty if they were spilled */
  readonly blocks: readonly ArrayBuffer[];
  readonly extent?: SpillExtent;
  /** the rows as BCS slivers, one after another */
  readonly slivers?: ArrayBuffer;
  /** fingerprint of the source in these rows, if a file was read */
  readonly sum: number;
}

/** Ends writing to the spill, so that other threads can read. */
export interface SealTask extends Moving {
  readonly kind: 'seal';
}

export interface SealResult extends Moving {
  readonly kind: 'seal';
}

/** Columns that are in memory at once; those that lie in none of the blocks are read from the source. */
export interface ColumnBatch extends Range {
  readonly blocks: readonly number[];
}

/** Expands and hashes whole groups of columns. */
export interface ColumnTask extends Range, Moving {
  readonly kind: 'columns';
  readonly batches: readonly ColumnBatch[];
  /** what rows carried for each block of each batch, in the order in which it was made */
  readonly carried: readonly (readonly Part[])[];
  readonly extents: readonly SpillExtent[];
  /** the range of the assembly that this thread holds; of the others parts are wanted */
  readonly own: number | undefined;
}

export interface ColumnResult extends Range, Moving {
  readonly kind: 'columns';
  /** 32 bytes per column */
  readonly roots: ArrayBuffer;
  /** per matrix row one node of 32 bytes per group of this task */
  readonly nodes: ArrayBuffer;
  /** the columns as BCS slivers, one after another */
  readonly slivers?: ArrayBuffer;
  /** per range of the assembly, but for the thread's own: these columns' repair symbols by batch */
  readonly repair?: readonly (readonly Part[])[];
  /** fingerprint of the source in these columns, if a file was read */
  readonly sum: number;
}

/** Completes repair rows with parts that other threads made, and gives them away. */
export interface AssembleTask extends Range, Moving {
  readonly kind: 'assemble';
  /** whether the thread holds these rows already */
  readonly own: boolean;
  readonly parts: readonly Part[];
}

export interface AssembleResult extends Range, Moving {
  readonly kind: 'assemble';
  readonly slivers: ArrayBuffer;
}

/** Makes the metadata from all column roots and row nodes, each piece covering whole groups. */
export interface FinishTask extends Moving {
  readonly kind: 'finish';
  readonly geometry: Geometry;
  readonly roots: readonly Part[];
  readonly nodes: readonly Part[];
}

export interface FinishResult extends Moving {
  readonly kind: 'finish';
  readonly summary: BlobSummary;
}

/** What a thread must know of a blob before it decodes parts of it. */
export interface DecodeSetup extends Moving {
  readonly kind: 'decode';
  readonly geometry: Geometry;
  readonly axis: Axis;
  /** exactly as many as decode, in the order in which the tasks' symbols lie */
  readonly sliverIndices: Uint16Array;
  /** row ranges, each to be collected and checked by one thread */
  readonly shares: readonly Range[];
}

/** Decodes lanes `begin..end`: positions along the slivers, in symbols. */
export interface DecodeTask extends Range, Moving {
  readonly kind: 'decode';
  /** starts with the symbols `begin..end` of each sliver */
  readonly buffer: ArrayBuffer;
  /** the share that this thread collects */
  readonly own: number | undefined;
}

export interface DecodeResult extends Moving {
  readonly kind: 'decode';
  /** given back, so that more can travel in it */
  readonly buffer: ArrayBuffer;
  /** per share, but for the thread's own, what was decoded of its rows */
  readonly pieces: readonly (MatrixPiece | undefined)[];
}

/** A rectangle of the source matrix, row by row. */
export interface MatrixPiece {
  readonly rows: Range;
  readonly columns: Range;
  readonly bytes: ArrayBuffer;
}

/** Checks rows `begin..end` of a share against the hashes of their slivers. */
export interface CheckRowsTask extends Range, Moving {
  readonly kind: 'check-rows';
  readonly share: number;
  /** what other threads decoded of the share, with its first task */
  readonly pieces: readonly MatrixPiece[];
  /** 32 bytes per row, or nothing where the metadata has no hash */
  readonly hashes: readonly (Uint8Array | undefined)[];
  /** has room for the rows */
  readonly buffer: ArrayBuffer;
}

export interface CheckRowsResult extends Range, Moving {
  readonly kind: 'check-rows';
  /** starts with the rows, as far as the blob reaches */
  readonly buffer: ArrayBuffer;
  readonly right: boolean;
}

/** A sliver's data, without its BCS frame, and its hash if the metadata has one. */
export interface HashedSliver {
  readonly data: Uint8Array;
  readonly hash: Uint8Array | undefined;
}

/** Checks whole slivers against their hashes. */
export interface VerifyTask extends Moving {
  readonly kind: 'verify';
  readonly geometry: Geometry;
  readonly axis: Axis;
  readonly slivers: readonly HashedSliver[];
}

export interface VerifyResult extends Moving {
  readonly kind: 'verify';
  /** positions in `slivers` that fail */
  readonly wrong: readonly number[];
}

/** Computes the root over the hashes of all sliver pairs. */
export interface RootTask extends Moving {
  readonly kind: 'root';
  readonly geometry: Geometry;
  readonly pairHashes: Uint8Array;
}

export interface RootResult extends Moving {
  readonly kind: 'root';
  /** 32 bytes */
  readonly rootHash: Uint8Array;
}

/** Rebuilds one sliver from symbols of slivers of the other axis. */
export interface RecoverTask extends Moving {
  readonly kind: 'recover';
  readonly shardCount: number;
  readonly blobId: string;
  readonly metadata: Uint8Array;
  readonly axis: Axis;
  readonly sliverIndex: number;
  readonly symbols: readonly Uint8Array[];
}

export interface RecoverResult extends Moving {
  readonly kind: 'recover';
  /** BCS SliverData */
  readonly sliver: Uint8Array;
}

/** Makes the symbols with proof that the holder of a sliver gives for other slivers' recovery. */
export interface SymbolsTask extends Moving {
  readonly kind: 'symbols';
  readonly geometry: Geometry;
  /** axis of the sliver that is held */
  readonly axis: Axis;
  readonly sliver: Uint8Array;
  readonly targetIndices: readonly number[];
}

export interface SymbolsResult extends Moving {
  readonly kind: 'symbols';
  /** BCS RecoverySymbol per target */
  readonly symbols: readonly Uint8Array[];
}

export type Setup = EncodeSetup | DecodeSetup;

export type Task =
  | LoadTask
  | RowTask
  | SealTask
  | ColumnTask
  | AssembleTask
  | FinishTask
  | DecodeTask
  | CheckRowsTask
  | VerifyTask
  | RootTask
  | RecoverTask
  | SymbolsTask;

export type TaskResult =
  | LoadResult
  | RowResult
  | SealResult
  | ColumnResult
  | AssembleResult
  | FinishResult
  | DecodeResult
  | CheckRowsResult
  | VerifyResult
  | RootResult
  | RecoverResult
  | SymbolsResult;
