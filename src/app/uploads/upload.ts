import type { SeenJob } from '../../engine/engine.ts';
import type { FoundRescue } from '../../engine/engine-api.ts';
import type { CancelReport, JobSnapshot, OpenJob, StoredFile } from '../../flows/store/types.ts';

/** An upload as this page knows it. A new object with each change. */
export interface Upload {
  readonly jobId: string;
  /** from the journal; absent for uploads that this page began */
  readonly found?: OpenJob | undefined;
  /** what a worker of this page told last */
  readonly seen?: SeenJob | undefined;
  /** what another tab, which works on it, told last */
  readonly mirror?: JobSnapshot | undefined;
  /** this browser knows nothing of it */
  readonly isStrange?: boolean;
  /** once it has come to its end */
  readonly stored?: readonly StoredFile[];
  /** what ended it, if the person has ended it */
  readonly cancelled?: CancelReport;
  /** one notification at its end: asked for, or declined or given */
  readonly notice?: 'wanted' | 'over';
  /** the last call about it did not work */
  readonly trouble?: unknown;
}

export interface UploadsView {
  readonly uploads: readonly Upload[];
  /** uploads that only the wallet can end */
  readonly rescues: readonly FoundRescue[];
  /** whether the journal was read */
  readonly isRead: boolean;
  readonly trouble?: unknown;
}

/** Nothing was paid for it, and no wallet can still do so. */
export function isUnpaid({ paid, isAsked, isRunning, error }: OpenJob): boolean {
  return paid === 'nothing' && !isAsked && !isRunning && error === undefined;
}

/** Whether another tab works on it, as far as this one knows. */
export function isElsewhere({ seen, mirror, found }: Upload): boolean {
  return seen === undefined && (mirror !== undefined || found?.isRunning === true);
}

/** Whether it is on Walrus, or was there already. */
export function isStored(snapshot: JobSnapshot | undefined): boolean {
  return ['certified', 'topping-up', 'already-stored'].includes(snapshot?.state ?? '');
}

/** Whether this page works on it. */
export function isHere({ seen }: Upload): boolean {
  return seen !== undefined && !seen.isOver;
}
