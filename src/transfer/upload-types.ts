import type { PutBlob, PutOutcome } from './put-types.ts';
import type { RelayPut } from './relay-types.ts';

export type UploadPath = 'direct' | 'relay';

/** One blob on its way by whichever path works. */
export interface BlobUpload {
  /** the path that is tried first; the other one, where it is given, takes over when that fails */
  readonly first: UploadPath;
  /** absent where slivers cannot be made */
  readonly direct?: PutBlob;
  /** absent where no relay may be used, or its tip is above what was approved or was not paid */
  readonly relay?: RelayPut;
  /** told when a path is taken; `reason` is the code of the error that ended the other one */
  onPath?(path: UploadPath, reason?: string): void;
}

export interface UploadOutcome extends PutOutcome {
  readonly path: UploadPath;
}
