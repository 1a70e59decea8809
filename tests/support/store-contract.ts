import { describe, expect, it } from 'vitest';
import type { DurableStore, Write } from '../../src/protocol/ports.ts';
import type { Schema } from '../../src/store/schema.ts';

/** What a row of the tests holds, as different as what the client keeps. */
export interface Note {
  readonly text: string;
  readonly bytes?: Uint8Array;
  readonly count?: bigint;
  readonly list?: readonly (number | undefined)[];
}

export interface TestStores {
  readonly notes: Note;
  readonly facts: Note;
}

export const TEST_SCHEMA: Schema = {
  name: 'haulout-test',
  steps: [{ creates: ['notes', 'facts'] }],
};

const ALL = { begin: '', end: '\uffff' };

/** What every DurableStore does. @param open gives an empty store */
export function storeContract(name: string, open: () => Promise<DurableStore<TestStores>>): void {
  const put = (key: string, text: string, expected?: number): Write<TestStores> => {
    const write = { store: 'notes', key, value: { text } } as const;
    return expected === undefined ? write : { ...write, expect: expected };
  };

  describe(`${name} as a durable store`, () => {
    it('gives back what was committed, with a revision that grows by one', async () => {
      const store = await open();
      expect(await store.get('notes', 'a')).toBeUndefined();
      await store.commit([put('a', 'one')], 'strict');
      expect(await store.get('notes', 'a')).toEqual({
        key: 'a',
        revision: 1,
        value: { text: 'one' },
      });
      await store.commit([put('a', 'two', 1), put('a', 'three')], 'relaxed');
      const row = await store.get('notes', 'a');
      expect(row).toEqual({ key: 'a', revision: 3, value: { text: 'three' } });
      expect(await store.get('facts', 'a')).toBeUndefined();
    });

    it('keeps bytes, big numbers and lists as they are, and copies of them', async () => {
      const store = await open();
      const value = {
        text: 'é\u0000',
        bytes: new Uint8Array([1, 2]),
        count: 2n ** 70n,
        list: [1, undefined],
      };
      await store.commit([{ store: 'notes', key: 'a', value }], 'strict');
      value.bytes[0] = 9;
      const row = await store.get('notes', 'a');
      expect(row?.value).toEqual({ ...value, bytes: new Uint8Array([1, 2]) });
      row?.value.bytes?.fill(7);
      expect((await store.get('notes', 'a'))?.value.bytes).toEqual(new Uint8Array([1, 2]));
    });

    it('commits all or nothing when a revision is not the expected one', async () => {
      const store = await open();
      await store.commit([put('a', 'one'), put('b', 'one')], 'strict');
      await store.commit([put('b', 'two')], 'strict');
      const stale = store.commit(
        [put('a', 'new', 1), put('c', 'new', 0), put('b', 'new', 1)],
        'strict',
      );
      await expect(stale).rejects.toMatchObject({ code: 'revision-stale', detail: { key: 'b' } });
      const texts = (await store.scan('notes', ALL)).map(({ key, value }) => key + value.text);
      expect(texts).toEqual(['aone', 'btwo']);
    });

    it('tells apart what must not exist yet and what must be removed as it was read', async () => {
      const store = await open();
      await store.commit([put('a', 'one', 0)], 'strict');
      const again = store.commit([put('a', 'other', 0)], 'strict');
      await expect(again).rejects.toMatchObject({ code: 'revision-stale' });
      const remove = (expected: number) =>
        store.commit([{ store: 'notes', key: 'a', value: undefined, expect: expected }], 'strict');
      await expect(remove(2)).rejects.toMatchObject({ code: 'revision-stale' });
      await remove(1);
      expect(await store.get('notes', 'a')).toBeUndefined();
      await store.commit([put('a', 'fresh', 0)], 'strict');
      expect((await store.get('notes', 'a'))?.value.text).toBe('fresh');
    });

    it('lets one of two win who change the same revision at the same time', async () => {
      const store = await open();
      await store.commit([put('a', 'start')], 'strict');
      const both = ['x', 'y'].map((text) => store.commit([put('a', text, 1)], 'strict'));
      const ends = (await Promise.allSettled(both)).map(({ status }) => status).sort();
      expect(ends).toEqual(['fulfilled', 'rejected']);
      expect((await store.get('notes', 'a'))?.revision).toBe(2);
    });

    it('scans a half-open range in the order of the keys', async () => {
      const store = await open();
      const keys = ['b/2', 'a', 'b/10', 'b0', 'b/', 'c', '\ud83d\ude00'];
      await store.commit(
        keys.map((key) => put(key, key)),
        'relaxed',
      );
      const scan = async (begin: string, end: string) => {
        const keys = (await store.scan('notes', { begin, end })).map(({ key }) => key);
        expect(await store.keys('notes', { begin, end })).toEqual(keys);
        return keys;
      };
      expect(await scan('b/', 'b0')).toEqual(['b/', 'b/10', 'b/2']);
      expect(await scan('', '\uffff')).toEqual([...keys].sort());
      expect(await scan('b', 'b')).toEqual([]);
      expect(await scan('c', 'a')).toEqual([]);
    });

    it('takes nothing from a commit whose value cannot be stored', async () => {
      const store = await open();
      const value = { text: 'x', list: [() => 1] } as unknown as Note;
      const commit = store.commit([put('a', 'one'), { store: 'notes', key: 'b', value }], 'strict');
      await expect(commit).rejects.toThrow();
      expect(await store.scan('notes', ALL)).toEqual([]);
    });

    it('does nothing for an empty commit', async () => {
      const store = await open();
      await store.commit([], 'strict');
      expect(await store.scan('facts', ALL)).toEqual([]);
    });
  });
}
