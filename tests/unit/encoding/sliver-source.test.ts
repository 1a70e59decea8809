import { afterAll, describe, expect, it, vi } from 'vitest';
import { openSlivers } from '../../../src/encoding/sliver-source.ts';
import type { Axis } from '../../../src/protocol/axis.ts';
import type { EncodedBlob } from '../../../src/protocol/blob-summary.ts';
import { HauloutError } from '../../../src/protocol/errors.ts';
import { geometryFor } from '../../../src/protocol/geometry.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';
import { type CacheStores, SliverCache, sliverTotal } from '../../../src/store/sliver-cache.ts';
import { createEncoder } from '../../../src/workers/encoder.ts';

const encoder = createEncoder({ memoryBytes: 60_000 });
afterAll(() => encoder.close());

const bytesOf = (length: number, salt = 1) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + salt * 17 + (i >> 7)) & 255);

function makeCache(budget = 1e9) {
  const store = new MemoryStore<CacheStores>();
  return { store, cache: new SliverCache({ store, budgetBytes: async () => budget }) };
}

/** Encodes for real, and counts. */
function counted() {
  return vi.fn((...args: Parameters<typeof encoder.encodeInto>) => encoder.encodeInto(...args));
}

const blobOf = (encoded: EncodedBlob, source?: Uint8Array) => ({
  ...{ blobId: encoded.blobId, shardCount: encoded.shardCount, source },
  unencodedBytes: encoded.unencodedBytes,
});

const sliverIn = (encoded: EncodedBlob, pair: number, axis: Axis) =>
  (axis === 'primary' ? encoded.primarySlivers : encoded.secondarySlivers)[pair];

async function expectAll(encoded: EncodedBlob, get: Awaited<ReturnType<typeof openSlivers>>) {
  for (let pair = 0; pair < encoded.shardCount; pair++) {
    for (const axis of ['primary', 'secondary'] as const) {
      expect(await get(pair, axis)).toEqual(sliverIn(encoded, pair, axis));
    }
  }
}

describe('slivers of a blob', () => {
  const sizes = [0, 1, 1_000, 100_003, 700_001];
  it.each(sizes)('of %i bytes come from the cache, encoded once', async (length) => {
    const source = bytesOf(length);
    const encoded = await encoder.encodeBlob(source, { shardCount: 13 });
    const { cache } = makeCache();
    const encodeInto = counted();
    await expectAll(encoded, await openSlivers(blobOf(encoded, source), { encodeInto, cache }));
    // The next page has no source any more, and sends some of them again.
    const get = await openSlivers(blobOf(encoded), { encodeInto, cache });
    await expectAll(encoded, get);
    await expectAll(encoded, get);
    expect(encodeInto).toHaveBeenCalledTimes(1);
  });

  it.each(sizes)('of %i bytes are made in portions where there is no room', async (length) => {
    const source = bytesOf(length, 2);
    const encoded = await encoder.encodeBlob(source, { shardCount: 13 });
    const { cache, store } = makeCache(0);
    const encodeInto = counted();
    const total = sliverTotal(geometryFor(13, length));
    const options = { encodeInto, cache, memoryBytes: Math.ceil(total / 4) };
    await expectAll(encoded, await openSlivers(blobOf(encoded, source), options));
    expect(encodeInto.mock.calls.length).toBeGreaterThan(1);
    expect(encodeInto.mock.calls.length).toBeLessThan(9);
    expect(await store.keys('parts', { begin: '', end: '\uffff' })).toEqual([]);
  });

  it('that are asked for together are made together', async () => {
    const source = bytesOf(5_000, 3);
    const encoded = await encoder.encodeBlob(source, { shardCount: 10 });
    const encodeInto = counted();
    const get = await openSlivers(blobOf(encoded, source), { encodeInto });
    const all = await Promise.all(encoded.primarySlivers.map((_, pair) => get(pair, 'primary')));
    expect(all).toEqual(encoded.primarySlivers);
    expect(encodeInto).toHaveBeenCalledTimes(1);
  });

  it('are made again when they were evicted in the middle', async () => {
    const source = bytesOf(20_000, 4);
    const encoded = await encoder.encodeBlob(source, { shardCount: 7 });
    const { cache } = makeCache();
    const encodeInto = counted();
    const get = await openSlivers(blobOf(encoded, source), { encodeInto, cache, memoryBytes: 1 });
    expect(await get(0, 'primary')).toEqual(encoded.primarySlivers[0]);
    await cache.remove(encoded.blobId);
    await expectAll(encoded, get);
  });

  it('are made without the cache when the disk turns out to be full', async () => {
    const source = bytesOf(30_000, 5);
    const encoded = await encoder.encodeBlob(source, { shardCount: 7 });
    const { cache, store } = makeCache();
    const commit = store.commit.bind(store);
    let writes = 0;
    store.commit = async (all) => {
      const full = all.some((write) => write.store === 'parts' && write.value) && ++writes > 2;
      return full ? Promise.reject(new HauloutError('store-full', {})) : commit(all);
    };
    const get = await openSlivers(blobOf(encoded, source), { encodeInto: counted(), cache });
    await expectAll(encoded, get);
    expect(await store.keys('parts', { begin: '', end: '\uffff' })).toEqual([]);
    expect(await cache.usedBytes()).toBe(0);
  });

  it('are refused if the source is another blob, and the cache keeps nothing of it', async () => {
    const encoded = await encoder.encodeBlob(bytesOf(3_000), { shardCount: 7 });
    const other = bytesOf(3_000, 9);
    const { cache } = makeCache();
    const opening = openSlivers(blobOf(encoded, other), { encodeInto: counted(), cache });
    await expect(opening).rejects.toMatchObject({ code: 'source-differs' });
    expect(await cache.usedBytes()).toBe(0);
    const get = await openSlivers(blobOf(encoded, other), { encodeInto: counted() });
    const both = [get(0, 'primary'), get(1, 'secondary')];
    for (const each of await Promise.allSettled(both)) {
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'source-differs' } });
    }
  });

  it('are missing without source and cache', async () => {
    const encoded = await encoder.encodeBlob(bytesOf(10), { shardCount: 4 });
    const opening = openSlivers(blobOf(encoded), { encodeInto: counted() });
    await expect(opening).rejects.toMatchObject({ code: 'source-missing', detail: { bytes: 10 } });
  });
});
