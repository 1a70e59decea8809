import { isStoragePersisted, persistStorage } from '../../store/estimate-door.ts';
import { persistence } from '../../store/persistence.ts';
import { clock } from '../doors.ts';

/**
 * Asks the browser to keep what lies here even when it needs room; a worker cannot. Call it in a click.
 *
 * @returns whether it will; undefined if it does not tell within seconds
 */
export function askToKeep(): Promise<boolean | undefined> {
  return persistence({ clock, ask: persistStorage });
}

/** Whether the browser has promised it before; undefined if it does not tell within seconds. */
export function isKept(): Promise<boolean | undefined> {
  return persistence({ clock, ask: isStoragePersisted });
}
