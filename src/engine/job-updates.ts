import type { FileProgress, JobSnapshot } from '../flows/store/types.ts';
import type { JobUpdate } from './engine-api.ts';

/** Makes updates from snapshots: only files that changed are sent. */
export class JobUpdates {
  #files: readonly FileProgress[] = [];

  next(snapshot: JobSnapshot, isOver: boolean): JobUpdate {
    const before = this.#files;
    this.#files = snapshot.files;
    const files = snapshot.files.flatMap((file, at) =>
      isSame(file, before[at]) ? [] : [[at, file] as const],
    );
    return { ...snapshot, files, isOver };
  }
}

/** The other way: the snapshot after an update. Files that did not change stay the same objects. */
export function applyUpdate(
  before: JobSnapshot | undefined,
  { isOver: _, files: changed, ...rest }: JobUpdate,
): JobSnapshot {
  if (before !== undefined && changed.length === 0) return { ...rest, files: before.files };
  const files = [...(before?.files ?? [])];
  for (const [at, file] of changed) files[at] = file;
  return { ...rest, files };
}

/** Snapshots are made anew each time, of values that are compared by what they are. */
function isSame(a: FileProgress, b: FileProgress | undefined): boolean {
  if (b === undefined) return false;
  const names = Object.keys(a) as (keyof FileProgress)[];
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
