import type { Transaction, TransactionArgument } from '@mysten/sui/transactions';
import { hexToBytes } from '@noble/hashes/utils.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { blobIdFromInteger } from '../../../../src/protocol/blob-id.ts';
import { confirmationMessage } from '../../../../src/protocol/messages.ts';
import {
  type Calls,
  callsOf,
  expectAbort,
  type MadeUpBlob,
  madeUp,
} from '../../../support/devnet/walrus-calls.ts';
import { ALICE, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

let world: WalrusWorld;
let calls: Calls;
let pool: string;
const blob = madeUp(1n);
const other = madeUp(2n, 5000n);

beforeAll(async () => {
  world = await WalrusWorld.open();
  calls = callsOf(world);
  const outcome = await world.mustRun((tx) => {
    const args = [calls.system(tx), tx.pure.u64(50_000), tx.pure.u32(3), calls.wal(tx)];
    tx.transferObjects([world.call(tx, 'system::create_storage_pool', args)], ALICE);
  });
  const [event] = world.events(outcome);
  expect(event).toMatchObject({
    name: 'StoragePoolCreated',
    value: { reserved_encoded_capacity_bytes: 50_000n, start_epoch: 1, end_epoch: 4 },
  });
  pool = event?.value['storage_pool_id'] as string;
});

const inner = () => {
  const field = world.chain.ledger.objects.ownedBy(pool)[0];
  return world.read(field?.id ?? '').value;
};
type Args = (tx: Transaction, pool: TransactionArgument) => TransactionArgument[];
const onSystem = (name: string, args: Args) =>
  world.run((tx) => {
    const held = world.input(tx, pool);
    const result = world.call(tx, `system::${name}`, [
      calls.system(tx),
      held,
      ...args(tx, held),
    ] as never);
    if (name.startsWith('decrease')) tx.transferObjects([result], ALICE);
  });
const register = (added: MadeUpBlob, deletable = true) =>
  onSystem('register_pooled_blob', (tx) => [
    ...[tx.pure.u256(added.blobId), tx.pure.u256(added.rootHash), tx.pure.u64(added.size)],
    ...[tx.pure.u8(1), tx.pure.bool(deletable), calls.wal(tx)],
  ]);
const remove = (id: bigint) => onSystem('delete_pooled_blob', (tx) => [tx.pure.u256(id)]);

describe('a storage pool', () => {
  test('holds blobs, one per ID, as far as they fit', async () => {
    const outcome = await register(blob);
    expect(world.events(outcome)).toMatchObject([
      { name: 'PooledBlobRegistered', value: { unencoded_size: 1000n, storage_pool_id: pool } },
    ]);
    expect(inner()).toMatchObject({ used_encoded_bytes: blob.encoded, blob_count: 1n });
    expectAbort(await register(blob), 'dynamic_field', 0);
    expectAbort(await register(madeUp(3n, 100_000n)), 'storage_pool', 6);
    expectAbort(await register({ ...other, rootHash: 9n }), 'storage_pool', 3);
    expect((await register(other, false)).failure).toBeUndefined();
    expect(inner().blobs.size).toBe(2n);
  });

  test('certifies by the object of the blob', async () => {
    const objectId = world.chain.ledger.objects
      .ownedBy(inner().blobs.id)
      .map(({ id }) => world.read(id).value)
      .find((id: string) => world.read(id).blob_id === blob.blobId) as string;
    const certify = (message: Uint8Array, id = blob.blobId) => {
      const signed = world.certificate(message);
      return onSystem('certify_pooled_blob', (tx) => [
        tx.pure.u256(id),
        ...[signed.signature, signed.bitmap, signed.message].map((b) => tx.pure.vector('u8', b)),
      ]);
    };
    const blobId = blobIdFromInteger(blob.blobId);
    const named = (id: string) =>
      confirmationMessage({ epoch: 1, blobId, objectId: hexToBytes(id.slice(2)) });
    expectAbort(await certify(confirmationMessage({ epoch: 1, blobId })), 'storage_pool', 4);
    expectAbort(await certify(named(pool)), 'storage_pool', 5);
    expectAbort(await certify(named(objectId), other.blobId), 'storage_pool', 3);
    expectAbort(await certify(named(objectId), 77n), 'dynamic_field', 1);
    const outcome = await certify(named(objectId));
    expect(world.events(outcome)).toMatchObject([
      { name: 'PooledBlobCertified', value: { object_id: objectId, storage_pool_id: pool } },
    ]);
    expectAbort(await certify(named(objectId)), 'storage_pool', 2);
  });

  test('grows, in time and in size', async () => {
    const extend = (epochs: number) =>
      onSystem('extend_storage_pool', (tx) => [tx.pure.u32(epochs), calls.wal(tx)]);
    expectAbort(await extend(0), 'system_state_inner', 2);
    expectAbort(await extend(51), 'system_state_inner', 2);
    expect(world.events(await extend(2))).toMatchObject([
      { name: 'StoragePoolExtended', value: { new_end_epoch: 6 } },
    ]);
    const increase = (bytes: number) =>
      onSystem('increase_storage_pool_capacity', (tx) => [tx.pure.u64(bytes), calls.wal(tx)]);
    expectAbort(await increase(0), 'system_state_inner', 11);
    expect((await increase(1000)).failure).toBeUndefined();
    expect(inner().storage).toMatchObject({ end_epoch: 6, storage_size: 51_000n });
  });

  test('takes in storage that ends with it', async () => {
    const take = (epochs: number) =>
      onSystem('increase_storage_pool_capacity_with_storage', (tx) => [
        calls.reserve(tx, 500, epochs),
      ]);
    expectAbort(await take(4), 'storage_pool', 11);
    expect((await take(5)).failure).toBeUndefined();
    expect(inner().storage.storage_size).toBe(51_500n);
  });

  test('gives unused storage back', async () => {
    const shrink = (size: number) =>
      onSystem('decrease_storage_pool_capacity_by_size', (tx) => [tx.pure.u64(size)]);
    const byPercent = (percent: number) =>
      onSystem('decrease_storage_pool_unused_capacity_by_percent', (tx) => [tx.pure.u8(percent)]);
    expectAbort(await shrink(50_000), 'storage_pool', 6);
    expectAbort(await shrink(0), 'system', 2);
    expectAbort(await byPercent(101), 'storage_pool', 14);
    expectAbort(await byPercent(0), 'system', 2);
    expect((await shrink(1500)).failure).toBeUndefined();
    expect((await byPercent(100)).failure).toBeUndefined();
    expect(inner().storage.storage_size).toBe(blob.encoded + other.encoded);
  });

  test('has attributes for each blob', async () => {
    const on = (name: string, ...more: string[]) =>
      world.run((tx) => {
        const args = [world.input(tx, pool), tx.pure.u256(blob.blobId)];
        const texts = more.map((text) => tx.pure.string(text));
        world.call(tx, `storage_pool::${name}`, [...args, ...texts] as never);
      });
    expectAbort(await on('remove_blob_metadata_pair', 'a'), 'storage_pool', 13);
    const set = await on('insert_or_update_blob_metadata_pair', 'a', 'b');
    expect(set.failure).toBeUndefined();
    expect((await on('remove_blob_metadata_pair', 'a')).failure).toBeUndefined();
    const twice = await world.run((tx) => {
      const args = [world.input(tx, pool), tx.pure.u256(blob.blobId)];
      const map = world.call(tx, 'metadata::new', []);
      world.call(tx, 'storage_pool::add_blob_metadata', [...args, map] as never);
    });
    expectAbort(twice, 'storage_pool', 12);
  });

  test('lets go of deletable blobs only, and of itself when it is empty', async () => {
    expectAbort(await remove(other.blobId), 'storage_pool', 0);
    expectAbort(await remove(5n), 'dynamic_field', 1);
    const expired = await onSystem('burn_expired_pooled_blob', (tx) => [tx.pure.u256(1n)]);
    expectAbort(expired, 'system_state_inner', 2);
    expect(world.events(await remove(blob.blobId))).toMatchObject([
      { name: 'PooledBlobDeleted', value: { was_certified: true, storage_pool_id: pool } },
    ]);
    const destroy = await world.run((tx) => {
      const storage = world.call(tx, 'storage_pool::destroy', [world.input(tx, pool)]);
      tx.transferObjects([storage], ALICE);
    });
    expectAbort(destroy, 'storage_pool', 7);
  });
});

test('an empty pool gives its reservation back', async () => {
  const outcome = await world.mustRun((tx) => {
    const storage = calls.reserve(tx, 1234, 2);
    const made = world.call(tx, 'system::create_storage_pool_with_storage', [
      ...[calls.system(tx), storage],
    ]);
    tx.transferObjects([world.call(tx, 'storage_pool::destroy', [made])], ALICE);
  });
  const created = outcome.changes.filter(({ after }) => after?.type.endsWith('::Storage'));
  expect(created.map(({ id }) => world.read(id).storage_size)).toEqual([1234n]);
});
