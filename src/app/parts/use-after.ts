import { useEffect, useState } from 'react';
import { clock } from '../doors.ts';

/** Whether so much time has passed since this came on screen, or since `turn` was another. */
export function useAfter(ms: number, turn = 0): boolean {
  const [over, setOver] = useState<number>();
  useEffect(() => {
    const stop = new AbortController();
    clock.sleep(ms, stop.signal).then(
      () => setOver(turn),
      () => {},
    );
    return () => stop.abort();
  }, [ms, turn]);
  return over === turn;
}
