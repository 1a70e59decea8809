/** What was seen of a node once; absent `ms`: it did not answer as it should. */
export interface WeatherMark {
  readonly ms?: number;
}

export interface WeatherPicture {
  /** SVG path data: bars as high as the delay */
  readonly bars: string;
  /** SVG path data: notches where it did not answer */
  readonly faults: string;
  readonly width: number;
  readonly height: number;
}

const BAR = 4;
const GAP = 1;
const HEIGHT = 20;
const LEAST_MS = 10;
const MOST_MS = 10_000;
const LOWEST = 2;

/**
 * One bar for each time a node was asked, oldest first. The height is the delay on a log scale from 10 ms to 10 s.
 *
 * @param room marks that there is room for; the picture is always as wide
 */
export function drawWeather(marks: readonly WeatherMark[], room: number): WeatherPicture {
  const shown = marks.slice(-room);
  let bars = '';
  let faults = '';
  for (const [at, { ms }] of shown.entries()) {
    const x = (room - shown.length + at) * (BAR + GAP);
    if (ms === undefined) faults += `M${x} 0h${BAR}l${-BAR / 2} ${BAR * 1.5}z`;
    else {
      const high = heightOf(ms);
      bars += `M${x} ${HEIGHT - high}h${BAR}v${high}h${-BAR}z`;
    }
  }
  return { bars, faults, width: room * (BAR + GAP) - GAP, height: HEIGHT };
}

function heightOf(ms: number): number {
  const part = Math.log(Math.max(LEAST_MS, ms) / LEAST_MS) / Math.log(MOST_MS / LEAST_MS);
  return Math.round(LOWEST + Math.min(1, part) * (HEIGHT - LOWEST));
}
