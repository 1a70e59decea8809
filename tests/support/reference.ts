import { blake2b } from '@noble/hashes/blake2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { decodeSymbols, encodeSymbols } from './reference-code.ts';

/**
 * A second opinion on the whole encoding, written from its definition for reading, not for speed,
 * and without a line of the client. Fine up to about a hundred shards.
 */

const EMPTY = new Uint8Array(32);

export interface ReferenceShape {
  n: number;
  rows: number;
  columns: number;
  symbolBytes: number;
}

export interface ReferenceBlob extends ReferenceShape {
  /** n x n symbols */
  matrix: Uint8Array[][];
  /** hash of each cell */
  leaves: Uint8Array[][];
  primaryHashes: Uint8Array[];
  /** by sliver index */
  secondaryHashes: Uint8Array[];
  rootHash: Uint8Array;
  blobId: Uint8Array;
  metadata: Uint8Array;
  /** data without frame, by sliver index */
  primaryData: Uint8Array[];
  secondaryData: Uint8Array[];
  /** BCS in sliver-pair order */
  primarySlivers: Uint8Array[];
  secondarySlivers: Uint8Array[];
}

export function referenceShape(n: number, blobBytes: number): ReferenceShape {
  const f = Math.floor((n - 1) / 3);
  const [rows, columns] = [n - 2 * f, n - f];
  const least = Math.max(1, Math.ceil(blobBytes / (rows * columns)));
  return { n, rows, columns, symbolBytes: least % 2 === 0 ? least : least + 1 };
}

export function referenceEncode(n: number, blob: Uint8Array): ReferenceBlob {
  const shape = referenceShape(n, blob.length);
  const { rows, columns, symbolBytes } = shape;
  const padded = new Uint8Array(rows * columns * symbolBytes);
  padded.set(blob);
  const upper = Array.from({ length: rows }, (_, r) => {
    const source = pieces(padded.subarray(r * columns * symbolBytes), symbolBytes, columns);
    return [...source, ...encodeSymbols(source, n - columns)];
  });
  const lower = transpose(transpose(upper).map((column) => encodeSymbols(column, n - rows)));
  const matrix = [...upper, ...lower];
  const leaves = matrix.map((row) => row.map(referenceLeaf));
  const primaryHashes = leaves.map(referenceRoot);
  const secondaryHashes = transpose(leaves).map(referenceRoot);
  const pairs = primaryHashes.map((hash, p) => concatBytes(hash, at(secondaryHashes, n - 1 - p)));
  const rootHash = referenceRoot(pairs.map(referenceLeaf));
  const length = littleEndian(blob.length, 8);
  const digests = pairs.flatMap((pair) => [
    tagged(pair.subarray(0, 32)),
    tagged(pair.subarray(32)),
  ]);
  const primaryData = matrix.map((row) => concatBytes(...row.slice(0, columns)));
  const secondaryData = transpose(matrix.slice(0, rows)).map((column) => concatBytes(...column));
  const frame = (data: Uint8Array, index: number) => referenceSliver(data, symbolBytes, index);
  return {
    ...shape,
    matrix,
    leaves,
    primaryHashes,
    secondaryHashes,
    rootHash,
    blobId: hash256(Uint8Array.of(1), length, rootHash),
    metadata: concatBytes(Uint8Array.of(0, 1), length, uleb(n), ...digests),
    primaryData,
    secondaryData,
    primarySlivers: primaryData.map(frame),
    secondarySlivers: secondaryData.map(frame).reverse(),
  };
}

/** The blob from at least `rows` primary or `columns` secondary slivers' data, by sliver index. */
export function referenceDecode(
  n: number,
  blobBytes: number,
  axis: 'primary' | 'secondary',
  slivers: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const { rows, columns, symbolBytes } = referenceShape(n, blobBytes);
  const [needed, lanes] = axis === 'primary' ? [rows, columns] : [columns, rows];
  const decoded = Array.from({ length: lanes }, (_, lane) => {
    const known = [...slivers].map(([index, data]): [number, Uint8Array] => {
      return [index, data.subarray(lane * symbolBytes, (lane + 1) * symbolBytes)];
    });
    return decodeSymbols(needed, n - needed, new Map(known));
  });
  const rowMajor = axis === 'primary' ? transpose(decoded) : decoded;
  return concatBytes(...rowMajor.flat()).subarray(0, blobBytes);
}

/** BCS SliverData of sliver `index` of `axis`, from one symbol each of enough crossing slivers. */
export function referenceRecover(
  n: number,
  blobBytes: number,
  axis: 'primary' | 'secondary',
  index: number,
  symbols: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const { rows, columns, symbolBytes } = referenceShape(n, blobBytes);
  const needed = axis === 'primary' ? columns : rows;
  const data = concatBytes(...decodeSymbols(needed, n - needed, symbols));
  return referenceSliver(data, symbolBytes, index);
}

/** BCS of the proof for leaf `index` of a tree over these leaf hashes. */
export function referenceProof(leaves: readonly Uint8Array[], index: number): Uint8Array {
  const path: Uint8Array[] = [];
  let level: readonly (Uint8Array | null)[] = leaves;
  for (let position = index; level.length > 1; position >>= 1) {
    if (level.length % 2 === 1) level = [...level, null];
    const sibling = level[position ^ 1] ?? null;
    path.push(sibling === null ? Uint8Array.of(0) : tagged(sibling));
    level = parents(level);
  }
  return concatBytes(uleb(path.length), ...path);
}

export function referenceLeaf(bytes: Uint8Array): Uint8Array {
  return hash256(Uint8Array.of(0), bytes);
}

export function referenceRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return EMPTY;
  let level: readonly (Uint8Array | null)[] = leaves;
  while (level.length > 1) level = parents(level.length % 2 === 1 ? [...level, null] : level);
  return level[0] ?? EMPTY;
}

export function referenceSliver(data: Uint8Array, symbolBytes: number, index: number): Uint8Array {
  return concatBytes(uleb(data.length), data, littleEndian(symbolBytes, 2), littleEndian(index, 2));
}

function parents(level: readonly (Uint8Array | null)[]): Uint8Array[] {
  return Array.from({ length: level.length / 2 }, (_, i) => {
    return hash256(Uint8Array.of(1), level[2 * i] ?? EMPTY, level[2 * i + 1] ?? EMPTY);
  });
}

function hash256(...parts: Uint8Array[]): Uint8Array {
  return blake2b(concatBytes(...parts), { dkLen: 32 });
}

function tagged(digest: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(1), digest);
}

function littleEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
}

function uleb(value: number): Uint8Array {
  return value < 128
    ? Uint8Array.of(value)
    : concatBytes(Uint8Array.of((value % 128) + 128), uleb(Math.floor(value / 128)));
}

function pieces(bytes: Uint8Array, size: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => bytes.slice(i * size, (i + 1) * size));
}

function transpose<T>(grid: readonly (readonly T[])[]): T[][] {
  return Array.from({ length: grid[0]?.length ?? 0 }, (_, c) => grid.map((row) => at(row, c)));
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
