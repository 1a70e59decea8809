import type { Clock } from '../protocol/ports.ts';

/** So long an answer is waited for; it may come later and still count. */
const PATIENCE_MS = 3_000;

export interface PersistenceDoors {
  readonly clock: Pick<Clock, 'sleep'>;
  /** `persistStorage` of the door */
  ask(): Promise<boolean | undefined>;
}

/** Whether this origin's data stays when the browser needs room; undefined if nobody says so soon. */
export async function persistence({ clock, ask }: PersistenceDoors): Promise<boolean | undefined> {
  const patience = new AbortController();
  const late = clock.sleep(PATIENCE_MS, patience.signal).then(() => undefined);
  try {
    return await Promise.race([ask(), late]);
  } catch {
    return undefined;
  } finally {
    patience.abort();
    late.catch(() => undefined);
  }
}

/** A part of what the browser offers, and what is taken where it does not tell. */
export interface StorageShare {
  readonly part: number;
  readonly unknownBytes: number;
}

/** Of slivers that are sent; the rest is for spills and the journal. */
export const UPLOAD_SHARE: StorageShare = { part: 0.5, unknownBytes: 512 << 20 };
/** Of blobs that were read. */
export const READ_SHARE: StorageShare = { part: 0.2, unknownBytes: 128 << 20 };

/**
 * Bytes that one kind of data may take.
 *
 * @param freeBytes `freeStorageBytes` of the door
 * @param usedBytes what it takes already
 */
export async function cacheBudget(
  freeBytes: () => Promise<number | undefined>,
  usedBytes: () => Promise<number>,
  { part, unknownBytes }: StorageShare = UPLOAD_SHARE,
): Promise<number> {
  const free = await freeBytes().catch(() => undefined);
  return free === undefined ? unknownBytes : part * (free + (await usedBytes()));
}
