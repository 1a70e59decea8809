import { HauloutError } from '../../protocol/errors.ts';
import { sliversForRange } from '../../protocol/geometry.ts';
import { heldBlob } from './held-blob.ts';
import type { OpenBlob, ReadDoors } from './read-types.ts';
import { RowReader, type RowReaderOptions } from './row-reader.ts';

/** Which check a whole blob is given beside that of every row. */
export type Consistency = 'default' | 'strict';

/**
 * Bytes `begin..end` of a blob in order, row by row; each is verified before it is given.
 *
 * @throws HauloutError 'argument-invalid' if the range leaves the blob, 'not-enough-slivers', 'blob-inconsistent',
 *   'aborted', 'chain-unavailable'
 */
export async function* readBytes(
  doors: ReadDoors,
  blob: OpenBlob,
  { begin, end }: { readonly begin: number; readonly end: number },
  options: RowReaderOptions,
): AsyncGenerator<Uint8Array, void> {
  if (begin === end && begin >= 0 && end <= blob.geometry.blobBytes) return;
  const spans = sliversForRange(blob.geometry, begin, end);
  const first = spans[0]?.sliverIndex ?? 0;
  const rows = { begin: first, end: first + spans.length };
  const reader = new RowReader(doors, blob, rows, options);
  for await (const { index, data } of reader.read()) {
    const span = spans[index - first];
    if (span !== undefined) yield data.subarray(span.begin, span.end);
  }
}

/**
 * A whole blob in order. What is given are rows that fit the metadata, and behind the blob's end there is nothing but
 * zeros: whoever else reads it so gets the same bytes, or an error.
 *
 * @throws HauloutError as `readBytes`; 'blob-inconsistent' before anything is given, where a row behind the end shows
 *   it, or in the place of the last row
 */
export async function* readWhole(
  doors: ReadDoors,
  blob: OpenBlob,
  options: RowReaderOptions,
): AsyncGenerator<Uint8Array, void> {
  const { blobBytes, rowBytes } = blob.geometry;
  const rows = { begin: 0, end: Math.ceil(blobBytes / rowBytes) };
  const reader = new RowReader(doors, blob, rows, options);
  await reader.checkZeroRows();
  for await (const { index, data } of reader.read()) {
    const length = Math.min(rowBytes, blobBytes - index * rowBytes);
    if (data.subarray(length).some((byte) => byte !== 0)) {
      throw new HauloutError('blob-inconsistent', { blobId: blob.blobId });
    }
    yield data.subarray(0, length);
  }
}

/**
 * A whole blob that is encoded again before anything of it is given: also the slivers that were not needed are right.
 *
 * @returns the bytes, which a browser may keep on its disk
 * @throws HauloutError as `readWhole`; 'blob-inconsistent' if the encoding gives another blob ID
 */
export async function readStrictly(
  doors: ReadDoors,
  blob: OpenBlob,
  options: RowReaderOptions,
): Promise<Blob> {
  const whole = await heldBlob(readWhole(doors, blob, options));
  const { blobId, shardCount } = blob;
  const again = await doors.verifier.computeBlobId(whole, {
    shardCount,
    signal: options.signal,
  });
  if (again.blobId !== blobId) throw new HauloutError('blob-inconsistent', { blobId });
  return whole;
}
