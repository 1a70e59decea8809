import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { putBlob } from './put-blob.ts';
import type { TransferDoors } from './put-types.ts';
import { putThroughRelay } from './relay-put.ts';
import type { BlobUpload, UploadOutcome, UploadPath } from './upload-types.ts';

/** Errors of one path that say nothing about the other. */
const ENDS_PATH: Readonly<Record<UploadPath, readonly string[]>> = {
  direct: ['quorum-unreached', 'blob-refused'],
  relay: [
    ...['relay-refused', 'relay-receipt-stale', 'relay-unavailable', 'certificate-mismatch'],
    ...['host-unreachable', 'host-silent', 'answer-unusable'],
  ],
};

/** Nodes are given up sooner where a relay stands by. */
const PATIENCE_MS = 20_000;

/**
 * Brings a blob to the storage nodes by the path that is wanted first, and by the other one when that fails. What
 * nodes took on the way stays there, and no path is paid for here.
 *
 * @throws HauloutError the error of the path that was tried first; everything that is not about a path
 */
export async function uploadBlob(
  doors: TransferDoors,
  upload: BlobUpload,
  signal: AbortSignal,
): Promise<UploadOutcome> {
  const { first } = upload;
  const order: UploadPath[] = first === 'direct' ? ['direct', 'relay'] : ['relay', 'direct'];
  let failure: HauloutError | undefined;
  for (const path of order) {
    if (upload[path] === undefined) continue;
    upload.onPath?.(path, failure?.code);
    try {
      return { ...(await take(path, doors, upload, signal)), path };
    } catch (error) {
      if (!isHauloutError(error) || !ENDS_PATH[path].includes(error.code)) throw error;
      failure ??= error;
    }
  }
  throw failure ?? new HauloutError('argument-invalid', { name: 'upload', reason: 'no path' });
}

async function take(
  path: UploadPath,
  doors: TransferDoors,
  { direct, relay }: BlobUpload,
  signal: AbortSignal,
): Promise<Omit<UploadOutcome, 'path'>> {
  if (path === 'relay' && relay !== undefined) {
    const { certificate, committee } = await putThroughRelay(doors, relay, signal);
    const tail = Promise.resolve({ confirmedWeight: 0, failed: [] });
    return { certificate, committee, tail };
  }
  if (direct === undefined) {
    throw new HauloutError('argument-invalid', { name: 'upload', reason: 'no path' });
  }
  return putBlob(doors, relay ? { patienceMs: PATIENCE_MS, ...direct } : direct, signal);
}
