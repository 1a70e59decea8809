import { useEffect, useState } from 'react';
import { clock } from '../doors.ts';

/** Whether so much time has passed since this came on screen. */
export function useAfter(ms: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    clock.sleep(ms, stop.signal).then(
      () => setOver(true),
      () => {},
    );
    return () => stop.abort();
  }, [ms]);
  return isOver;
}
