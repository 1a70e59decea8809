import { beforeEach, describe, expect, test } from 'vitest';
import { blobIdFromInteger } from '../../../../src/protocol/blob-id.ts';
import { confirmationMessage } from '../../../../src/protocol/messages.ts';
import { type Calls, callsOf, expectAbort, madeUp } from '../../../support/devnet/walrus-calls.ts';
import {
  countWal,
  type Epochs,
  epochsOf,
  walSupply,
} from '../../../support/devnet/walrus-epochs.ts';
import { ALICE, HOUR_MS, WAL, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

let world: WalrusWorld;
let calls: Calls;
let epochs: Epochs;
beforeEach(async () => {
  world = await WalrusWorld.open({ epochDurationMs: HOUR_MS });
  calls = callsOf(world);
  epochs = epochsOf(world);
});

const stateOf = () => world.staking.epoch_state.$kind;

test('an epoch ends in three steps, each in its time', async () => {
  expectAbort(await epochs.initiate(), 'staking_inner', 6, 'next_bls_committee');
  expectAbort(await epochs.votingEnd(), 'staking_inner', 0, 'voting_end');
  world.clock.ms += HOUR_MS / 2 - 1;
  expectAbort(await epochs.votingEnd(), 'staking_inner', 0);
  world.clock.ms += 1;
  expect(world.events(await epochs.votingEnd())).toEqual([
    { name: 'EpochParametersSelected', value: { next_epoch: 2 } },
  ]);
  expect(stateOf()).toBe('NextParamsSelected');
  expect(world.staking.next_committee).toEqual(world.staking.committee);
  expectAbort(await epochs.votingEnd(), 'staking_inner', 0);

  world.clock.ms += HOUR_MS / 2 - 1;
  expectAbort(await epochs.initiate(), 'staking_inner', 0, 'initiate_epoch_change');
  world.clock.ms += 1;
  expect(world.events(await epochs.initiate())).toEqual([
    { name: 'EpochChangeStart', value: { epoch: 2 } },
    { name: 'PricesUpdated', value: { epoch: 2, storage_price: 100_000n, write_price: 20_000n } },
  ]);
  expect(stateOf()).toBe('EpochChangeSync');
  expect([world.staking.epoch, world.system.committee.epoch]).toEqual([2, 2]);
  expect(world.staking.next_committee).toBeNull();
  expect(world.staking.previous_committee).toEqual(world.staking.committee);

  expectAbort(await epochs.syncDone(0, 1), 'staking_inner', 1);
  expect(world.events(await epochs.syncDone(0))).toEqual([
    { name: 'ShardsReceived', value: { epoch: 2, shards: [0, 1, 2] } },
  ]);
  expectAbort(await epochs.syncDone(0), 'staking_inner', 2);
  expect(world.staking.epoch_state.EpochChangeSync).toBe(3);
  await epochs.syncDone(1);
  expect(world.events(await epochs.syncDone(2)).map(({ name }) => name)).toEqual([
    'EpochChangeDone',
    'ShardsReceived',
  ]);
  expect(world.staking.epoch_state.EpochChangeDone).toBe(BigInt(world.clock.ms));
  expect((await epochs.syncDone(4)).failure).toBeUndefined(); // late, and welcome
});

test('the account of the ended epoch is paid out, after a part is burned', async () => {
  expect(countWal(world)).toBe(walSupply(world));
  await calls.newBlob(madeUp(1n), 2); // 1 unit: 2 * 100,000 storage, 20,000 write
  const supply = walSupply(world);
  await epochs.advance();
  // 120,000 of epoch 1, less 3 percent: 116,400; per shard 8953.8, rounded down per node.
  expect(supply - walSupply(world)).toBe(3_600n);
  const poolOf = (index: number) => world.read(world.nodeId(index));
  const paid = [3n, 3n, 3n, 2n, 2n].map((weight) => (116_400n * weight) / 13n);
  const commissions = paid.map((amount) => (amount * 500n) / 10_000n);
  expect([0, 1, 2, 3, 4].map((i) => poolOf(i).commission.value)).toEqual(commissions);
  const rewards = paid.map((amount, i) => amount - (commissions[i] ?? 0n));
  expect([0, 1, 2, 3, 4].map((i) => poolOf(i).rewards_pool.value)).toEqual(rewards);
  expect(poolOf(0).wal_balance).toBe(30_000n * WAL + (rewards[0] ?? 0n));
  const left = 116_400n - paid.reduce((sum, amount) => sum + amount, 0n);
  const [current] = ringOf();
  expect(current).toEqual({ epoch: 2, used: 15_600n, rewards: 100_000n + left });
  expect(countWal(world)).toBe(walSupply(world));
});

test('accounts move on with the epochs', async () => {
  await world.mustRun((tx) => tx.transferObjects([calls.reserve(tx, 500, 2)], ALICE));
  await epochs.advance();
  const ring = ringOf();
  expect(ring.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 53 }, (_, i) => i + 2));
  expect(ring.slice(0, 2).map(({ used }) => used)).toEqual([500n, 0n]);
  expect(world.system.used_capacity_size).toBe(500n);
  await epochs.advance();
  expect(world.system.used_capacity_size).toBe(0n);
  expect(countWal(world)).toBe(walSupply(world));
});

/** The accounts from the current epoch on. */
function ringOf() {
  const { ring_buffer, current_index } = world.system.future_accounting;
  type Slot = { epoch: number; used_capacity: bigint; rewards_to_distribute: { value: bigint } };
  const slots: Slot[] = [
    ...ring_buffer.slice(current_index),
    ...ring_buffer.slice(0, current_index),
  ];
  return slots.map(({ epoch, used_capacity, rewards_to_distribute }) => ({
    epoch,
    used: used_capacity,
    rewards: rewards_to_distribute.value,
  }));
}

describe('after its epochs', () => {
  test('a blob cannot be certified, extended or deleted, but burned', async () => {
    const [fresh, old] = [await calls.newBlob(madeUp(1n), 1), await calls.newBlob(madeUp(2n), 1)];
    await calls.certifyBlob(old);
    await epochs.advance();
    const certified = await world.run((tx) =>
      calls.certify(tx, fresh, world.certificate(calls.messageFor(fresh))),
    );
    expectAbort(certified, 'blob', 2, 'certify_with_certified_msg');
    const extended = await world.run((tx) =>
      world.call(tx, 'system::extend_blob', [
        ...[calls.system(tx), world.input(tx, old), tx.pure.u32(1), calls.wal(tx)],
      ]),
    );
    expectAbort(extended, 'blob', 2, 'assert_certified_not_expired');
    const deleted = await world.run((tx) => {
      const args = [calls.system(tx), world.input(tx, old)];
      tx.transferObjects([world.call(tx, 'system::delete_blob', args)], ALICE);
    });
    expectAbort(deleted, 'blob', 2, 'delete');
    await world.mustRun((tx) => world.call(tx, 'blob::burn', [world.input(tx, old)]));
  });

  test('a pool takes no more blobs, and its blobs can be burned', async () => {
    const blob = madeUp(1n);
    const made = await world.mustRun((tx) => {
      const args = [calls.system(tx), tx.pure.u64(50_000), tx.pure.u32(1), calls.wal(tx)];
      tx.transferObjects([world.call(tx, 'system::create_storage_pool', args)], ALICE);
    });
    const pool = world.events(made)[0]?.value['storage_pool_id'] as string;
    const register = (added: typeof blob) =>
      world.run((tx) =>
        world.call(tx, 'system::register_pooled_blob', [
          ...[calls.system(tx), world.input(tx, pool), tx.pure.u256(added.blobId)],
          ...[tx.pure.u256(added.rootHash), tx.pure.u64(added.size), tx.pure.u8(1)],
          ...[tx.pure.bool(false), calls.wal(tx)],
        ]),
      );
    expect((await register(blob)).failure).toBeUndefined();
    await epochs.advance();
    expectAbort(await register(madeUp(2n)), 'system_state_inner', 2);
    const certify = await world.run((tx) => {
      const message = confirmationMessage({ epoch: 2, blobId: blobIdFromInteger(blob.blobId) });
      const signed = world.certificate(message);
      world.call(tx, 'system::certify_pooled_blob', [
        ...[calls.system(tx), world.input(tx, pool), tx.pure.u256(blob.blobId)],
        ...[signed.signature, signed.bitmap, signed.message].map((bytes) =>
          tx.pure.vector('u8', bytes),
        ),
      ]);
    });
    expectAbort(certify, 'storage_pool', 1, 'certify');
    await world.mustRun((tx) =>
      world.call(tx, 'system::burn_expired_pooled_blob', [
        ...[calls.system(tx), world.input(tx, pool), tx.pure.u256(blob.blobId)],
      ]),
    );
    await world.mustRun((tx) => {
      const storage = world.call(tx, 'storage_pool::destroy', [world.input(tx, pool)]);
      tx.transferObjects([storage], ALICE);
    });
  });
});

test('a storage reservation that has ended is of no use', async () => {
  const blob = madeUp(1n);
  await world.mustRun((tx) => tx.transferObjects([calls.reserve(tx, blob.encoded, 1)], ALICE));
  await epochs.advance();
  const [storage] = world.owned(ALICE, world.types.storage);
  const outcome = await world.run((tx) => {
    const created = calls.register(tx, world.input(tx, storage?.id ?? ''), blob);
    tx.transferObjects([created], ALICE);
  });
  expectAbort(outcome, 'blob', 2, 'new');
});

test('certificates of the last epoch are refused, also while shards still move', async () => {
  const id = await calls.newBlob(madeUp(1n), 5);
  const signed = world.certificate(calls.messageFor(id));
  world.clock.ms += HOUR_MS;
  await epochs.votingEnd();
  await epochs.initiate();
  expectAbort(await world.run((tx) => calls.certify(tx, id, signed)), 'messages', 1);
  await calls.certifyBlob(id);
  expect(world.read(id).certified_epoch).toBe(2);
});

test('a pool is made of storage of now, not of later', async () => {
  const outcome = await world.run((tx) => {
    const later = world.call(tx, 'system::reserve_space_for_epochs', [
      ...[calls.system(tx), tx.pure.u64(500), tx.pure.u32(2), tx.pure.u32(3), calls.wal(tx)],
    ] as never);
    const made = world.call(tx, 'system::create_storage_pool_with_storage', [
      ...[calls.system(tx), later],
    ] as never);
    tx.transferObjects([made], ALICE);
  });
  expectAbort(outcome, 'system_state_inner', 2, 'create_storage_pool_with_storage');
});

test('a storage reservation of the future can be used when it begins', async () => {
  const blob = madeUp(1n);
  await world.mustRun((tx) => {
    const storage = world.call(tx, 'system::reserve_space_for_epochs', [
      ...[calls.system(tx), tx.pure.u64(blob.encoded), tx.pure.u32(2), tx.pure.u32(3)],
      calls.wal(tx),
    ]);
    tx.transferObjects([storage], ALICE);
  });
  const register = () => {
    const [storage] = world.owned(ALICE, world.types.storage);
    return world.run((tx) => {
      const created = calls.register(tx, world.input(tx, storage?.id ?? ''), blob);
      tx.transferObjects([created], ALICE);
    });
  };
  expectAbort(await register(), 'blob', 2);
  await epochs.advance();
  expect((await register()).failure).toBeUndefined();
});
