import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { Geometry } from '../../protocol/geometry.ts';
import { sliverHash } from '../../protocol/metadata.ts';
import { sameBytes } from '../../protocol/same-bytes.ts';
import { encodeSliver } from '../../protocol/sliver.ts';
import type { OpenBlob } from './read-types.ts';

/** Rows `begin..end` of a blob. */
export interface RowRange {
  readonly begin: number;
  readonly end: number;
}

/** The rows behind a blob's end. */
export function zeroRows({ blobBytes, rowBytes, rowCount }: Geometry): RowRange {
  return { begin: Math.ceil(blobBytes / rowBytes), end: rowCount };
}

/** A row of zeros as BCS SliverData. */
export function zeroSliver({ rowBytes, symbolBytes }: Geometry, sliverIndex: number): Uint8Array {
  return encodeSliver({ data: new Uint8Array(rowBytes), symbolBytes, sliverIndex });
}

/**
 * Checks that all rows behind the blob's end are the zeros that they must be.
 *
 * @param verify throws if a sliver does not fit the metadata
 * @throws HauloutError 'blob-inconsistent'
 */
export async function checkZeroRows(
  { blobId, geometry, commitments }: OpenBlob,
  verify: (index: number, sliver: Uint8Array) => Promise<void>,
): Promise<void> {
  const { begin, end } = zeroRows(geometry);
  if (begin === end) return;
  const hash = sliverHash(commitments, 'primary', begin);
  const isSame = (index: number) =>
    hash !== undefined && sameBytes(hash, sliverHash(commitments, 'primary', index));
  for (let index = begin; index < end; index++) {
    if (!isSame(index)) throw new HauloutError('blob-inconsistent', { blobId });
  }
  await verify(begin, zeroSliver(geometry, begin)).catch((cause: unknown) => {
    throw isHauloutError(cause, 'sliver-mismatch')
      ? new HauloutError('blob-inconsistent', { blobId }, { cause })
      : cause;
  });
}
