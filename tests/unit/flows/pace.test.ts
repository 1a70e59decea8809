import { describe, expect, it } from 'vitest';
import { roundForecast, Speedometer } from '../../../src/flows/pace.ts';

/** Records a steady speed, ten readings a second. */
function run(meter: Speedometer, fromMs: number, toMs: number, bytesAt: (ms: number) => number) {
  for (let ms = fromMs; ms <= toMs; ms += 100) meter.record(ms, bytesAt(ms));
}

describe('Speedometer', () => {
  it('knows nothing from one reading', () => {
    const meter = new Speedometer();
    meter.record(0, 0);
    expect(meter.pace(100)).toBeUndefined();
  });

  it('gives no speed where nothing moves', () => {
    const meter = new Speedometer();
    run(meter, 0, 6000, () => 5);
    expect(meter.pace(100)).toBeUndefined();
  });

  it('gives the speed at once, but time left only after five seconds', () => {
    const meter = new Speedometer();
    run(meter, 0, 4900, (ms) => ms * 10);
    expect(meter.pace(1e6)).toEqual({ bytesPerSecond: 10_000, secondsLeft: undefined });
    run(meter, 5000, 5000, (ms) => ms * 10);
    expect(meter.pace(100_000)).toEqual({ bytesPerSecond: 10_000, secondsLeft: 10 });
  });

  it('looks at the last ten seconds only', () => {
    const meter = new Speedometer();
    run(meter, 0, 20_000, (ms) => ms); // slow
    run(meter, 20_100, 31_000, (ms) => 20_000 + (ms - 20_000) * 100);
    expect(meter.pace(1)?.bytesPerSecond).toBeGreaterThan(95_000);
  });

  it('hides a forecast that jumps by more than half, until it has settled', () => {
    const meter = new Speedometer();
    run(meter, 0, 6000, (ms) => ms * 10);
    expect(meter.pace(1_000_000)?.secondsLeft).toBe(105);
    expect(meter.pace(4_000_000)?.secondsLeft).toBeUndefined();
    expect(meter.pace(4_000_000)?.secondsLeft).toBe(405);
  });

  it('starts again when the counter goes back', () => {
    const meter = new Speedometer();
    run(meter, 0, 6000, (ms) => ms * 10);
    meter.record(6100, 0);
    expect(meter.pace(100)).toBeUndefined();
  });
});

describe('roundForecast', () => {
  it.each([
    [0.2, 5],
    [12, 15],
    [59, 60],
    [61, 75],
    [700, 705],
    [1000, 1020],
  ])('rounds %d s up to %d s', (seconds, rounded) => {
    expect(roundForecast(seconds)).toBe(rounded);
  });
});
