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

/** Share of what the browser offers that slivers may take: the rest is for spills and the journal. */
const CACHE_SHARE = 0.5;
/** Where the browser does not tell. */
const UNKNOWN_BYTES = 512 << 20;

/**
 * Bytes that slivers may take.
 *
 * @param freeBytes `freeStorageBytes` of the door
 * @param usedBytes what slivers take already
 */
export async function cacheBudget(
  freeBytes: () => Promise<number | undefined>,
  usedBytes: () => Promise<number>,
): Promise<number> {
  const free = await freeBytes().catch(() => undefined);
  return free === undefined ? UNKNOWN_BYTES : CACHE_SHARE * (free + (await usedBytes()));
}
