import type { SeenJob } from '../../engine/engine.ts';
import type { FoundRescue } from '../../engine/engine-api.ts';
import type { CancelReport, JobSnapshot, OpenJob, StoredFile } from '../../flows/store/types.ts';
import type { ErrorCode } from '../../protocol/errors.ts';

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
  /** the person ends it: that is being done */
  readonly isCancelling?: boolean;
  /** what ended it, if the person has ended it */
  readonly cancelled?: CancelReport;
  /** the device has slept for so long in the middle of it */
  readonly sleptMs?: number;
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

/** Given up, and what was paid for is not all in the wallet yet: that did not work so far. */
export function isHalfCancelled({ seen, cancelled, isCancelling = false }: Upload): boolean {
  if (seen?.snapshot.state !== 'cancelled' || cancelled !== undefined || isCancelling) return false;
  return seen.isOver && seen.snapshot.condition !== undefined;
}

/** Whether it is on Walrus, or was there already. */
export function isStored(snapshot: JobSnapshot | undefined): boolean {
  return ['certified', 'topping-up', 'already-stored'].includes(snapshot?.state ?? '');
}

/** Whether this page works on it. */
export function isHere({ seen }: Upload): boolean {
  return seen !== undefined && !seen.isOver;
}

/** For sentences: whether it was paid for, or only some of it. */
export function howPaid({ paid, isPartlyPaid }: JobSnapshot): boolean | 'part' {
  return isPartlyPaid ? 'part' : paid === 'paid';
}

/** What a line that is down leads to. */
const LINE_TROUBLES: readonly ErrorCode[] = [
  ...(['quorum-unreached', 'chain-unavailable', 'relay-unavailable'] as const),
  ...(['host-unreachable', 'host-silent'] as const),
];

/** Whether a paid upload only waits for nodes or chain to be reached again, be it that it has given up. */
export function waitsForLine({ snapshot, isOver, retryWallMs }: SeenJob): boolean {
  const { condition, isPaused, paid, state } = snapshot;
  if (condition === undefined || isPaused || paid !== 'paid') return false;
  if (state !== 'uploading' && state !== 'certifying') return false; // the others may ask the wallet
  return LINE_TROUBLES.includes(condition.error.code) && (isOver || retryWallMs !== undefined);
}
