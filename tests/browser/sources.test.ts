import { deleteDB } from 'idb';
import { afterEach, expect, it } from 'vitest';
import { makeSources } from '../../src/flows/store/sources.ts';
import { freeStorageBytes, persistStorage } from '../../src/store/estimate-door.ts';
import { IndexedStore } from '../../src/store/indexed-store.ts';
import { Journal } from '../../src/store/journal.ts';
import type { JournalStores, KeptSource } from '../../src/store/journal-facts.ts';
import { CLIENT_SCHEMA } from '../../src/store/schema.ts';
import { fileOfHandle, privateCopies } from '../../src/store/source-door.ts';
import { systemClock } from '../../src/workers/doors.ts';

const schema = { ...CLIENT_SCHEMA, name: 'haulout-test-sources' };
const { signal } = new AbortController();
afterEach(() => deleteDB(schema.name));

const sources = () =>
  makeSources(
    {
      freeBytes: freeStorageBytes,
      persist: persistStorage,
      copies: privateCopies,
      fileOf: (handle) => fileOfHandle(handle, false),
    },
    systemClock,
  );

/** Writes down what is kept, and reads it as the next page does. */
async function passOn(source: KeptSource): Promise<KeptSource | undefined> {
  const page = () => {
    const store = new IndexedStore<JournalStores>(schema, ({ place }) => {
      throw new Error(`set aside: ${place}`);
    });
    return { store, journal: new Journal(store) };
  };
  const first = page();
  await first.journal.keepSource('job', 'a-blob', { metadata: new Uint8Array(3), source });
  await first.store.close();
  const next = page();
  const kept = await next.journal.source('job', 'a-blob');
  await next.store.close();
  return kept?.source;
}

async function textOf(kept: KeptSource | undefined): Promise<string | undefined> {
  const source = kept && (await sources().open('a-blob', kept));
  return source && new Blob([source]).text();
}

it('gives the next page the copy of a file, until it is not needed any more', async () => {
  const copy = await sources().copy('a-blob', new File(['some bytes'], 'name'), signal);
  const kept = copy && (await passOn(copy));
  expect(kept).toEqual({ kind: 'copy' });
  expect(await textOf(kept)).toBe('some bytes');
  await sources().forget('a-blob');
  expect(await textOf(kept)).toBeUndefined();
});

it('makes no copy after the upload was stopped', async () => {
  const stopped = await sources().copy('a-blob', new Blob(['bytes']), AbortSignal.abort());
  expect(stopped).toBeUndefined();
  expect(await textOf({ kind: 'copy' })).toBeUndefined();
});

it('gives the next page the file that was chosen, as long as it is there', async () => {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle('chosen', { create: true });
  const file = await handle.createWritable();
  await file.write('some bytes');
  await file.close();
  const kept = await passOn({ kind: 'handle', handle });
  expect(await textOf(kept)).toBe('some bytes');
  await root.removeEntry('chosen');
  expect(await textOf(kept)).toBeUndefined();
});

it('says within seconds whether the browser keeps what is stored', async () => {
  // Some ask the person, who does not answer here.
  expect([true, false, undefined]).toContain(await sources().persist());
}, 15_000);
