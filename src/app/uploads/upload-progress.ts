import type { JobSnapshot } from '../../flows/store/types.ts';
import { countShares } from '../../presentation/node-strip.ts';

export interface UploadProgress {
  /** of the bytes that have to be at nodes before the batch is safe, 0 to 1 */
  readonly share: number;
  readonly storedBytes: number;
  readonly neededBytes: number;
  /** shards whose nodes have their pieces, of the file that is furthest behind */
  readonly held: number;
  readonly quorum: number;
}

/** The batch as one: bytes are added up, shards are those of the file that is furthest behind. */
export function progressOf({
  files,
  nodes = [],
}: Pick<JobSnapshot, 'files' | 'nodes'>): UploadProgress {
  let [storedBytes, neededBytes, quorum] = [0, 0, 0];
  for (const file of files) {
    const { state } = file;
    if (state === 'already-stored' || state === 'cancelled') continue;
    const isSafe = state !== 'uploading' && state !== 'awaiting-payment';
    storedBytes += isSafe ? file.neededBytes : Math.min(file.storedBytes, file.neededBytes);
    neededBytes += file.neededBytes;
    quorum = Math.max(quorum, file.quorumWeight);
  }
  const share = neededBytes > 0 ? storedBytes / neededBytes : 0;
  const { confirming, confirmed } = countShares(nodes);
  const held = Math.min(confirming + confirmed, quorum);
  return { share, storedBytes, neededBytes, held, quorum };
}
