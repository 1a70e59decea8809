import type { Prices } from '../../chain/price.ts';
import {
  type CommitteeShape,
  committeeShape,
  encodedLength,
  MAX_SYMBOL_BYTES,
} from '../../protocol/geometry.ts';
import { formulaFrost } from './amounts.ts';

/** What files would cost one by one, and packed into quilts: blobs of many files. In FROST. */
export interface QuiltSaving {
  readonly files: number;
  readonly quilts: number;
  readonly singleFrost: bigint;
  readonly packedFrost: bigint;
}

/** About what a quilt adds to a file in its column, and in its index: headers and the name. */
const HEADER_BYTES = 64;
/** Less is no advice: a file of a quilt cannot be deleted or extended alone. */
const WORTH_PERCENT = 20n;

/**
 * What quilts would save for files that are small: each blob pays for a copy of its metadata on every node, and a
 * quilt does so once.
 *
 * @param sizes in bytes
 * @param epochs counting the running one
 * @returns undefined where it is not worth it
 */
export function quiltSaving(
  sizes: readonly number[],
  prices: Prices,
  epochs: number,
  shardCount: number,
): QuiltSaving | undefined {
  const shape = committeeShape(shardCount);
  const small = sizes.filter((bytes) => columnsOf(bytes, MAX_SYMBOL_BYTES, shape) === 1);
  if (small.length < 2) return undefined;
  const most = shape.columnCount - 1; // one is for the index
  const batches = Array.from({ length: Math.ceil(small.length / most) }, (_, at) =>
    small.slice(at * most, (at + 1) * most),
  );
  const priceOf = (unencoded: readonly number[]) => {
    const encoded = unencoded.map((bytes) => encodedLength(bytes, shardCount));
    const { storageFrost, writeFrost } = formulaFrost(prices, encoded, epochs);
    return storageFrost + writeFrost;
  };
  const singleFrost = priceOf(small);
  const packedFrost = priceOf(batches.map((batch) => quiltBytes(batch, shape)));
  if (packedFrost * 100n > singleFrost * (100n - WORTH_PERCENT)) return undefined;
  return { files: small.length, quilts: batches.length, singleFrost, packedFrost };
}

/** Length of the smallest quilt that holds these files, each of which begins a column of its own. */
function quiltBytes(sizes: readonly number[], shape: CommitteeShape): number {
  const fits = (symbolBytes: number) => {
    const index = columnsOf(sizes.length * HEADER_BYTES, symbolBytes, shape);
    const columns = sizes.map((bytes) => columnsOf(bytes, symbolBytes, shape));
    return columns.reduce((sum, each) => sum + each, index) <= shape.columnCount;
  };
  let [least, enough] = [2, MAX_SYMBOL_BYTES];
  while (least < enough) {
    const middle = least + 2 * Math.floor((enough - least) / 4);
    if (fits(middle)) enough = middle;
    else least = middle + 2;
  }
  return enough * shape.rowCount * shape.columnCount;
}

function columnsOf(bytes: number, symbolBytes: number, { rowCount }: CommitteeShape): number {
  return Math.ceil((bytes + HEADER_BYTES) / (rowCount * symbolBytes));
}
