import { HauloutError } from '../../protocol/errors.ts';
import { symbolsPerSliver } from '../../protocol/geometry.ts';
import { sliverHash } from '../../protocol/metadata.ts';
import { sameBytes } from '../../protocol/same-bytes.ts';
import { decodeSliver, encodeSliver } from '../../protocol/sliver.ts';
import type { BlobSource } from './blob-source.ts';
import { gather } from './gather.ts';
import { addressOf, holdersOf } from './holders.ts';
import type { OpenBlob, ReadDoors, ReadTally, RowNews, RowOrigin } from './read-types.ts';
import { recoverRow, symbolBytesOnWire } from './recover-row.ts';
import { SliverReads } from './sliver-reads.ts';

/** Rows up to so many bytes are fetched before they are wanted; two of them in any case. */
const AHEAD_BYTES = 12 << 20;
/** Blobs up to this size are decoded as a whole where that is cheaper: it takes them into memory. */
const DECODE_BYTES = 64 << 20;
/** Between rounds in which not enough slivers were to be had. */
const PAUSES_MS = [0, 300, 1_000, 3_000];

/** Rows `begin..end` of a blob. */
export interface RowRange {
  readonly begin: number;
  readonly end: number;
}

export interface RowReaderOptions {
  /** who is asked before nodes are; none is trusted */
  readonly sources?: readonly BlobSource[];
  /** rows that are fetched before they are wanted; as many as fit a few MiB if absent */
  readonly readAhead?: number | undefined;
  /** told of each row when it is handed out */
  readonly onRow?: ((news: RowNews) => void) | undefined;
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
  readonly #signal: AbortSignal;
  readonly #rows: RowRange;
  /** rows under way or waiting, with the one that is wanted */
  readonly #window: number;
  readonly #onRow: (news: RowNews) => void;
  /** verified primary slivers by index, as far as they are kept for decoding */
  readonly #held = new Map<number, Uint8Array>();
  readonly #missing = new Set<number>();
  #decoding: Promise<Uint8Array> | undefined;

  constructor(
    doors: ReadDoors,
    blob: OpenBlob,
    rows: RowRange,
    { sources = [], readAhead, onRow, tally, signal }: RowReaderOptions,
  ) {
    this.#doors = doors;
    this.#blob = blob;
    this.#rows = rows;
    this.#tally = tally;
    this.#signal = signal;
    const { blobBytes, rowBytes } = blob.geometry;
    this.#window = 1 + (readAhead ?? Math.max(1, Math.floor(AHEAD_BYTES / rowBytes) - 1));
    this.#onRow = onRow ?? (() => undefined);
    const end = Math.min(blobBytes, rows.end * rowBytes);
    this.#slivers = new SliverReads(doors, blob, { sources, end, tally, signal });
  }

  /**
   * The rows in order. A few are fetched ahead of the one that is taken.
   *
   * @throws HauloutError 'not-enough-slivers', 'blob-inconsistent', 'aborted', 'chain-unavailable'
   */
  async *read(): AsyncGenerator<Row, void> {
    const { begin, end } = this.#rows;
    const rowCount = this.#zeroRows.begin;
    const coming: Promise<Row>[] = [];
    let next = begin;
    for (let index = begin; index < end; index++) {
      for (; next < Math.min(end, index + this.#window); next++) {
        const row = this.#row(next);
        row.catch(() => undefined); // told when it is its turn
        coming.push(row);
      }
      const row = await (coming.shift() as Promise<Row>);
      const wrongFrom = this.#tally.give(index, row.origin);
      this.#onRow({ index, rowCount, origin: row.origin, wrongFrom });
      yield row;
    }
  }

  /**
   * Checks that all rows behind the blob's end are the zeros that they must be.
   *
   * @throws HauloutError 'blob-inconsistent'
   */
  async checkZeroRows(): Promise<void> {
    const { blobId, geometry, commitments } = this.#blob;
    const { begin, end } = this.#zeroRows;
    if (begin === end) return;
    const hash = sliverHash(commitments, 'primary', begin);
    const isSame = (index: number) =>
      hash !== undefined && sameBytes(hash, sliverHash(commitments, 'primary', index));
    for (let index = begin; index < end; index++) {
      if (!isSame(index)) throw new HauloutError('blob-inconsistent', { blobId });
    }
    const data = new Uint8Array(geometry.rowBytes);
    const sliver = encodeSliver({ data, symbolBytes: geometry.symbolBytes, sliverIndex: begin });
    await this.#slivers.verify(begin, sliver).catch((cause: unknown) => {
      throw isMismatch(cause)
        ? new HauloutError('blob-inconsistent', { blobId }, { cause })
        : cause;
    });
  }

  get #zeroRows(): RowRange {
    const { blobBytes, rowBytes, rowCount } = this.#blob.geometry;
    return { begin: Math.ceil(blobBytes / rowBytes), end: rowCount };
  }

  async #row(index: number): Promise<Row> {
    const direct = this.#slivers.fetch(index, { order: index, insists: false });
    const first = await Promise.race([direct.result, direct.late]);
    if (first !== undefined) return this.#take(index, first.sliver, first.origin);
    const rebuilt = this.#rebuilt(index);
    const late = direct.result.then((found) =>
      found === undefined ? rebuilt : this.#take(index, found.sliver, found.origin),
    );
    rebuilt.catch(() => undefined);
    const row = await Promise.any([late, rebuilt]).catch(() => rebuilt);
    direct.cancel();
    return row;
  }

  #take(index: number, sliver: Uint8Array, origin: RowOrigin): Row {
    this.#missing.delete(index);
    // What is given may be changed or moved away by who takes it.
    if (this.#keeps) this.#held.set(index, sliver.slice());
    return { index, data: decodeSliver(sliver).data, origin };
  }

  get #keeps(): boolean {
    return this.#blob.geometry.blobBytes <= DECODE_BYTES || this.#decoding !== undefined;
  }

  /** A row that its holder does not give, or not soon: the cheaper way first, then the other. */
  async #rebuilt(index: number): Promise<Row> {
    this.#missing.add(index);
    if (!this.#symbolsAreCheaper()) return this.#fromDecoded(index);
    const sliver = await recoverRow(
      ...([this.#doors, this.#blob, index, this.#tally, this.#signal] as const),
    );
    if (sliver === undefined) return this.#fromDecoded(index);
    await this.#slivers.verify(index, sliver);
    this.#slivers.keep(index, sliver);
    return this.#take(index, sliver, 'recovered');
  }

  #symbolsAreCheaper(): boolean {
    if (this.#decoding !== undefined) return false;
    const { geometry } = this.#blob;
    if (geometry.blobBytes > DECODE_BYTES) return true;
    const symbols = symbolsPerSliver(geometry, 'primary') * symbolBytesOnWire(this.#blob);
    const wanted = this.#rows.end - this.#rows.begin - this.#missing.size;
    const zeros = this.#zeroRows.end - this.#zeroRows.begin;
    const others = Math.max(1, geometry.rowCount - zeros - wanted);
    return this.#missing.size * symbols < others * geometry.rowBytes;
  }

  async #fromDecoded(index: number): Promise<Row> {
    this.#decoding ??= this.#decode();
    const blob = await this.#decoding;
    const { rowBytes, symbolBytes } = this.#blob.geometry;
    const data = new Uint8Array(rowBytes);
    data.set(blob.subarray(index * rowBytes, (index + 1) * rowBytes));
    this.#slivers.keep(index, encodeSliver({ data, symbolBytes, sliverIndex: index }));
    return { index, data, origin: 'decoded' };
  }

  /** The whole blob from any primary slivers that are enough. */
  async #decode(): Promise<Uint8Array> {
    const { geometry, blobId, shardCount, metadata } = this.#blob;
    const { rowCount, rowBytes, symbolBytes } = geometry;
    await this.checkZeroRows();
    const data = new Uint8Array(rowBytes);
    const zeros = this.#zeroRows;
    for (let sliverIndex = zeros.begin; sliverIndex < zeros.end; sliverIndex++) {
      this.#held.set(sliverIndex, encodeSliver({ data, symbolBytes, sliverIndex }));
    }
    for (const pauseMs of PAUSES_MS) {
      if (pauseMs > 0) await this.#doors.clock.sleep(pauseMs, this.#signal);
      await this.#collect(rowCount);
      if (this.#held.size >= rowCount) break;
    }
    if (this.#held.size < rowCount) throw this.#slivers.shortOf(this.#held.size, rowCount);
    return this.#doors.verifier.decodeBlob({
      ...{ blobId, shardCount, metadata, axis: 'primary', signal: this.#signal },
      slivers: [...this.#held.values()],
    });
  }

  /** Fetches slivers until as many are held as decoding takes, or nobody has more. */
  async #collect(need: number): Promise<void> {
    const held = this.#held;
    await gather(
      {
        need: need - held.size,
        candidates: await this.#candidates(),
        promises: () => 1,
        ask: async (index: number, signal, late) => {
          if (held.has(index)) return 1; // it came meanwhile
          const options = { order: index, insists: true };
          const read = this.#slivers.fetch(index, options);
          void read.late.then(late);
          signal.addEventListener('abort', read.cancel, { once: true });
          const found = await read.result;
          if (found !== undefined) held.set(index, found.sliver);
          return found === undefined ? 0 : 1;
        },
      },
      this.#signal,
    );
  }

  /** Slivers that are not held: those of the read first, and of nodes that do well before others. */
  async #candidates(): Promise<readonly number[]> {
    const { shardCount } = this.#blob;
    const committee = await this.#doors.committees();
    const isDoubtful = (index: number) => {
      const { shard } = addressOf(this.#blob, 'primary', index);
      return holdersOf(committee, shard).every(({ nodeId }) =>
        this.#doors.health.isDoubtful(nodeId),
      );
    };
    const all = Array.from({ length: shardCount }, (_, index) => index);
    const open = all.filter((index) => !this.#held.has(index));
    const doubtful = new Set(open.filter(isDoubtful));
    return [...open.filter((index) => !doubtful.has(index)), ...doubtful];
  }
}

function isMismatch(error: unknown): boolean {
  return error instanceof HauloutError && error.code === 'sliver-mismatch';
}
