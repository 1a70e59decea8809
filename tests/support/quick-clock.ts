import type { Clock } from '../../src/protocol/ports.ts';
import { systemClock } from '../../src/workers/doors.ts';

/** A clock on which everything that waits waits `factor` times shorter. */
export function quickClock(factor: number): Clock {
  return {
    wall: systemClock.wall,
    monotonic: () => systemClock.monotonic() * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}
