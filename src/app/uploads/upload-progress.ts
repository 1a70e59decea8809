import type { JobSnapshot } from '../../flows/store/types.ts';

export interface UploadProgress {
  /** of the bytes that have to be at nodes before the batch is safe, 0 to 1 */
  readonly share: number;
  readonly storedBytes: number;
  readonly neededBytes: number;
  /** shards that confirmed, of the file for which the fewest did */
  readonly confirmed: number;
  readonly quorum: number;
}

/** The batch as one: bytes are added up, shards are those of the file that is furthest behind. */
export function progressOf({ files }: JobSnapshot): UploadProgress {
  let [storedBytes, neededBytes, confirmed, quorum] = [0, 0, Number.POSITIVE_INFINITY, 0];
  for (const file of files) {
    const { state } = file;
    if (state === 'already-stored' || state === 'cancelled') continue;
    const isSafe = state !== 'uploading' && state !== 'awaiting-payment';
    storedBytes += isSafe ? file.neededBytes : Math.min(file.storedBytes, file.neededBytes);
    neededBytes += file.neededBytes;
    quorum = Math.max(quorum, file.quorumWeight);
    if (!isSafe) confirmed = Math.min(confirmed, file.confirmedWeight);
  }
  const share = neededBytes > 0 ? storedBytes / neededBytes : 0;
  return { share, storedBytes, neededBytes, confirmed: Math.min(confirmed, quorum), quorum };
}
