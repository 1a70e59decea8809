import { useCallback, useSyncExternalStore } from 'react';
import { onSettingElsewhere, readSetting, type SettingName, writeSetting } from '../doors.ts';

const listeners = new Set<() => void>();
const held = new Map<SettingName, string | undefined>();

onSettingElsewhere(() => {
  held.clear();
  tell();
});

/** The value of a setting now, also where storage is forbidden. */
export function settingNow(name: SettingName): string | undefined {
  if (!held.has(name)) held.set(name, readSetting(name));
  return held.get(name);
}

/** A setting and the way to change it; every reader on the page follows. */
export function useSetting(
  name: SettingName,
): [string | undefined, (value: string | undefined) => void] {
  const value = useSyncExternalStore(onSetting, () => settingNow(name));
  const set = useCallback(
    (next: string | undefined) => {
      held.set(name, next);
      writeSetting(name, next);
      tell();
    },
    [name],
  );
  return [value, set];
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}

/** Calls `listener` when any setting changes, here or in another tab. */
export function onSetting(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
