import { useCallback, useEffect, useState } from 'react';
import { clock } from '../doors.ts';

/** A flag that falls back by itself. @returns the flag, and what raises it */
export function useMoment(ms: number): [boolean, () => void] {
  const [isOn, setOn] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const stop = new AbortController();
    clock.sleep(ms, stop.signal).then(
      () => setOn(false),
      () => {},
    );
    return () => stop.abort();
  }, [isOn, ms]);
  return [isOn, useCallback(() => setOn(true), [])];
}
