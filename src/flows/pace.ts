const WINDOW_MS = 10_000;
const LEAST_MS = 5_000; // below it a forecast says more about the start than about the rest
const MIN_GAP_MS = 100;

/** How fast it goes, and how long it will take if that is known well enough. */
export interface Pace {
  readonly bytesPerSecond: number;
  /** rounded to 5 s, 15 s or 1 min; undefined while a forecast would be a guess */
  readonly secondsLeft: number | undefined;
}

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Speed over the last ten seconds, from readings of a counter that only grows. */
export class Speedometer {
  #samples: Sample[] = [];
  #lastForecast: number | undefined;

  /**
   * @param atMs monotonic time
   * @param bytes work done so far; a smaller value than before starts the measurement again
   */
  record(atMs: number, bytes: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && bytes < last.bytes) this.reset();
    else if (last !== undefined && atMs - last.atMs < MIN_GAP_MS) this.#samples.pop();
    // Keep one sample beyond the window, so that the window stays covered.
    while ((this.#samples[1]?.atMs ?? atMs) < atMs - WINDOW_MS) this.#samples.shift();
    this.#samples.push({ atMs, bytes });
  }

  reset(): void {
    this.#samples = [];
    this.#lastForecast = undefined;
  }

  /** @param bytesLeft work that remains, in the unit of `record` */
  pace(bytesLeft: number): Pace | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
    const spanMs = last.atMs - first.atMs;
    const bytesPerSecond = ((last.bytes - first.bytes) * 1000) / spanMs;
    if (bytesPerSecond === 0) return undefined; // empty files, or a standstill
    if (spanMs < LEAST_MS) return { bytesPerSecond, secondsLeft: undefined };
    return { bytesPerSecond, secondsLeft: this.#forecast(bytesLeft / bytesPerSecond) };
  }

  /** Hides a forecast that jumps by more than half, until it has settled. */
  #forecast(seconds: number): number | undefined {
    const before = this.#lastForecast;
    this.#lastForecast = seconds;
    const jumps = before !== undefined && Math.abs(seconds - before) > before / 2 && seconds > 10;
    return jumps ? undefined : roundForecast(seconds);
  }
}

/** Up, to 5 s below a minute, 15 s below a quarter of an hour, else whole minutes. */
export function roundForecast(seconds: number): number {
  const step = seconds <= 60 ? 5 : seconds <= 900 ? 15 : 60;
  return Math.max(step, Math.ceil(seconds / step) * step);
}
