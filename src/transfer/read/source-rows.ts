import { OVER } from '../over.ts';
import { type BlobSource, sourceName } from './blob-source.ts';
import { firstFound } from './first-found.ts';
import type { ReadDoors } from './read-types.ts';
import { type SourceReadOptions, SourceStream } from './source-stream.ts';

/** Sources that nodes were faster than in so many rows, one after another, are left. */
const MOST_BEATEN = 2;

/** How a row is asked for. */
export interface SourceRowOptions {
  /** fires when it is not needed any more: somebody else was faster */
  readonly signal: AbortSignal;
  /** called when it is its turn and it takes longer than it should, or the one before it did */
  late(): void;
}

/**
 * Rows of one blob from sources that have it as a whole: all are asked for the first row, and who gives it first is read
 * on, until it fails, lies or is too slow; then the others are asked. A wrong row is found as such, and is to be had
 * elsewhere.
 */
export class SourceRows {
  readonly #doors: ReadDoors;
  readonly #rowBytes: number;
  readonly #streams: readonly SourceStream[];
  #chosen: SourceStream | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isLate = false;
  #beaten = 0;

  constructor(options: SourceReadOptions, sources: readonly BlobSource[], signal: AbortSignal) {
    this.#doors = options.doors;
    this.#rowBytes = options.blob.geometry.rowBytes;
    const ranked = options.doors.health.ranked(sources, sourceName);
    this.#streams = ranked.map((source) => new SourceStream(options, source));
    signal.addEventListener('abort', () => {
      for (const stream of this.#streams) stream.close();
    });
  }

  /**
   * A row as verified BCS SliverData; rows are asked for in ascending order, and given one after another.
   *
   * @returns undefined if no source gives it
   * @throws HauloutError that is no source's fault
   */
  row(index: number, options: SourceRowOptions): Promise<Uint8Array | undefined> {
    const row = this.#last.then(() => this.#timed(index, options));
    this.#last = row.catch(() => undefined);
    return row;
  }

  async #timed(
    index: number,
    { signal, late: tell }: SourceRowOptions,
  ): Promise<Uint8Array | undefined> {
    const asked = this.#alive;
    if (asked.length === 0 || signal.aborted || this.#beaten >= MOST_BEATEN) return undefined;
    const { clock, health } = this.#doors;
    const patience = asked.map(({ name }) => health.patienceMs(name, this.#rowBytes));
    const watch = new AbortController();
    const late = () => {
      this.#isLate = true;
      tell();
    };
    if (this.#isLate) tell();
    void clock.sleep(Math.min(...patience), watch.signal).then(late, () => undefined);
    try {
      const sliver = await this.#row(index, signal);
      if (sliver !== undefined) {
        this.#isLate = false;
        this.#beaten = 0;
      } else if (signal.aborted) {
        this.#beaten++;
        this.#chosen = undefined;
      }
      return sliver;
    } finally {
      watch.abort(OVER);
    }
  }

  async #row(index: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const found = await this.#chosen?.row(index, signal);
    if (found !== undefined) return found;
    if (this.#chosen?.isDead) this.#chosen = undefined;
    const others = this.#alive.filter((each) => each !== this.#chosen);
    const over = new AbortController();
    const both = AbortSignal.any([signal, over.signal]);
    const runs = others.map(async (stream) => {
      const sliver = await stream.row(index, both);
      return sliver && { stream, sliver };
    });
    const first = await firstFound(runs);
    over.abort(OVER);
    this.#chosen ??= first?.stream;
    for (const stream of others) if (stream !== this.#chosen) stream.close();
    return first?.sliver;
  }

  get #alive(): readonly SourceStream[] {
    return this.#streams.filter(({ isDead }) => !isDead);
  }
}
