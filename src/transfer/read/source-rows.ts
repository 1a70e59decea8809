import { type BlobSource, sourceName } from './blob-source.ts';
import { type SourceReadOptions, SourceStream } from './source-stream.ts';

/**
 * Rows of one blob from sources that have it as a whole: all are asked for the first row, and who gives it first is read
 * on, until it fails or lies; then the others are asked. A wrong row is found as such, and is to be had elsewhere.
 */
export class SourceRows {
  readonly #streams: readonly SourceStream[];
  #chosen: SourceStream | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SourceReadOptions, sources: readonly BlobSource[], signal: AbortSignal) {
    const ranked = options.doors.health.ranked(sources, sourceName);
    this.#streams = ranked.map((source) => new SourceStream(options, source, signal));
    signal.addEventListener('abort', () => {
      for (const stream of this.#streams) stream.rest();
    });
  }

  /**
   * A row as verified BCS SliverData; rows are asked for in ascending order.
   *
   * @returns undefined if no source gives it
   * @throws HauloutError 'aborted', and those that are no source's fault
   */
  row(index: number): Promise<Uint8Array | undefined> {
    const row = this.#last.then(() => this.#row(index));
    this.#last = row.catch(() => undefined);
    return row;
  }

  async #row(index: number): Promise<Uint8Array | undefined> {
    const found = await this.#chosen?.row(index);
    if (found !== undefined) return found;
    const others = this.#streams.filter((each) => each !== this.#chosen && !each.isDead);
    if (this.#chosen?.isDead) this.#chosen = undefined;
    const runs = others.map(async (stream) => {
      const sliver = await stream.row(index);
      if (sliver === undefined) throw new Error('another one');
      return { stream, sliver };
    });
    const first = await Promise.any(runs).catch(() => undefined);
    this.#chosen ??= first?.stream;
    for (const stream of others) if (stream !== this.#chosen) stream.rest();
    return first?.sliver;
  }
}
