import { useCallback, useEffect, useState } from 'react';
import { clock } from '../doors.ts';

/** A value that goes away by itself. @returns the value, and what sets it */
export function useMoment<T>(ms: number): [T | undefined, (value: T) => void] {
  const [moment, setMoment] = useState<{ readonly value: T }>();
  useEffect(() => {
    if (moment === undefined) return;
    const stop = new AbortController();
    clock.sleep(ms, stop.signal).then(
      () => setMoment(undefined),
      () => {},
    );
    return () => stop.abort();
  }, [moment, ms]);
  return [moment?.value, useCallback((value: T) => setMoment({ value }), [])];
}
