import type { Axis } from '../protocol/axis.ts';
import { geometryFor } from '../protocol/geometry.ts';
import { encodedSliverBytes } from '../protocol/sliver.ts';
import { type CacheEntry, type CacheStore, pieceKey, wholeKey } from './sliver-cache.ts';
import type { IndexRange, SliverTaker } from './sliver-taker.ts';

/** Bytes of a part, unless a single sliver is larger. */
const PART_BYTES = 1 << 20;

/** Takes the slivers of one blob into the cache. */
export class SliverFill implements SliverTaker {
  readonly #store: CacheStore;
  readonly #blobId: string;
  readonly #entry: CacheEntry;
  readonly #whole: Record<Axis, IndexRange[]> = { primary: [], secondary: [] };
  readonly #rows = new Map<number, IndexRange>();
  readonly #columns = new Map<number, IndexRange>();

  constructor(store: CacheStore, blobId: string, entry: CacheEntry) {
    this.#store = store;
    this.#blobId = blobId;
    this.#entry = entry;
  }

  async whole(axis: Axis, begin: number, slivers: ArrayBuffer): Promise<void> {
    const { shardCount, unencodedBytes } = this.#entry;
    const geometry = geometryFor(shardCount, unencodedBytes);
    const bytes = encodedSliverBytes(axis === 'primary' ? geometry.rowBytes : geometry.columnBytes);
    const count = slivers.byteLength / bytes;
    const step = Math.max(1, Math.floor(PART_BYTES / bytes));
    for (let at = 0; at < count; at += step) {
      const end = Math.min(count, at + step);
      const part = slivers.slice(at * bytes, end * bytes);
      await this.#put(wholeKey(this.#blobId, axis, begin + at), part);
      this.#whole[axis].push({ begin: begin + at, end: begin + end });
    }
  }

  async piece(rows: IndexRange, columns: IndexRange, symbols: ArrayBuffer): Promise<void> {
    await this.#put(pieceKey(this.#blobId, rows.begin, columns.begin), symbols);
    this.#rows.set(rows.begin, rows);
    this.#columns.set(columns.begin, columns);
  }

  /** The same once more, after what was given came to nothing. */
  again(): SliverFill {
    return new SliverFill(this.#store, this.#blobId, this.#entry);
  }

  /** Says that everything was given and is right: from now on the slivers can be read. */
  async complete(): Promise<void> {
    const layout = {
      primary: ascending(this.#whole.primary),
      secondary: ascending(this.#whole.secondary),
      rows: ascending(this.#rows.values()),
      columns: ascending(this.#columns.values()),
    };
    const value = { ...this.#entry, layout };
    await this.#store.commit([{ store: 'entries', key: this.#blobId, value }], 'relaxed');
  }

  #put(key: string, value: ArrayBuffer): Promise<void> {
    return this.#store.commit([{ store: 'parts', key, value }], 'relaxed');
  }
}

function ascending(ranges: Iterable<IndexRange>): readonly IndexRange[] {
  return [...ranges].sort((a, b) => a.begin - b.begin);
}
