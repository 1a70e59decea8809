import type { Journal } from '../../store/journal.ts';
import type { JobRecord } from '../../store/journal-facts.ts';
import type { StorePorts } from './ports.ts';
import type { StoreSource } from './types.ts';

/**
 * Lets bytes outlast the page whose slivers will not wait on disk. Never rejects.
 *
 * @param sources by blob ID, as far as they are at hand
 */
export async function copySources(
  ports: StorePorts,
  journal: Journal,
  { jobId, shardCount, files }: JobRecord,
  sources: ReadonlyMap<string, StoreSource>,
  signal: AbortSignal,
): Promise<void> {
  const blobs = files
    .filter(({ place, blobId }) => place !== undefined && sources.has(blobId))
    .map(({ blobId, bytes: unencodedBytes }) => ({ blobId, shardCount, unencodedBytes }));
  const cacheable = await ports.pieces.cacheable(blobs).catch(() => new Set());
  for (const { blobId } of blobs) {
    const source = sources.get(blobId);
    if (source === undefined || cacheable.has(blobId) || signal.aborted) continue;
    try {
      const row = await journal.source(jobId, blobId);
      if (row === undefined || row.source !== undefined) continue;
      const kept = await ports.sources.copy(blobId, source, signal);
      if (kept) await journal.keepSource(jobId, blobId, { ...row, source: kept });
    } catch {
      // the bytes are asked for again
    }
  }
}
