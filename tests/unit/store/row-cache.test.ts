import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/store/memory-store.ts';
import { type ReadStores, RowCache } from '../../../src/store/row-cache.ts';

const METADATA = { shardCount: 4, metadata: new Uint8Array(10) };
const ROW = new Uint8Array(100).fill(7);

function makeCache(budget: number) {
  const store = new MemoryStore<ReadStores>();
  return { store, cache: new RowCache({ store, budgetBytes: async () => budget }) };
}

async function fill(cache: RowCache, blobId: string, rows: number): Promise<void> {
  await cache.keepMetadata(blobId, METADATA);
  for (let row = 0; row < rows; row++) cache.keepRow(blobId, row, ROW);
  await cache.settled();
}

describe('the cache of rows', () => {
  it('gives metadata and rows back, and keeps no row without metadata', async () => {
    const { cache } = makeCache(1_000);
    cache.keepRow('a', 0, ROW);
    await fill(cache, 'b', 2);
    expect(await cache.row('a', 0)).toBeUndefined();
    expect(await cache.metadata('b')).toMatchObject(METADATA);
    expect(await cache.row('b', 1)).toEqual(ROW);
    expect(await cache.row('b', 2)).toBeUndefined();
    expect(await cache.usedBytes()).toBe(210);
  });

  it('counts a row that comes twice once', async () => {
    const { cache } = makeCache(1_000);
    await fill(cache, 'a', 1);
    await fill(cache, 'a', 2);
    expect(await cache.usedBytes()).toBe(210);
  });

  it('removes the blob that was not read for the longest time, all of it', async () => {
    const { cache, store } = makeCache(500);
    await fill(cache, 'a', 2);
    await fill(cache, 'b', 2);
    await cache.metadata('a');
    await fill(cache, 'c', 1);
    expect(await cache.row('b', 0)).toBeUndefined();
    expect(await cache.metadata('b')).toBeUndefined();
    expect(await cache.row('a', 1)).toEqual(ROW);
    expect(await cache.row('c', 0)).toEqual(ROW);
    expect((await store.keys('rows', { begin: 'b', end: 'c' })).length).toBe(0);
    expect(await cache.usedBytes()).toBeLessThanOrEqual(500);
  });

  it('never takes more than it may, and what finds no room is left', async () => {
    const { cache } = makeCache(250);
    await fill(cache, 'a', 5);
    expect(await cache.usedBytes()).toBe(210);
    expect(await cache.row('a', 2)).toBeUndefined();
  });

  it('keeps another row in the place of one that is removed, and counts it once', async () => {
    const { cache } = makeCache(210);
    await fill(cache, 'a', 2);
    const better = new Uint8Array(100).fill(8);
    cache.removeRow('a', 1);
    cache.removeRow('a', 5); // there is none
    cache.keepRow('a', 1, better);
    await cache.settled();
    expect(await cache.row('a', 1)).toEqual(better);
    expect(await cache.usedBytes()).toBe(210);
  });

  it('holds up nobody while the store hangs, and no more memory than it may', async () => {
    const { cache, store } = makeCache(1 << 30);
    await cache.keepMetadata('a', METADATA);
    const hanging = store.get.bind(store);
    let isHanging = true;
    store.get = async (...asked) => {
      while (isHanging) await new Promise((resolve) => setImmediate(resolve));
      return hanging(...asked);
    };
    const row = new Uint8Array(12 << 20);
    for (let index = 0; index < 4; index++) cache.keepRow('a', index, row);
    isHanging = false;
    await cache.settled();
    expect(await cache.row('a', 1)).toHaveLength(12 << 20);
    expect(await cache.row('a', 2)).toBeUndefined();
  });

  it('is as if empty where the store fails', async () => {
    const { cache, store } = makeCache(1_000);
    const failing = () => Promise.reject(new Error('no'));
    Object.assign(store, { get: failing, commit: failing });
    await fill(cache, 'a', 1);
    expect(await cache.metadata('a')).toBeUndefined();
    expect(await cache.row('a', 0)).toBeUndefined();
  });
});
