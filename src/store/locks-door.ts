import type { Locks } from '../protocol/ports.ts';

/** Whether locks are seen by all pages and workers of this origin. */
export function hasWebLocks(): boolean {
  return typeof navigator === 'object' && navigator.locks !== undefined;
}

/** Locks of the origin; the browser releases them when their holder dies. */
export const webLocks: Locks = {
  hold<T>(name: string, work: () => Promise<T>): Promise<T | 'busy'> {
    return navigator.locks.request(
      name,
      { ifAvailable: true },
      (lock): Promise<T | 'busy'> => (lock === null ? Promise.resolve('busy') : work()),
    );
  },
};
