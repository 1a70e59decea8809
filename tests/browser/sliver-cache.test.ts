import { deleteDB } from 'idb';
import { afterEach, expect, it } from 'vitest';
import { openSlivers } from '../../src/encoding/sliver-source.ts';
import { createEncoder, type Encoder } from '../../src/index.ts';
import { IndexedStore } from '../../src/store/indexed-store.ts';
import { CACHE_SCHEMA } from '../../src/store/schema.ts';
import { type CacheStores, SliverCache } from '../../src/store/sliver-cache.ts';
import {
  copiedSource,
  copySource,
  fileOfHandle,
  removeSource,
} from '../../src/store/source-door.ts';
import { generateInput } from '../support/vectors.ts';

let encoder: Encoder;
afterEach(async () => {
  encoder?.close();
  await deleteDB(CACHE_SCHEMA.name);
});

function openCache() {
  const store = new IndexedStore<CacheStores>(CACHE_SCHEMA, (what) => {
    throw new Error(`set aside: ${what.place}`);
  });
  return { store, cache: new SliverCache({ store, budgetBytes: async () => 1e9 }) };
}

const isSame = (a: Uint8Array, b: Uint8Array | undefined) =>
  a.length === b?.length && a.every((byte, i) => byte === b[i]);

it('keeps the slivers of a streamed blob in the database, for the next page too', async () => {
  // Memory for a third of it: the matrix is streamed and the parity of the rows spilled.
  encoder = createEncoder({ workers: 2, memoryBytes: 1_000_000 });
  const source = generateInput({ kind: 'xorshift32', seed: 7, length: 3_000_001 });
  const { encodeInto } = encoder;
  const encoded = await encoder.encodeBlob(source, { shardCount: 100 });
  const blob = { blobId: encoded.blobId, shardCount: 100, unencodedBytes: source.length };

  const first = openCache();
  const file = new Blob([source as Uint8Array<ArrayBuffer>]);
  await openSlivers({ ...blob, source: file }, { encodeInto, cache: first.cache });
  await first.store.close();

  const second = openCache();
  const get = await openSlivers(blob, { encodeInto, cache: second.cache });
  for (let pair = 0; pair < 100; pair++) {
    const both = [await get(pair, 'primary'), await get(pair, 'secondary')];
    const expected = [encoded.primarySlivers[pair], encoded.secondarySlivers[pair]];
    // The runner's own comparison would take a minute.
    if (both.some((sliver, i) => !isSame(sliver, expected[i]))) throw new Error(`pair ${pair}`);
  }
  await second.store.close();
});

it('keeps a copy of a file in private files, and finds a file by its handle', async () => {
  const blob = new Blob(['some bytes']);
  await copySource('a-blob', blob);
  expect(await (await copiedSource('a-blob'))?.text()).toBe('some bytes');
  await removeSource('a-blob');
  await removeSource('a-blob');
  expect(await copiedSource('a-blob')).toBeUndefined();
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle('chosen', { create: true });
  expect((await fileOfHandle(handle, false))?.size).toBe(0);
  await root.removeEntry('chosen');
  expect(await fileOfHandle(handle, false)).toBeUndefined();
});
