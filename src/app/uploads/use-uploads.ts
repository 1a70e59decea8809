import { useCallback, useSyncExternalStore } from 'react';
import { useServices } from '../services.ts';
import type { Upload, UploadsView } from './upload.ts';

/** All uploads of this browser. */
export function useUploads(): UploadsView {
  const { uploads } = useServices();
  return useSyncExternalStore(uploads.subscribe, uploads.view);
}

/** One upload; undefined if this browser does not know it (yet). */
export function useUpload(jobId: string | undefined): Upload | undefined {
  const { uploads } = useServices();
  const read = useCallback(
    () => (jobId === undefined ? undefined : uploads.upload(jobId)),
    [uploads, jobId],
  );
  return useSyncExternalStore(uploads.subscribe, read);
}
