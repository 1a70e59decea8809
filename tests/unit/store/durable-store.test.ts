import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { MemoryStore } from '../../../src/store/memory-store.ts';
import { indexedStoreCases } from '../../support/indexed-store-cases.ts';
import { storeContract, type TestStores } from '../../support/store-contract.ts';

storeContract('memory', async () => new MemoryStore());
indexedStoreCases();

it('goes back to an earlier snapshot of memory', async () => {
  const store = new MemoryStore<TestStores>();
  const write = (text: string) => store.commit([{ store: 'notes', key: 'a', value: { text } }]);
  await write('one');
  const snapshot = store.snapshot();
  await write('two');
  store.restore(snapshot);
  expect((await store.get('notes', 'a'))?.value.text).toBe('one');
});
