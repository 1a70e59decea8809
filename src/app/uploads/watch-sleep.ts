import type { Clock } from '../../protocol/ports.ts';

const LOOK_MS = 5_000;
/** Timers of hidden pages come once a minute: only what is far longer was sleep. */
const SLEPT_MS = 180_000;

/** Calls `onWake` with the time in ms for which the device, or this page, was asleep. Never ends. */
export async function watchSleep(
  clock: Pick<Clock, 'wall' | 'sleep'>,
  onWake: (ms: number) => void,
): Promise<never> {
  for (;;) {
    const beforeMs = clock.wall();
    await clock.sleep(LOOK_MS);
    const passedMs = clock.wall() - beforeMs;
    if (passedMs > SLEPT_MS) onWake(passedMs);
  }
}
