import { HauloutError } from '../../protocol/errors.ts';

const failures = new WeakMap<object, number>();
const hopeless = new WeakSet<object>();

/**
 * Fetches scripts that are no part of the first screen. Firefox remembers of a script that it could not be had and
 * does not ask for it again before the page is loaded again, so what fails twice is told apart.
 *
 * @param isAgain whether the person has asked for it again; if absent, each failure counts
 * @throws HauloutError 'host-unreachable'
 */
export async function fetchPart<T>(fetch: () => Promise<T>, isAgain?: boolean): Promise<T> {
  try {
    return await fetch();
  } catch (cause) {
    const count = (failures.get(fetch) ?? 0) + 1;
    failures.set(fetch, count);
    const { host } = window.location;
    const error = new HauloutError('host-unreachable', { host }, { cause });
    if (isAgain ?? count > 1) hopeless.add(error);
    throw error;
  }
}

/** Whether only loading the page again may help. */
export function needsReload(error: unknown): boolean {
  return typeof error === 'object' && error !== null && hopeless.has(error);
}
