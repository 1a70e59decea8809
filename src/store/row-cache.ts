import type { DurableStore, Row } from '../protocol/ports.ts';

/** What is kept of a blob that was read. */
export interface ReadEntry {
  readonly shardCount: number;
  /** BCS BlobMetadata */
  readonly metadata: Uint8Array;
  /** what it and its rows take */
  readonly bytes: number;
  /** grows with each read, over all entries: the least one was not read for the longest time */
  readonly readOrder: number;
}

export interface ReadStores {
  /** by blob ID */
  readonly reads: ReadEntry;
  /** BCS SliverData of primary slivers, by `blobId/index` */
  readonly rows: ArrayBuffer;
}

export interface RowCacheOptions {
  readonly store: DurableStore<ReadStores>;
  /** bytes that all blobs together may take; asked when one is added */
  budgetBytes(): Promise<number>;
}

const ALL = { begin: '', end: '\uffff' };
/** Rows that wait to be written take no more memory than this; what comes while so many wait is not kept. */
const WAITING_BYTES = 32 << 20;

/**
 * Rows of blobs that were read, as long as there is room; blobs that were not read for the longest time go first. What
 * cannot be written is not kept: reading does not depend on it.
 */
export class RowCache {
  readonly #store: DurableStore<ReadStores>;
  readonly #budgetBytes: () => Promise<number>;
  #last: Promise<unknown> = Promise.resolve();
  #waitingBytes = 0;
  /** as far as this page knows; others may take some of it, which the next eviction sees */
  #freeBytes: number | undefined;

  constructor({ store, budgetBytes }: RowCacheOptions) {
    this.#store = store;
    this.#budgetBytes = budgetBytes;
  }

  /** The metadata of a blob, as it was verified before it was kept; counts as reading it. */
  async metadata(blobId: string): Promise<Pick<ReadEntry, 'shardCount' | 'metadata'> | undefined> {
    const row = await this.#store.get('reads', blobId).catch(() => undefined);
    if (row === undefined) return undefined;
    void this.#turn(async () => {
      const now = await this.#store.get('reads', blobId);
      if (now !== undefined) await this.#put(blobId, now.value, await this.#nextOrder());
    });
    return row.value;
  }

  async row(blobId: string, sliverIndex: number): Promise<Uint8Array | undefined> {
    const key = rowKey(blobId, sliverIndex);
    const row = await this.#store.get('rows', key).catch(() => undefined);
    return row && new Uint8Array(row.value);
  }

  keepMetadata(
    blobId: string,
    { shardCount, metadata }: Pick<ReadEntry, 'shardCount' | 'metadata'>,
  ): Promise<void> {
    return this.#turn(async () => {
      if ((await this.#store.get('reads', blobId)) !== undefined) return;
      if (!(await this.#takeRoom(metadata.length, blobId))) return;
      const entry = { shardCount, metadata, bytes: metadata.length, readOrder: 0 };
      await this.#put(blobId, entry, await this.#nextOrder());
    });
  }

  keepRow(blobId: string, sliverIndex: number, sliver: Uint8Array): void {
    if (this.#waitingBytes + sliver.length > WAITING_BYTES) return;
    const value = sliver.slice().buffer; // now: who gets the row may change it or move it away
    this.#waitingBytes += value.byteLength;
    void this.#turn(async () => {
      this.#waitingBytes -= value.byteLength;
      const key = rowKey(blobId, sliverIndex);
      const entry = await this.#store.get('reads', blobId);
      const isKept = (await this.#store.keys('rows', { begin: key, end: `${key}\0` })).length > 0;
      if (entry === undefined || isKept) return;
      if (!(await this.#takeRoom(value.byteLength, blobId))) return;
      const bytes = entry.value.bytes + value.byteLength;
      await this.#store.commit(
        [
          { store: 'rows', key, value },
          { store: 'reads', key: blobId, value: { ...entry.value, bytes } },
        ],
        'relaxed',
      );
    });
  }

  /** A row that was found damaged: another one is kept in its place. */
  removeRow(blobId: string, sliverIndex: number): void {
    void this.#turn(async () => {
      const key = rowKey(blobId, sliverIndex);
      const row = await this.#store.get('rows', key);
      const entry = await this.#store.get('reads', blobId);
      if (row === undefined || entry === undefined) return;
      const { byteLength } = row.value;
      const value = { ...entry.value, bytes: entry.value.bytes - byteLength };
      await this.#store.commit(
        [
          { store: 'rows', key, value: undefined },
          { store: 'reads', key: blobId, value },
        ],
        'relaxed',
      );
      if (this.#freeBytes !== undefined) this.#freeBytes += byteLength;
    });
  }

  /** Everything of a blob. Settles when it is gone. */
  remove(blobId: string): Promise<void> {
    return this.#turn(() => this.#remove(blobId));
  }

  /** Settles when everything that was given is written, or was left. */
  async settled(): Promise<void> {
    await this.#last;
  }

  /** Bytes of everything that is kept. */
  async usedBytes(): Promise<number> {
    const entries = await this.#store.scan('reads', ALL);
    return entries.reduce((sum, { value }) => sum + value.bytes, 0);
  }

  async #remove(blobId: string): Promise<void> {
    // The rows go last: without the entry nobody finds them, and the next `remove` does.
    await this.#store.commit([{ store: 'reads', key: blobId, value: undefined }], 'relaxed');
    const keys = await this.#store.keys('rows', { begin: `${blobId}/`, end: `${blobId}0` });
    const writes = keys.map((key) => ({ store: 'rows', key, value: undefined }) as const);
    await this.#store.commit(writes, 'relaxed');
  }

  /** Takes room, and makes it where there is none. @returns whether there is; what `blobId` has stays */
  async #takeRoom(neededBytes: number, blobId: string): Promise<boolean> {
    this.#freeBytes ??= (await this.#budgetBytes()) - (await this.usedBytes());
    if (this.#freeBytes < neededBytes) await this.#evict(neededBytes, blobId);
    if (this.#freeBytes < neededBytes) return false;
    this.#freeBytes -= neededBytes;
    return true;
  }

  async #evict(neededBytes: number, keptId: string): Promise<void> {
    const entries = await this.#store.scan('reads', ALL);
    const used = entries.reduce((sum, { value }) => sum + value.bytes, 0);
    let free = (await this.#budgetBytes()) - used;
    for (const { key, value } of [...entries].sort(byOrder)) {
      if (free >= neededBytes) break;
      if (key === keptId) continue;
      await this.#remove(key);
      free += value.bytes;
    }
    this.#freeBytes = free;
  }

  async #nextOrder(): Promise<number> {
    const entries = await this.#store.scan('reads', ALL);
    return Math.max(0, ...entries.map(({ value }) => value.readOrder)) + 1;
  }

  #put(blobId: string, entry: ReadEntry, readOrder: number): Promise<void> {
    const write = { store: 'reads', key: blobId, value: { ...entry, readOrder } } as const;
    return this.#store.commit([write], 'relaxed');
  }

  /** One after another; what fails is as if it had not been asked for. */
  #turn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work).catch(() => undefined);
    this.#last = turn;
    return turn;
  }
}

const byOrder = (a: Row<ReadEntry>, b: Row<ReadEntry>) => a.value.readOrder - b.value.readOrder;
const rowKey = (blobId: string, index: number) => `${blobId}/${index}`;
