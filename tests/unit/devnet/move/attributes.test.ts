import { bcs } from '@mysten/sui/bcs';
import type { Transaction, TransactionObjectArgument } from '@mysten/sui/transactions';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { beforeAll, expect, test } from 'vitest';
import { type Calls, callsOf, expectAbort, madeUp } from '../../../support/devnet/walrus-calls.ts';
import { WalrusWorld } from '../../../support/devnet/walrus-world.ts';

let world: WalrusWorld;
let calls: Calls;
let id: string;
beforeAll(async () => {
  world = await WalrusWorld.open({ weights: [13] });
  calls = callsOf(world);
  id = await calls.newBlob(madeUp(1n));
});

const on = (work: (tx: Transaction, blob: TransactionObjectArgument) => void) =>
  world.run((tx) => work(tx, world.input(tx, id)));
const set = (key: string, value: string) =>
  on((tx, blob) =>
    world.call(tx, 'blob::insert_or_update_metadata_pair', [
      ...[blob, tx.pure.string(key), tx.pure.string(value)],
    ]),
  );
const unset = (key: string, name = 'remove_metadata_pair' as const) =>
  on((tx, blob) => world.call(tx, `blob::${name}`, [blob, tx.pure.string(key)]));

/** Where clients look for the attributes. */
const fieldId = () => {
  const name = bcs.vector(bcs.u8()).serialize([...new TextEncoder().encode('metadata')]);
  return deriveDynamicFieldID(id, 'vector<u8>', name.toBytes());
};
const attributes = () => {
  if (world.chain.ledger.objects.get(fieldId()) === undefined) return undefined;
  const { contents } = world.read(fieldId()).value.metadata;
  return contents.map(({ key, value }: { key: string; value: string }) => `${key}=${value}`);
};

test('removing without attributes aborts', async () => {
  expectAbort(await unset('a'), 'blob', 8);
  expectAbort(await on((tx, blob) => world.call(tx, 'blob::take_metadata', [blob])), 'blob', 8);
  const outcome = await on((tx, blob) =>
    world.call(tx, 'blob::remove_metadata_pair_if_exists', [blob, tx.pure.string('a')]),
  );
  expect(outcome.failure).toBeUndefined();
  expect(attributes()).toBeUndefined();
});

test('the first pair makes the map, a changed one moves to its end', async () => {
  await set('a', '1');
  await set('b', '2');
  await set('a', '3');
  expect(attributes()).toEqual(['b=2', 'a=3']);
});

test('a key that is not there aborts in the map', async () => {
  expectAbort(await unset('c'), 'vec_map', 1);
  expect((await unset('b')).failure).toBeUndefined();
  expect(attributes()).toEqual(['a=3']);
});

test('a second map is refused unless it replaces the first', async () => {
  const add = (name: 'add_metadata' | 'add_or_replace_metadata') =>
    on((tx, blob) => {
      const map = world.call(tx, 'metadata::new', []);
      const [key, value] = [tx.pure.string('new'), tx.pure.string('map')];
      world.call(tx, 'metadata::insert_or_update', [map, key, value] as never);
      world.call(tx, `blob::${name}`, [blob, map]);
    });
  expectAbort(await add('add_metadata'), 'blob', 7);
  expect((await add('add_or_replace_metadata')).failure).toBeUndefined();
  expect(attributes()).toEqual(['new=map']);
});

test('taking the map removes the field', async () => {
  await on((tx, blob) => world.call(tx, 'blob::take_metadata', [blob]));
  expect(attributes()).toBeUndefined();
  expect(world.chain.ledger.objects.ownedBy(id)).toEqual([]);
});
