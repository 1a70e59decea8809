import type { FileProgress, JobSnapshot } from '../../flows/store/types.ts';
import { countShares } from '../../presentation/node-strip.ts';

export interface UploadProgress {
  /** of what has to be at nodes before the batch is safe, 0 to 1; 1 only once they have signed for it */
  readonly share: number;
  /** as many bytes are out as are needed, and not all are signed for */
  readonly isSigning: boolean;
  readonly storedBytes: number;
  readonly neededBytes: number;
  /** shards whose nodes have their pieces, of the file that is furthest behind */
  readonly held: number;
  readonly quorum: number;
}

/** What bytes alone can lead to: the rest is for signatures. */
const MOST_BY_BYTES = 0.99;

/** How far a file is on its way to a quorum, 0 to 1; 1 only once it is safe. */
export function shareOf(file: FileProgress): number {
  if (isSafe(file)) return 1;
  const { storedBytes, neededBytes } = file;
  return neededBytes > 0 ? Math.min(MOST_BY_BYTES, storedBytes / neededBytes) : 0;
}

/** The batch as one: bytes are added up, shards are those of the file that is furthest behind. */
export function progressOf({
  files,
  nodes = [],
}: Pick<JobSnapshot, 'files' | 'nodes'>): UploadProgress {
  let [share, storedBytes, neededBytes, quorum] = [0, 0, 0, 0];
  for (const file of files) {
    const { state } = file;
    if (state === 'already-stored' || state === 'cancelled') continue;
    share += shareOf(file) * file.neededBytes;
    storedBytes += isSafe(file) ? file.neededBytes : Math.min(file.storedBytes, file.neededBytes);
    neededBytes += file.neededBytes;
    quorum = Math.max(quorum, file.quorumWeight);
  }
  const { confirming, confirmed } = countShares(nodes);
  return {
    share: neededBytes > 0 ? share / neededBytes : 0,
    isSigning: neededBytes > 0 && storedBytes >= neededBytes && share < neededBytes,
    ...{ storedBytes, neededBytes, quorum },
    held: Math.min(confirming + confirmed, quorum),
  };
}

function isSafe({ state }: FileProgress): boolean {
  return state !== 'uploading' && state !== 'awaiting-payment';
}
