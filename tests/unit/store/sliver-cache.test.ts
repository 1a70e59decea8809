import { describe, expect, it, vi } from 'vitest';
import { geometryFor } from '../../../src/protocol/geometry.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';
import { cacheBudget, persistence } from '../../../src/store/persistence.ts';
import { type CacheStores, SliverCache, sliverTotal } from '../../../src/store/sliver-cache.ts';
import { ManualClock } from '../../support/encoder-double.ts';

const BYTES = sliverTotal(geometryFor(4, 100));
const ALL = { begin: '', end: '\uffff' };

function makeCache(room: number, roomFor?: (bytes: number) => Promise<number>) {
  const store = new MemoryStore<CacheStores>();
  const budgetBytes = async () => room * BYTES;
  return { store, cache: new SliverCache({ store, budgetBytes, roomFor }) };
}

async function fill(cache: SliverCache, blobId: string, pinned = false): Promise<void> {
  const taker = await cache.fill(blobId, 4, 100);
  await taker.whole('primary', 0, new ArrayBuffer(100));
  await taker.complete();
  if (!pinned) await cache.unpin(blobId);
}

const kept = async (cache: SliverCache, ids: string) => {
  const found = await Promise.all([...ids].map((id) => cache.open(id)));
  return [...ids].filter((_, i) => found[i] !== undefined).join('');
};

describe('the cache of slivers', () => {
  it('evicts what was read least recently, as much as is needed', async () => {
    const { cache, store } = makeCache(3);
    for (const id of 'abc') await fill(cache, id);
    await cache.open('a');
    await fill(cache, 'd');
    expect(await kept(cache, 'abcd')).toBe('acd');
    expect(await cache.usedBytes()).toBe(3 * BYTES);
    expect(await store.keys('parts', { begin: 'b/', end: 'b0' })).toEqual([]);
  });

  it('begins nothing that will not fit, whatever the browser estimates', async () => {
    const { cache, store } = makeCache(9, async (bytes) => Math.min(bytes, BYTES));
    await fill(cache, 'a', true);
    const two = ['b', 'c'].map((blobId) => ({ blobId, shardCount: 4, unencodedBytes: 100 }));
    expect(await cache.shortage(two)).toEqual({ neededBytes: 2 * BYTES, freeBytes: BYTES });
    const full = makeCache(9, async () => 7);
    const detail = { neededBytes: BYTES, freeBytes: 7 };
    await expect(full.cache.fill('a', 4, 100)).rejects.toMatchObject({ detail });
    expect(await store.keys('parts', ALL)).toHaveLength(1);
    expect(await full.store.keys('parts', ALL)).toEqual([]);
  });

  it('evicts where the estimate is too high, and counts on it', async () => {
    const disk: { used(): Promise<number> } = { used: async () => 0 };
    const { cache } = makeCache(9, async (bytes) =>
      Math.min(bytes, 2 * BYTES - (await disk.used())),
    );
    disk.used = () => cache.usedBytes();
    for (const id of 'ab') await fill(cache, id);
    const two = ['c', 'd'].map((blobId) => ({ blobId, shardCount: 4, unencodedBytes: 100 }));
    expect(await cache.shortage(two)).toBeUndefined();
    await fill(cache, 'c');
    expect(await kept(cache, 'abc')).toBe('bc');
  });

  it('never evicts what is pinned, and says how much is missing', async () => {
    const { cache } = makeCache(2);
    await fill(cache, 'a', true);
    await fill(cache, 'b', true);
    const refused = cache.fill('c', 4, 100);
    const detail = { neededBytes: BYTES, freeBytes: 0 };
    await expect(refused).rejects.toMatchObject({ code: 'store-full', detail });
    expect(await kept(cache, 'abc')).toBe('ab');
    const blobs = (ids: string) => {
      return [...ids].map((blobId) => ({ blobId, shardCount: 4, unencodedBytes: 100 }));
    };
    expect(await cache.shortage(blobs('abc'))).toEqual(detail);
    await cache.unpin('a');
    expect(await cache.shortage(blobs('bc'))).toBeUndefined();
    expect(await cache.shortage(blobs('bcd'))).toEqual({
      neededBytes: 2 * BYTES,
      freeBytes: BYTES,
    });
    await fill(cache, 'c');
    expect(await kept(cache, 'abc')).toBe('bc');
  });

  it('shows nothing of a blob before all of it is there, and starts anew after a crash', async () => {
    const { cache } = makeCache(1);
    const taker = await cache.fill('a', 4, 100);
    await taker.whole('primary', 0, new ArrayBuffer(100));
    expect(await cache.open('a')).toBeUndefined();
    await fill(cache, 'a');
    expect(await kept(cache, 'a')).toBe('a');
  });

  it('sweeps parts that a removal in the middle of a crash has left', async () => {
    const { cache, store } = makeCache(2);
    await fill(cache, 'a');
    await fill(cache, 'b');
    await store.commit([{ store: 'entries', key: 'a', value: undefined }]);
    await cache.sweep();
    const keys = await store.keys('parts', ALL);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.every((key) => key.startsWith('b/'))).toBe(true);
  });
});

describe('persistence', () => {
  it('is not waited for when the person never answers', async () => {
    const clock = new ManualClock();
    const asked = persistence({ clock, ask: () => new Promise(() => undefined) });
    await clock.pass(3_000);
    expect(await asked).toBeUndefined();
    expect(await persistence({ clock, ask: async () => true })).toBe(true);
    expect(
      await persistence({ clock, ask: () => Promise.reject(new Error('no')) }),
    ).toBeUndefined();
  });

  it('and budget: half of what there is, with what slivers take already', async () => {
    const used = vi.fn(async () => 200);
    expect(await cacheBudget(async () => 800, used)).toBe(500);
    expect(await cacheBudget(async () => undefined, used)).toBeGreaterThan(1e8);
  });
});
