import type { Journal } from '../../store/journal.ts';
import type { JobRecord } from '../../store/journal-facts.ts';
import type { StorePorts } from './ports.ts';

/** What one job keeps of a blob goes, and what all jobs share unless another one needs it. */
export async function letGo(
  { pieces, sources }: StorePorts,
  journal: Journal,
  jobId: string,
  blobId: string,
): Promise<void> {
  await journal.forgetSource(jobId, blobId);
  if (await journal.isWantedElsewhere(jobId, blobId)) return;
  await pieces.release(blobId);
  await sources.forget(blobId);
}

/** Takes away everything that was written down of a job; nothing of it may be open on chain. */
export async function forgetJob(
  ports: StorePorts,
  journal: Journal,
  record: JobRecord,
): Promise<void> {
  for (const { blobId } of record.files) await letGo(ports, journal, record.jobId, blobId);
  await journal.forget(record);
}
