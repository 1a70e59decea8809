import type { JobSnapshot } from '../flows/store/types.ts';
import type { JobUpdate, ListChange } from './engine-api.ts';

/** Makes updates from snapshots: only files and nodes that changed are sent. */
export class JobUpdates {
  #before: Pick<JobSnapshot, 'files' | 'nodes'> = { files: [] };

  next(snapshot: JobSnapshot, isOver: boolean): Omit<JobUpdate, 'retryWallMs'> {
    const before = this.#before;
    this.#before = snapshot;
    return {
      ...snapshot,
      files: changesOf(before.files, snapshot.files),
      nodes: changesOf(before.nodes ?? [], snapshot.nodes ?? []),
      isOver,
    };
  }
}

/** The other way: the snapshot after an update. Lists and entries that did not change stay the same objects. */
export function applyUpdate(
  before: JobSnapshot | undefined,
  { isOver: _, retryWallMs: __, files, nodes, ...rest }: JobUpdate,
): JobSnapshot {
  const nodesNow = changed(before?.nodes ?? [], nodes);
  return {
    ...rest,
    files: changed(before?.files ?? [], files),
    ...(nodesNow.length > 0 ? { nodes: nodesNow } : {}),
  };
}

function changesOf<T extends object>(before: readonly T[], after: readonly T[]): ListChange<T> {
  const changed = after.flatMap((entry, at) =>
    isSame(entry, before[at]) ? [] : [[at, entry] as const],
  );
  return { length: after.length, changed };
}

function changed<T>(before: readonly T[], { length, changed }: ListChange<T>): readonly T[] {
  if (changed.length === 0 && length === before.length) return before;
  const after = before.slice(0, length);
  for (const [at, entry] of changed) after[at] = entry;
  return after;
}

/** Snapshots are made anew each time, of values that are compared by what they are. */
function isSame<T extends object>(a: T, b: T | undefined): boolean {
  if (a === b) return true;
  if (b === undefined) return false;
  const names = Object.keys(a) as (keyof T)[];
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
