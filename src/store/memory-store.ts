import type { DurableStore, KeyRange, Row, Write } from '../protocol/ports.ts';
import { checkRevision } from './records.ts';

/** All rows of a memory store at one moment. */
export type StoreSnapshot = ReadonlyMap<string, ReadonlyMap<string, Row<unknown>>>;

/** A store that lasts as long as the process. Values are copied on their way in and out. */
export class MemoryStore<Stores> implements DurableStore<Stores> {
  #stores: StoreSnapshot = new Map();

  async get<S extends keyof Stores>(store: S, key: string): Promise<Row<Stores[S]> | undefined> {
    const row = this.#stores.get(store as string)?.get(key);
    return row && copyOf(row as Row<Stores[S]>);
  }

  async scan<S extends keyof Stores>(
    store: S,
    { begin, end }: KeyRange,
  ): Promise<readonly Row<Stores[S]>[]> {
    const rows = this.#stores.get(store as string);
    const keys = await this.keys(store, { begin, end });
    return keys.map((key) => copyOf(rows?.get(key) as Row<Stores[S]>));
  }

  async keys(store: keyof Stores, { begin, end }: KeyRange): Promise<readonly string[]> {
    const keys = [...(this.#stores.get(store as string)?.keys() ?? [])];
    return keys.filter((key) => key >= begin && key < end).sort();
  }

  async commit(writes: readonly Write<Stores>[]): Promise<void> {
    const next = new Map(this.#stores);
    for (const { store, key, value, expect } of writes) {
      const rows = new Map(next.get(store as string));
      const revision = rows.get(key)?.revision ?? 0;
      checkRevision(key, expect, revision);
      if (value === undefined) rows.delete(key);
      else rows.set(key, { key, revision: revision + 1, value: structuredClone(value) });
      next.set(store as string, rows);
    }
    this.#stores = next;
  }

  /** What is stored now; later commits do not change it. */
  snapshot(): StoreSnapshot {
    return this.#stores;
  }

  restore(snapshot: StoreSnapshot): void {
    this.#stores = snapshot;
  }
}

function copyOf<Value>(row: Row<Value>): Row<Value> {
  return { ...row, value: structuredClone(row.value) };
}
