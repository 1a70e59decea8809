import type { Clock } from '../protocol/ports.ts';

/** What work gives if it ends well within `ms`; undefined otherwise. It is not stopped, only left. */
export async function within<T>(
  clock: Clock,
  ms: number,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const settled = new AbortController();
  const late = clock.sleep(ms, settled.signal).then(
    () => undefined,
    () => undefined, // the work was faster
  );
  try {
    return await Promise.race([work(), late]);
  } catch {
    return undefined;
  } finally {
    settled.abort();
  }
}
