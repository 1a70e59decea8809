import type { IDBPDatabase } from 'idb';
import type { DurableStore, KeyRange, Row, Write } from '../protocol/ports.ts';
import { Connection } from './connection.ts';
import { checkRevision, isRow, keyOf, setRecordAside, type WritableStore } from './records.ts';
import { type Schema, SET_ASIDE, type SetAside } from './schema.ts';

/**
 * A store in the browser's database. It is opened when it is first used, closed as soon as another
 * page needs a newer version of it, and then opened again if it is still one that we know.
 *
 * All calls throw HauloutError only: 'store-newer' where a newer program has written the database,
 * 'store-unavailable' where the browser gives none, or fails to read or write it.
 */
export class IndexedStore<Stores> implements DurableStore<Stores> {
  readonly #connection: Connection;
  readonly #onSetAside: (what: SetAside) => void;

  /** @param onSetAside is told of everything that could not be read; nothing of it is removed */
  constructor(schema: Schema, onSetAside: (what: SetAside) => void) {
    this.#onSetAside = onSetAside;
    this.#connection = new Connection(schema, onSetAside);
  }

  async get<S extends keyof Stores>(store: S, key: string): Promise<Row<Stores[S]> | undefined> {
    const record = await this.#connection.use((db) => db.get(store as string, key));
    if (record === undefined || isRow<Stores[S]>(record)) return record;
    await this.#setAside(store as string, [key]);
    return this.get(store, key);
  }

  async scan<S extends keyof Stores>(
    store: S,
    { begin, end }: KeyRange,
  ): Promise<readonly Row<Stores[S]>[]> {
    if (begin >= end) return [];
    const range = IDBKeyRange.bound(begin, end, false, true);
    const records: unknown[] = await this.#connection.use((db) =>
      db.getAll(store as string, range),
    );
    const damaged = records.filter((record) => !isRow(record)).map(keyOf);
    if (damaged.length > 0) await this.#setAside(store as string, damaged);
    return records.filter((record) => isRow<Stores[S]>(record));
  }

  async keys(store: keyof Stores, { begin, end }: KeyRange): Promise<readonly string[]> {
    if (begin >= end) return [];
    const range = IDBKeyRange.bound(begin, end, false, true);
    const keys = await this.#connection.use((db) => db.getAllKeys(store as string, range));
    return keys as string[];
  }

  async commit(writes: readonly Write<Stores>[], durability: 'strict' | 'relaxed'): Promise<void> {
    if (writes.length === 0) return;
    const names = [...new Set(writes.map(({ store }) => store as string))];
    await this.#write(names, durability, async (stores) => {
      for (const { store, key, value, expect } of writes) {
        const rows = stores(store as string);
        if (value === undefined && expect === undefined) {
          await rows.delete(key); // without reading what may be large
          continue;
        }
        const record: unknown = await rows.get(key);
        const revision = isRow(record) ? record.revision : 0;
        if (record !== undefined && revision === 0) await this.#moveAside(stores, rows, record);
        checkRevision(key, expect, revision);
        if (value === undefined) await rows.delete(key);
        else await rows.put({ key, revision: revision + 1, value });
      }
    });
  }

  /** Ends the connection; the next call opens it again. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  #setAside(name: string, keys: readonly string[]): Promise<void> {
    return this.#write([name], 'strict', async (stores) => {
      const rows = stores(name);
      for (const key of keys) {
        const record: unknown = await rows.get(key);
        if (record !== undefined && !isRow(record)) await this.#moveAside(stores, rows, record);
      }
    });
  }

  async #moveAside(
    stores: (name: string) => WritableStore,
    rows: WritableStore,
    record: unknown,
  ): Promise<void> {
    await setRecordAside(stores(SET_ASIDE), rows.name, record, 'damaged', this.#onSetAside);
    await rows.delete(keyOf(record));
  }

  /** Runs one transaction: all of `work`, or nothing. */
  #write(
    names: readonly string[],
    durability: 'strict' | 'relaxed',
    work: (stores: (name: string) => WritableStore) => Promise<void>,
  ): Promise<void> {
    return this.#connection.use((db) => writeTransaction(db, names, durability, work));
  }
}

async function writeTransaction(
  db: IDBPDatabase,
  names: readonly string[],
  durability: 'strict' | 'relaxed',
  work: (stores: (name: string) => WritableStore) => Promise<void>,
): Promise<void> {
  const tx = db.transaction([...names, SET_ASIDE], 'readwrite', { durability });
  const done = tx.done.catch((error: unknown) => Promise.reject(tx.error ?? error));
  done.catch(() => undefined); // awaited below; it may settle before
  try {
    await work((name) => tx.objectStore(name) as unknown as WritableStore);
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // the browser has aborted it already
    }
    await done.catch(() => undefined);
    throw tx.error ?? error;
  }
  await done;
}
