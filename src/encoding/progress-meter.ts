import type { EncodeProgress } from '../protocol/blob-summary.ts';
import type { Geometry } from '../protocol/geometry.ts';
import type { Clock } from '../protocol/ports.ts';
import type { Range } from './tasks.ts';

const INTERVAL_MS = 100; // at most ten calls a second
/** Share of the work that lies in the rows; the rest is columns with their hashes. */
const ROW_SHARE = 0.08;
/** The same where the rows read and store all of a large file. */
const WHOLE_ROW_SHARE = 0.45;

/** Tells a listener how far an encoding is: seldom, and never backwards. */
export class ProgressMeter {
  readonly #geometry: Geometry;
  readonly #listener: (progress: EncodeProgress) => void;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #lastMs = Number.NEGATIVE_INFINITY;
  #rowShare = ROW_SHARE;
  #rowsDone = 0;
  #columnsDone = 0;
  #bytesDone = 0;
  #ranges: [number, number][] = [];

  constructor(
    geometry: Geometry,
    listener: (progress: EncodeProgress) => void,
    clock: Pick<Clock, 'monotonic'>,
  ) {
    this.#geometry = geometry;
    this.#listener = listener;
    this.#clock = clock;
  }

  /**
   * The job waits, for the first time or again.
   *
   * @param wholeRows whether the rows store all that the columns need
   */
  queued(wholeRows = false): void {
    this.#rowShare = wholeRows ? WHOLE_ROW_SHARE : ROW_SHARE;
    this.#rowsDone = 0;
    this.#columnsDone = 0;
    this.#ranges = [];
    this.#tell('queued', true);
  }

  rows({ begin, end }: Range): void {
    const { rowsUsed } = this.#geometry;
    this.#rowsDone += Math.max(0, Math.min(end, rowsUsed) - begin);
    this.#tell('rows', false);
  }

  columns(range: Range): void {
    this.#columnsDone += range.end - range.begin;
    this.#ranges = insertRange(this.#ranges, range);
    this.#tell('columns', false);
  }

  /** Everything is done; the listener is told whatever the time. */
  finished(): void {
    this.#tell('finishing', true);
  }

  #tell(phase: EncodeProgress['phase'], always: boolean): void {
    const now = this.#clock.monotonic();
    if (!always && now - this.#lastMs < INTERVAL_MS) return;
    this.#lastMs = now;
    const { rowsUsed, shardCount, blobBytes } = this.#geometry;
    const rowsDone = this.#rowsDone / rowsUsed;
    const columnShare = this.#columnsDone / shardCount;
    const share = this.#rowShare * rowsDone + (1 - this.#rowShare) * columnShare;
    const bytes = columnShare === 1 ? blobBytes : Math.floor(share * blobBytes);
    this.#bytesDone = Math.max(this.#bytesDone, bytes);
    this.#listener({
      phase,
      bytesDone: this.#bytesDone,
      bytesTotal: blobBytes,
      rowsDone: this.#rowsDone,
      rowCount: rowsUsed,
      columnsDone: this.#columnsDone,
      columnCount: shardCount,
      columnRanges: this.#ranges.map(([begin, end]) => [begin, end] as const),
    });
  }
}

/** Adds a range to ascending ones that it does not overlap, joining neighbours. */
export function insertRange(
  ranges: readonly (readonly [number, number])[],
  { begin, end }: Range,
): [number, number][] {
  const sorted = [...ranges, [begin, end] as const].sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && last[1] === from) last[1] = to;
    else joined.push([from, to]);
  }
  return joined;
}
