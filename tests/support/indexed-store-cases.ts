import { deleteDB, openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { IndexedStore } from '../../src/store/indexed-store.ts';
import { type Schema, SET_ASIDE, type SetAside } from '../../src/store/schema.ts';
import { storeContract, TEST_SCHEMA, type TestStores } from './store-contract.ts';

const OLD = TEST_SCHEMA;
const NEW: Schema = {
  name: OLD.name,
  steps: [
    ...OLD.steps,
    {
      creates: ['more'],
      revises: {
        notes(value) {
          const { text } = value as { text: string };
          if (text === 'poison') throw new TypeError('cannot read this');
          return text === 'unreadable' ? undefined : { text: text.toUpperCase() };
        },
      },
    },
  ],
};
const ALL = { begin: '', end: '\uffff' };
const note = (key: string, text: string) => ({ store: 'notes', key, value: { text } }) as const;

/** Opens a new database in place of what was asked for, and lets that fail before it is there. */
function failing(name: string) {
  const { open } = IDBFactory.prototype;
  let count = 0;
  return (): IDBOpenDBRequest => {
    const request = open.call(indexedDB, `haulout-test-elsewhere-${++count}`, 1);
    const error = new DOMException('not now', name);
    Object.defineProperty(request, 'error', { get: () => error, set: () => undefined });
    request.addEventListener('upgradeneeded', () => request.transaction?.abort());
    return request;
  };
}

/** Everything that is special about the store in a database, in whichever browser. */
export function indexedStoreCases(): void {
  const open: IndexedStore<TestStores>[] = [];
  const told: SetAside[] = [];

  /** One page's connection; those of one test share the database. */
  function page(schema: Schema = OLD): IndexedStore<TestStores> {
    const store = new IndexedStore<TestStores>(schema, (what) => told.push(what));
    open.push(store);
    return store;
  }

  async function empty(): Promise<void> {
    for (const store of open.splice(0)) await store.close();
    told.length = 0;
    for (const { name = '' } of await indexedDB.databases()) {
      if (name.startsWith(OLD.name)) await deleteDB(name);
    }
  }

  const fresh = async () => {
    await empty();
    return page();
  };
  const readAside = async (name = OLD.name) => {
    const db = await openDB(name);
    const rows = (await db.getAll(SET_ASIDE)) as { key: string; value: { record: unknown } }[];
    db.close();
    return rows.map(({ key, value }) => ({ key, record: value.record }));
  };

  storeContract('a database', fresh);

  describe('a database', () => {
    it('is there for the next page, and is seen by the one beside', async () => {
      const first = await fresh();
      await first.commit([note('a', 'one')], 'strict');
      expect((await page().get('notes', 'a'))?.value.text).toBe('one');
      await first.close();
      expect((await first.get('notes', 'a'))?.value.text).toBe('one');
    });

    it('refuses the second of two pages that change the same revision', async () => {
      const [first, second] = [await fresh(), page()];
      await first.commit([note('a', 'one')], 'strict');
      await second.commit([{ ...note('a', 'two'), expect: 1 }], 'strict');
      const late = first.commit([{ ...note('a', 'late'), expect: 1 }], 'strict');
      await expect(late).rejects.toMatchObject({ code: 'revision-stale' });
    });

    it('is upgraded; records that cannot be are set aside and named', async () => {
      const old = await fresh();
      await old.commit(
        ['one', 'unreadable', 'poison'].map((text) => note(text, text)),
        'strict',
      );
      await old.close();
      const rows = await page(NEW).scan('notes', ALL);
      expect(rows).toEqual([{ key: 'one', revision: 2, value: { text: 'ONE' } }]);
      expect(told.map(({ place }) => place).sort()).toEqual(['notes/poison', 'notes/unreadable']);
      expect(await readAside()).toEqual(
        ['poison', 'unreadable'].map((text) => ({
          key: `notes/${text} 1`,
          record: { key: text, revision: 1, value: { text } },
        })),
      );
    });

    it('makes way for a newer page, and is refused to the older one from then on', async () => {
      const [old, newer] = [await fresh(), page(NEW)];
      await old.commit([note('a', 'one')], 'strict');
      expect((await newer.get('notes', 'a'))?.value.text).toBe('ONE');
      const late = old.commit([note('a', 'two')], 'strict');
      await expect(late).rejects.toMatchObject({
        code: 'store-newer',
        detail: { version: 2, known: 1 },
      });
      await expect(page().get('notes', 'a')).rejects.toMatchObject({ code: 'store-newer' });
      expect((await newer.get('notes', 'a'))?.value.text).toBe('ONE');
    });

    it('gives up with a typed error where a page does not make way', async () => {
      await fresh();
      const stubborn = await openDB(OLD.name, 1, { blocking: () => undefined });
      await expect(page(NEW).get('notes', 'a')).rejects.toMatchObject({
        code: 'store-unavailable',
      });
      stubborn.close();
    });

    it.each([
      ['that the browser could not open just now', failing('UnknownError')],
      ['whose opening the browser gave up', failing('AbortError')],
      [
        'that the browser refuses at once',
        () => {
          throw new DOMException('not now', 'UnknownError');
        },
      ],
    ])('%s is asked for again later, and no other one takes its place', async (_, refusal) => {
      const store = await fresh();
      await store.commit([note('a', 'one')], 'strict');
      await store.close();
      const { open: reallyOpen } = IDBFactory.prototype;
      IDBFactory.prototype.open = refusal;
      try {
        for (const work of [
          () => store.get('notes', 'a'),
          () => store.commit([{ ...note('b', 'two'), expect: 0 }], 'strict'),
        ]) {
          await expect(work()).rejects.toMatchObject({ code: 'store-unavailable' });
        }
      } finally {
        IDBFactory.prototype.open = reallyOpen;
      }
      expect((await store.get('notes', 'a'))?.value.text).toBe('one');
      expect(told).toEqual([]);
      const names = (await indexedDB.databases()).map(({ name = '' }) => name);
      expect(names.filter((name) => name.startsWith(OLD.name))).toEqual([OLD.name]);
    });

    it('that cannot be read just now says so in words of this library, and loses nothing', async () => {
      const store = await fresh();
      await store.commit([note('a', 'one')], 'strict');
      const { get, getAll, getAllKeys } = IDBObjectStore.prototype;
      const refuse = () => {
        throw new DOMException('the disk does not answer', 'UnknownError');
      };
      Object.assign(IDBObjectStore.prototype, { get: refuse, getAll: refuse, getAllKeys: refuse });
      try {
        for (const work of [
          () => store.get('notes', 'a'),
          () => store.scan('notes', ALL),
          () => store.keys('notes', ALL),
          () => store.commit([{ ...note('a', 'two'), expect: 1 }], 'strict'),
        ]) {
          await expect(work()).rejects.toMatchObject({
            code: 'store-unavailable',
            detail: { reason: 'the disk does not answer' },
          });
        }
      } finally {
        Object.assign(IDBObjectStore.prototype, { get, getAll, getAllKeys });
      }
      expect((await store.get('notes', 'a'))?.value.text).toBe('one');
    });

    it('whose upgrade fails stays as it was, and another one is used', async () => {
      await fresh();
      const odd = await openDB(OLD.name, 1, { upgrade: (db) => void db.createObjectStore('odd') });
      odd.close();
      expect(await page(NEW).get('notes', 'a')).toBeUndefined();
      expect(told).toMatchObject([{ place: OLD.name }]);
      const db = await openDB(OLD.name);
      expect([db.version, ...db.objectStoreNames]).toEqual([1, 'odd']);
      db.close();
    });

    it('sets damaged records aside, keeps them, and goes on with the rest', async () => {
      const store = await fresh();
      await store.commit([note('a', 'good')], 'strict');
      const db = await openDB(OLD.name);
      const damaged = [
        { key: 'b' },
        { key: 'c', revision: -1, value: 1 },
        { key: 'd', revision: 'x' },
      ];
      for (const record of damaged) await db.put('notes', record);
      db.close();
      expect((await store.scan('notes', { begin: 'a', end: 'd' })).map(({ key }) => key)).toEqual([
        'a',
      ]);
      await store.commit([{ ...note('d', 'new'), expect: 0 }], 'strict');
      expect((await store.get('notes', 'd'))?.value.text).toBe('new');
      expect(await store.get('notes', 'b')).toBeUndefined();
      expect((await readAside()).map(({ record }) => record)).toEqual(damaged);
      expect(told.map(({ place }) => place)).toEqual(['notes/b', 'notes/c', 'notes/d']);
    });

    it('keeps both of two records that were damaged under one key', async () => {
      const store = await fresh();
      for (const revision of ['x', 'y']) {
        await store.get('notes', 'a');
        const db = await openDB(OLD.name);
        await db.put('notes', { key: 'a', revision });
        db.close();
        expect(await store.get('notes', 'a')).toBeUndefined();
      }
      expect((await readAside()).map(({ key }) => key)).toEqual(['notes/a 1', 'notes/a 2']);
    });

    it('that lacks stores is left as it is and named, and another one is used', async () => {
      await fresh();
      const half = await openDB(OLD.name, 1, {
        upgrade: (db) => void db.createObjectStore('notes', { keyPath: 'key' }),
      });
      await half.put('notes', { key: 'a', revision: 1, value: { text: 'old' } });
      half.close();
      const store = page();
      expect(await store.get('notes', 'a')).toBeUndefined();
      await store.commit([note('b', 'new')], 'strict');
      expect(told).toMatchObject([{ place: OLD.name }]);
      expect((await page().get('notes', 'b'))?.value.text).toBe('new');
      const db = await openDB(OLD.name);
      expect(await db.get('notes', 'a')).toMatchObject({ value: { text: 'old' } });
      db.close();
    });
  });
}
