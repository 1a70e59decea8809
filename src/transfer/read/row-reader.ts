import { symbolsPerSliver } from '../../protocol/geometry.ts';
import { decodeSliver } from '../../protocol/sliver.ts';
import type { BlobSource } from './blob-source.ts';
import { PAUSES_MS } from './pauses.ts';
import type { OpenBlob, ReadDoors, ReadTally, RowNews, RowOrigin } from './read-types.ts';
import { recoverRow, symbolBytesOnWire } from './recover-row.ts';
import { RowDecoder } from './row-decoder.ts';
import { SliverReads, type VerifiedSliver } from './sliver-reads.ts';
import { checkZeroRows, type RowRange, zeroRows } from './zero-rows.ts';

/** Rows up to so many bytes are fetched before they are wanted; two of them in any case. */
const AHEAD_BYTES = 12 << 20;
/** No more than this, until the first row is there: it does not share the line with what comes behind it. */
const FIRST_BYTES = 1 << 20;
/** Blobs up to this size are decoded as a whole where that is cheaper: it takes them into memory. */
const DECODE_BYTES = 64 << 20;

export interface RowReaderOptions {
  /** who is asked before nodes are; none is trusted */
  readonly sources?: readonly BlobSource[];
  /** rows that are fetched before they are wanted; as many as fit a few MiB, and all reckoned with, if absent */
  readonly readAhead?: number | undefined;
  /** told of each row when it is handed out */
  readonly onRow?: ((news: RowNews) => void) | undefined;
  /** larger blobs are decoded as a whole only where nothing else gives a row; 64 MiB if absent */
  readonly decodeBytes?: number;
  readonly tally: ReadTally;
  /** ends the read */
  readonly signal: AbortSignal;
}

/** A row of the blob, verified. */
export interface Row {
  readonly index: number;
  /** `rowBytes` of the geometry, with the zeros behind the blob's end */
  readonly data: Uint8Array;
  readonly origin: RowOrigin;
  /** who gave it, where a node did */
  readonly nodeId?: string | undefined;
}

/**
 * Reads rows of one blob: each from who should have it, and where that fails or takes too long, rebuilt from what others
 * have. Everything is verified before it is given.
 */
export class RowReader {
  readonly #doors: ReadDoors;
  readonly #blob: OpenBlob;
  readonly #tally: ReadTally;
  readonly #slivers: SliverReads;
  readonly #decoder: RowDecoder;
  readonly #signal: AbortSignal;
  readonly #rows: RowRange;
  readonly #isLarge: boolean;
  /** rows under way or waiting, with the one that is wanted */
  readonly #window: number;
  /** rows that are reckoned to be taken */
  readonly #likely: number;
  readonly #onRow: (news: RowNews) => void;
  readonly #missing = new Set<number>();

  constructor(doors: ReadDoors, blob: OpenBlob, rows: RowRange, options: RowReaderOptions) {
    const { sources = [], readAhead, onRow, decodeBytes = DECODE_BYTES, tally, signal } = options;
    this.#doors = doors;
    this.#blob = blob;
    this.#rows = rows;
    this.#tally = tally;
    this.#signal = signal;
    const { blobBytes, rowBytes } = blob.geometry;
    this.#isLarge = blobBytes > decodeBytes;
    this.#window = 1 + (readAhead ?? Math.max(1, Math.floor(AHEAD_BYTES / rowBytes) - 1));
    const isTold = readAhead !== undefined; // then it may end after any row
    this.#likely = Math.min(rows.end - rows.begin, isTold ? this.#window : rows.end);
    this.#onRow = onRow ?? (() => undefined);
    const end = Math.min(blobBytes, rows.end * rowBytes);
    this.#slivers = new SliverReads(doors, blob, { sources, end, tally, signal });
    this.#decoder = new RowDecoder(doors, blob, { slivers: this.#slivers, decodeBytes, signal });
  }

  /**
   * The rows in order. A few are fetched ahead of the one that is taken.
   *
   * @throws HauloutError 'not-enough-slivers', 'blob-inconsistent', 'aborted', 'chain-unavailable'
   */
  async *read(): AsyncGenerator<Row, void> {
    const { begin, end } = this.#rows;
    const { begin: rowCount } = zeroRows(this.#blob.geometry);
    const coming: Promise<Row>[] = [];
    let next = begin;
    const startUntil = (last: number) => {
      for (; next < Math.min(end, last); next++) {
        const row = this.#row(next);
        row.catch(() => undefined); // told when it is its turn
        coming.push(row);
      }
    };
    const first = Math.max(1, Math.floor(FIRST_BYTES / this.#blob.geometry.rowBytes));
    startUntil(begin + Math.min(first, this.#window));
    await this.#first(coming);
    for (let index = begin; index < end; index++) {
      startUntil(index + this.#window);
      const row = await (coming.shift() as Promise<Row>);
      const { origin, nodeId } = row;
      this.#onRow({ index, rowCount, origin, nodeId, ...this.#tally.give(index, origin) });
      yield row;
    }
  }

  /** Waits for the first row; no longer than the line is busy with others, as who should give it may be dead. */
  async #first([row, ...others]: readonly Promise<Row>[]): Promise<void> {
    if (others.length === 0) await row;
    else await Promise.race([row, Promise.allSettled(others)]);
  }

  /** See `checkZeroRows`. */
  checkZeroRows(): Promise<void> {
    return checkZeroRows(this.#blob, (index, sliver) => this.#slivers.verify(index, sliver));
  }

  async #row(index: number): Promise<Row> {
    if (this.#decoder.isDecoded) return this.#decoded(index);
    const direct = this.#slivers.fetch(index, { order: index, insists: false });
    const first = await Promise.race([direct.result, direct.late]);
    if (first !== undefined) return this.#take(index, first);
    const over = new AbortController();
    const rebuilt = this.#rebuilt(index, AbortSignal.any([this.#signal, over.signal]));
    rebuilt.catch(() => undefined);
    const late = direct.result.then((found) =>
      found === undefined ? rebuilt : this.#take(index, found),
    );
    const row = await Promise.any([late, rebuilt]).catch(() => rebuilt);
    over.abort();
    direct.cancel();
    return row;
  }

  #take(index: number, { sliver, ...from }: VerifiedSliver): Row {
    this.#missing.delete(index);
    this.#decoder.hold(index, sliver);
    return { index, data: decodeSliver(sliver).data, ...from };
  }

  /** A row that its holder does not give, or not soon: the cheaper way first, then the other. */
  async #rebuilt(index: number, signal: AbortSignal): Promise<Row> {
    this.#missing.add(index);
    if (!this.#symbolsAreCheaper()) return this.#decoded(index);
    for (const pauseMs of this.#isLarge ? PAUSES_MS : [0]) {
      if (pauseMs > 0) await this.#doors.clock.sleep(pauseMs, signal);
      const row = (await this.#recovered(index, signal)) ?? (await this.#insisted(index));
      if (row !== undefined) return row;
    }
    return this.#decoded(index);
  }

  async #recovered(index: number, signal: AbortSignal): Promise<Row | undefined> {
    const sliver = await recoverRow(this.#doors, this.#blob, index, this.#tally, signal);
    if (sliver === undefined) return undefined;
    await this.#slivers.verify(index, sliver, signal);
    this.#slivers.keep(index, sliver);
    return this.#take(index, { sliver, origin: 'recovered' });
  }

  /** Of a large blob: the row from those who should have it, also if they failed or lied lately. */
  async #insisted(index: number): Promise<Row | undefined> {
    if (!this.#isLarge) return undefined;
    const found = await this.#slivers.fetch(index, { order: index, insists: true }).result;
    return found && this.#take(index, found);
  }

  async #decoded(index: number): Promise<Row> {
    return { index, data: await this.#decoder.row(index), origin: 'decoded' };
  }

  #symbolsAreCheaper(): boolean {
    if (this.#decoder.isBegun) return false;
    if (this.#isLarge) return true;
    const { geometry } = this.#blob;
    const symbols = symbolsPerSliver(geometry, 'primary') * symbolBytesOnWire(this.#blob);
    const wanted = Math.max(0, this.#likely - this.#missing.size);
    const zeros = zeroRows(geometry);
    const others = Math.max(1, geometry.rowCount - (zeros.end - zeros.begin) - wanted);
    return this.#missing.size * symbols < others * geometry.rowBytes;
  }
}
