import type { IDBPObjectStore } from 'idb';
import { HauloutError } from '../protocol/errors.ts';
import type { Row } from '../protocol/ports.ts';
import type { SetAside } from './schema.ts';

export type WritableStore = IDBPObjectStore<
  unknown,
  string[],
  string,
  'readwrite' | 'versionchange'
>;

/** @throws HauloutError 'revision-stale' */
export function checkRevision(key: string, expected: number | undefined, actual: number): void {
  if (expected !== undefined && expected !== actual) {
    throw new HauloutError('revision-stale', { key });
  }
}

/** Keeps a record that cannot be read under a key of its own, beside those of earlier days. */
export async function setRecordAside(
  aside: WritableStore,
  store: string,
  record: unknown,
  reason: string,
  tell: (what: SetAside) => void,
): Promise<void> {
  const place = `${store}/${keyOf(record)}`;
  const count = await aside.count(IDBKeyRange.bound(`${place} `, `${place}!`, false, true));
  await aside.put({ key: `${place} ${count + 1}`, revision: 1, value: { reason, record } });
  tell({ place, reason });
}

export function keyOf(record: unknown): string {
  return (record as { key: string }).key; // the database refuses records without it
}

export function isRow<Value>(record: unknown): record is Row<Value> {
  if (typeof record !== 'object' || record === null || !('value' in record)) return false;
  const { revision } = record as Partial<Row<Value>>;
  return Number.isSafeInteger(revision) && (revision as number) > 0;
}
