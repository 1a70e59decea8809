import { setTimeout } from 'node:timers/promises';
import type { WalrusClient } from '@mysten/walrus';

const TRIES = 100;
const PAUSE_MS = 100;

/**
 * A blob read by the official client, again while the nodes beyond the quorum still get their slivers: in a small
 * network it gives up ("Invalid array length") if the first node that it happens to ask has no metadata.
 */
export async function officialRead(
  walrus: Pick<WalrusClient, 'readBlob'>,
  blobId = '',
): Promise<Uint8Array> {
  for (let tries = 1; ; tries++) {
    try {
      return await walrus.readBlob({ blobId });
    } catch (error) {
      if (tries === TRIES) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}
