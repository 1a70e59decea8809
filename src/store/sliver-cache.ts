import type { Axis } from '../protocol/axis.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { type Geometry, geometryFor } from '../protocol/geometry.ts';
import type { DurableStore, Row } from '../protocol/ports.ts';
import { encodedSliverBytes } from '../protocol/sliver.ts';
import { CachedSlivers } from './cached-slivers.ts';
import { SliverFill } from './sliver-fill.ts';
import type { IndexRange } from './sliver-taker.ts';

/** What is kept of one blob's slivers. */
export interface CacheEntry {
  readonly shardCount: number;
  readonly unencodedBytes: number;
  /** what all its parts take */
  readonly bytes: number;
  /** pinned entries are never evicted: uploads that are under way */
  readonly pinned: boolean;
  /** grows with each opening, over all entries: the least one was not read for the longest time */
  readonly readOrder: number;
  /** present once every sliver is there */
  readonly layout?: SliverLayout;
}

/** How the slivers of a blob are cut into parts. All ranges ascend. */
export interface SliverLayout {
  /** whole slivers, by their index */
  readonly primary: readonly IndexRange[];
  readonly secondary: readonly IndexRange[];
  /** repair rows, each cut into the same pieces of columns */
  readonly rows: readonly IndexRange[];
  readonly columns: readonly IndexRange[];
}

export interface CacheStores {
  /** by blob ID */
  readonly entries: CacheEntry;
  /** see `wholeKey`, `pieceKey` */
  readonly parts: ArrayBuffer;
}

export type CacheStore = DurableStore<CacheStores>;

export interface CachedBlob {
  readonly blobId: string;
  readonly shardCount: number;
  readonly unencodedBytes: number;
}

export interface CacheShortage {
  readonly neededBytes: number;
  readonly freeBytes: number;
}

export interface SliverCacheOptions {
  readonly store: CacheStore;
  /** bytes that all slivers together may take; asked before each blob */
  budgetBytes(): Promise<number>;
  /** of so many bytes those that can really be written: the budget may rest on an estimate that is far too high */
  readonly roomFor?: ((bytes: number) => Promise<number>) | undefined;
}

const ALL = { begin: '', end: '\uffff' };
const DELETES_AT_ONCE = 256;

export const wholeKey = (blobId: string, axis: Axis, begin: number) => `${blobId}/${axis}/${begin}`;
export const pieceKey = (blobId: string, row: number, column: number) =>
  `${blobId}/rows/${row}/${column}`;

/** Slivers of blobs, as long as there is room; those of uploads under way before others. */
export class SliverCache {
  readonly #store: CacheStore;
  readonly #options: SliverCacheOptions;

  constructor(options: SliverCacheOptions) {
    this.#options = options;
    this.#store = options.store;
  }

  /** The slivers of a blob if all of them are there, and counts as reading them. Pins them if asked. */
  async open(blobId: string, { pin = false } = {}): Promise<CachedSlivers | undefined> {
    const row = await this.#store.get('entries', blobId);
    if (row?.value.layout === undefined) return undefined;
    const readOrder = nextOrder(await this.#entries());
    await this.#change(row, { readOrder, pinned: pin || row.value.pinned });
    return new CachedSlivers(this.#store, blobId, row.value.layout);
  }

  /**
   * Makes room for a blob and takes its slivers; until all of them are there it has none. It is
   * pinned until `unpin`.
   *
   * @throws HauloutError 'store-full' if there is no room beside what is pinned
   */
  async fill(blobId: string, shardCount: number, unencodedBytes: number): Promise<SliverFill> {
    await this.remove(blobId);
    const bytes = sliverTotal(geometryFor(shardCount, unencodedBytes));
    await this.#makeRoom(bytes);
    const readOrder = nextOrder(await this.#entries());
    const entry = { shardCount, unencodedBytes, bytes, pinned: true, readOrder };
    await this.#store.commit([{ store: 'entries', key: blobId, value: entry }], 'relaxed');
    return new SliverFill(this.#store, blobId, entry);
  }

  /** Lets the slivers of a blob be evicted when room is needed. */
  async unpin(blobId: string): Promise<void> {
    const row = await this.#store.get('entries', blobId);
    if (row?.value.pinned) await this.#change(row, { pinned: false });
  }

  async remove(blobId: string): Promise<void> {
    // The entry goes first: what is left of the parts after a crash is found by its absence.
    await this.#store.commit([{ store: 'entries', key: blobId, value: undefined }], 'relaxed');
    await this.#removeParts({ begin: `${blobId}/`, end: `${blobId}0` });
  }

  /** Removes parts without an entry, which a crash in the middle of a removal leaves. */
  async sweep(): Promise<void> {
    const known = new Set((await this.#entries()).map(({ key }) => key));
    const keys = await this.#store.keys('parts', ALL);
    const lost = new Set(keys.map((key) => key.split('/')[0] ?? '').filter((id) => !known.has(id)));
    for (const blobId of lost) await this.remove(blobId);
  }

  /** Bytes of all blobs that are kept. */
  async usedBytes(): Promise<number> {
    return sumBytes(await this.#entries());
  }

  /**
   * IDs of those blobs that are here, or will find room here beside what is pinned, if they come in
   * this order.
   */
  async fitting(blobs: readonly CachedBlob[]): Promise<ReadonlySet<string>> {
    const { freeBytes, evictable } = await this.#room();
    let roomBytes = freeBytes + sumBytes(evictable);
    const known = new Map((await this.#entries()).map(({ key, value }) => [key, value]));
    const fits = blobs.filter(({ blobId, shardCount, unencodedBytes }) => {
      const entry = known.get(blobId);
      // What is pinned takes no room of what is left.
      const bytes = entry?.pinned ? 0 : sliverTotal(geometryFor(shardCount, unencodedBytes));
      if (bytes > roomBytes) return false;
      roomBytes -= bytes;
      return true;
    });
    return new Set(fits.map(({ blobId }) => blobId));
  }

  /** What blobs need that do not all find room here beside what is pinned; undefined if they do. */
  async shortage(blobs: readonly CachedBlob[]): Promise<CacheShortage | undefined> {
    const { freeBytes, evictable } = await this.#room();
    const pinned = new Set(
      (await this.#entries()).flatMap(({ key, value }) => (value.pinned ? [key] : [])),
    );
    const needs = blobs
      .filter(({ blobId }) => !pinned.has(blobId))
      .map(({ shardCount, unencodedBytes }) =>
        sliverTotal(geometryFor(shardCount, unencodedBytes)),
      );
    const neededBytes = needs.reduce((sum, bytes) => sum + bytes, 0);
    const evictableBytes = sumBytes(evictable);
    const budgetBytes = Math.max(0, Math.floor(freeBytes + evictableBytes));
    const triedBytes = await this.#roomFor(Math.max(0, neededBytes - evictableBytes));
    const roomBytes = Math.min(budgetBytes, evictableBytes + triedBytes);
    return neededBytes > roomBytes ? { neededBytes, freeBytes: roomBytes } : undefined;
  }

  async #roomFor(bytes: number): Promise<number> {
    const { roomFor } = this.#options;
    return (await roomFor?.(bytes).catch(() => undefined)) ?? bytes; // where it cannot be told, it is tried
  }

  /** What is free, and what may be removed, that which was not read for the longest time first. */
  async #room(): Promise<{ freeBytes: number; evictable: readonly Row<CacheEntry>[] }> {
    const budget = await this.#options.budgetBytes();
    const entries = await this.#entries();
    const evictable = entries
      .filter(({ value }) => !value.pinned)
      .sort((a, b) => a.value.readOrder - b.value.readOrder);
    return { freeBytes: budget - sumBytes(entries), evictable };
  }

  async #makeRoom(neededBytes: number): Promise<void> {
    let { freeBytes, evictable } = await this.#room();
    if (freeBytes + sumBytes(evictable) < neededBytes) {
      const free = Math.max(0, freeBytes + sumBytes(evictable));
      throw new HauloutError('store-full', { neededBytes, freeBytes: free });
    }
    // Begun without room, it would take that of what must be written down.
    let roomBytes = await this.#roomFor(neededBytes);
    for (const { key, value } of evictable) {
      if (freeBytes >= neededBytes && roomBytes >= neededBytes) break;
      await this.remove(key);
      freeBytes += value.bytes;
      roomBytes = await this.#roomFor(neededBytes);
    }
    if (roomBytes < neededBytes) {
      throw new HauloutError('store-full', { neededBytes, freeBytes: roomBytes });
    }
  }

  async #removeParts(range: { begin: string; end: string }): Promise<void> {
    const keys = await this.#store.keys('parts', range);
    for (let at = 0; at < keys.length; at += DELETES_AT_ONCE) {
      const some = keys.slice(at, at + DELETES_AT_ONCE);
      const writes = some.map((key) => ({ store: 'parts', key, value: undefined }) as const);
      await this.#store.commit(writes, 'relaxed');
    }
  }

  #entries(): Promise<readonly Row<CacheEntry>[]> {
    return this.#store.scan('entries', ALL);
  }

  async #change({ key, value, revision }: Row<CacheEntry>, to: Partial<CacheEntry>): Promise<void> {
    const write = { store: 'entries', key, value: { ...value, ...to }, expect: revision } as const;
    try {
      await this.#store.commit([write], 'relaxed');
    } catch (error) {
      // Somebody else reads, refills or removes it: their word is as good as ours.
      if (!isHauloutError(error, 'revision-stale')) throw error;
    }
  }
}

/** Bytes of all slivers of a blob, as they travel. */
export function sliverTotal({ shardCount, rowBytes, columnBytes }: Geometry): number {
  return shardCount * (encodedSliverBytes(rowBytes) + encodedSliverBytes(columnBytes));
}

function nextOrder(entries: readonly Row<CacheEntry>[]): number {
  return Math.max(0, ...entries.map(({ value }) => value.readOrder)) + 1;
}

function sumBytes(entries: readonly Row<CacheEntry>[]): number {
  return entries.reduce((sum, { value }) => sum + value.bytes, 0);
}
