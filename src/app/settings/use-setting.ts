import { useCallback, useSyncExternalStore } from 'react';
import { readSetting, type SettingName, writeSetting } from '../doors.ts';

const listeners = new Set<() => void>();
const held = new Map<SettingName, string | undefined>();

/** The value of a setting now, also where storage is forbidden. */
export function settingNow(name: SettingName): string | undefined {
  if (!held.has(name)) held.set(name, readSetting(name));
  return held.get(name);
}

/** A setting and the way to change it; every reader on the page follows. */
export function useSetting(
  name: SettingName,
): [string | undefined, (value: string | undefined) => void] {
  const value = useSyncExternalStore(subscribe, () => settingNow(name));
  const set = useCallback(
    (next: string | undefined) => {
      held.set(name, next);
      writeSetting(name, next);
      for (const listener of [...listeners]) listener();
    },
    [name],
  );
  return [value, set];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
