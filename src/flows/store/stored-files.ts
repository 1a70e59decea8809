import { HauloutError } from '../../protocol/errors.ts';
import type { JobFile, JobRecord } from '../../store/journal-facts.ts';
import type { IntentRun } from './intent-run.ts';
import { receiptOf } from './receipts.ts';
import type { StoredFile } from './types.ts';

/** What became of each file of a job. @param failures by intent and blob, `<intentId>/3` */
export function storedFiles(
  record: JobRecord,
  runs: readonly IntentRun[],
  failures: ReadonlyMap<string, HauloutError>,
): Promise<StoredFile[]> {
  return Promise.all(
    record.files.map((file) => {
      const run = runs.find(({ intentId }) => intentId === file.place?.intentId);
      return run && file.place ? fileOf(file, run, file.place.blob, failures) : standingFile(file);
    }),
  );
}

async function fileOf(
  file: JobFile,
  run: IntentRun,
  blob: number,
  failures: ReadonlyMap<string, HauloutError>,
): Promise<StoredFile> {
  const object = run.state.objects.get(blob);
  const receipt = await receiptOf(run, blob);
  const error = failures.get(`${run.intentId}/${blob}`);
  return {
    ...common(file),
    ...(object ? { blobObjectId: object.objectId } : {}),
    endEpoch: object?.endEpoch ?? run.state.plan.endEpoch,
    ...(receipt === undefined ? {} : { receipt }),
    ...(error ? { error } : {}),
  };
}

function standingFile(file: JobFile): StoredFile {
  const { blobObjectId, endEpoch = 0 } = file.standing ?? {};
  const { unfinishedIn: jobId } = file;
  return {
    ...common(file),
    ...(blobObjectId ? { blobObjectId } : {}),
    endEpoch,
    ...(jobId ? { error: new HauloutError('upload-elsewhere', { jobId }) } : {}),
  };
}

function common({ name, bytes, blobId }: JobFile): Pick<StoredFile, 'name' | 'bytes' | 'blobId'> {
  return { ...(name === undefined ? {} : { name }), bytes, blobId };
}
