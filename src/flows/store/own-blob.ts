import type { Journal } from '../../store/journal.ts';
import { type FoundBlob, findBlob } from '../read/find-blob.ts';
import { isOfNetwork, readJob } from './open-jobs.ts';
import type { StorePorts } from './ports.ts';
import { storedFiles } from './stored-files.ts';

/** A blob that an upload of this device has stored. */
export interface OwnBlob extends FoundBlob {
  /** of the file, as it was called */
  readonly name?: string;
}

/**
 * Looks for a blob among the uploads that are written down here.
 *
 * @returns undefined if none of them has it, or its object is gone
 * @throws HauloutError 'chain-unavailable'
 */
export async function ownBlob(
  ports: StorePorts,
  journal: Journal,
  blobId: string,
  signal: AbortSignal,
): Promise<OwnBlob | undefined> {
  for (const record of (await journal.jobs()).filter(isOfNetwork(ports))) {
    const files = record.files.filter((file) => file.blobId === blobId);
    if (files.length === 0) continue;
    const { runs } = await readJob(ports, journal, record);
    for (const { blobObjectId, name } of await storedFiles({ ...record, files }, runs, new Map())) {
      const found = blobObjectId && (await findBlob(ports.chain, blobObjectId, signal));
      if (found) return { ...found, ...(name === undefined ? {} : { name }) };
    }
  }
  return undefined;
}
