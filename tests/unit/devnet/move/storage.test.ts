import { beforeAll, describe, expect, test } from 'vitest';
import { type Calls, callsOf, expectAbort } from '../../../support/devnet/walrus-calls.ts';
import { ALICE, BOB, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

let world: WalrusWorld;
let calls: Calls;
beforeAll(async () => {
  world = await WalrusWorld.open({ capacity: 100_000_000n });
  calls = callsOf(world);
});

const reserve = (bytes: bigint | number, epochs: number) =>
  world.run((tx) => tx.transferObjects([calls.reserve(tx, bytes, epochs)], ALICE));

describe('reserve_space', () => {
  test('charges every epoch into the account of that epoch', async () => {
    const before = world.read(world.coin(ALICE)).balance.value;
    expect((await reserve(1_048_577, 3)).failure).toBeUndefined(); // two units
    expect(before - world.read(world.coin(ALICE)).balance.value).toBe(600_000n);
    const ring = world.system.future_accounting.ring_buffer;
    const rewards = ring.slice(0, 4).map((slot: { rewards_to_distribute: object }) => slot);
    expect(
      rewards.map(
        (slot: { rewards_to_distribute: { value: bigint } }) => slot.rewards_to_distribute.value,
      ),
    ).toEqual([200_000n, 200_000n, 200_000n, 0n]);
    expect(world.system.used_capacity_size).toBe(1_048_577n);
    const [storage] = world.owned(ALICE, world.types.storage);
    expect(world.read(storage?.id ?? '')).toMatchObject({
      start_epoch: 1,
      end_epoch: 4,
      storage_size: 1_048_577n,
    });
  });

  test('takes 1 to 53 epochs', async () => {
    expectAbort(await reserve(1, 0), 'system_state_inner', 2, 'reserve_space');
    expectAbort(await reserve(1, 54), 'system_state_inner', 2, 'reserve_space');
    expect((await reserve(1, 53)).failure).toBeUndefined();
  });

  test('takes no empty reservation', async () => {
    expectAbort(await reserve(0, 1), 'system_state_inner', 11);
  });

  test('keeps to the capacity of every epoch', async () => {
    expectAbort(await reserve(100_000_001, 1), 'system_state_inner', 1);
    const later = await world.run((tx) => {
      const storage = world.call(tx, 'system::reserve_space_for_epochs', [
        calls.system(tx),
        tx.pure.u64(99_000_000),
        ...[tx.pure.u32(3), tx.pure.u32(5)],
        calls.wal(tx),
      ]);
      tx.transferObjects([storage], ALICE);
    });
    expectAbort(later, 'system_state_inner', 1); // epoch 3 is taken in part
  });

  test('aborts in the balance when the coin is too small', async () => {
    const outcome = await world.run((tx) => {
      const [little] = tx.splitCoins(calls.wal(tx), [199_999]);
      if (little === undefined) throw new Error('no coin');
      tx.transferObjects([calls.reserve(tx, 1, 2, little), little], ALICE);
    });
    expectAbort(outcome, 'balance', 2, 'split');
  });

  test('a price over u64 is an arithmetic error', async () => {
    const dear = await WalrusWorld.open({ weights: [13], storagePrice: 2n ** 63n });
    const run = (bytes: number) =>
      dear.run((tx) => tx.transferObjects([callsOf(dear).reserve(tx, bytes, 1)], ALICE));
    expectAbort(await run(1), 'balance', 2);
    expect((await run(1_048_577)).failure?.reason.kind).toBe('MovePrimitiveRuntimeError');
  });
});

describe('reserve_space_for_epochs', () => {
  const run = (start: number, end: number) =>
    world.run((tx) => {
      const storage = world.call(tx, 'system::reserve_space_for_epochs', [
        calls.system(tx),
        tx.pure.u64(1000),
        ...[tx.pure.u32(start), tx.pure.u32(end)],
        calls.wal(tx),
      ]);
      tx.transferObjects([storage], BOB);
    });

  test('starts in the current epoch at the earliest', async () => {
    expect((await run(0, 2)).failure).toBeUndefined();
    const [storage] = world.owned(BOB, world.types.storage);
    expect(world.read(storage?.id ?? '')).toMatchObject({ start_epoch: 1, end_epoch: 2 });
  });

  test('takes no empty period and none that ends too late', async () => {
    expectAbort(await run(3, 3), 'system_state_inner', 2);
    expectAbort(await run(0, 1), 'system_state_inner', 2);
    expectAbort(await run(5, 55), 'system_state_inner', 2);
    expect((await run(5, 54)).failure).toBeUndefined();
  });
});

describe('storage_resource', () => {
  /** Reserves 1000 bytes for epochs 1 to 4 and does something with it. */
  const withStorage = (
    work: (
      tx: Parameters<Parameters<WalrusWorld['run']>[0]>[0],
      storage: ReturnType<Calls['reserve']>,
    ) => void,
  ) =>
    world.run((tx) => {
      const storage = calls.reserve(tx, 1000, 3);
      work(tx, storage);
    });
  const shapes = async (outcome: Awaited<ReturnType<typeof withStorage>>) => {
    expect(outcome.failure).toBeUndefined();
    return outcome.changes
      .filter(
        ({ idOperation, after }) => idOperation === 'created' && after?.type.endsWith('::Storage'),
      )
      .map(({ id }) => world.read(id))
      .map((storage) => [storage.start_epoch, storage.end_epoch, storage.storage_size])
      .sort((a, b) => a[0] - b[0] || Number(a[2] - b[2]));
  };

  test('splits by epoch, strictly inside', async () => {
    const split = (epoch: number) =>
      withStorage((tx, storage) => {
        const rest = world.call(tx, 'storage_resource::split_by_epoch', [
          storage,
          tx.pure.u32(epoch),
        ]);
        tx.transferObjects([storage, rest], ALICE);
      });
    expect(await shapes(await split(2))).toEqual([
      [1, 2, 1000n],
      [2, 4, 1000n],
    ]);
    expectAbort(await split(1), 'storage_resource', 0);
    expectAbort(await split(4), 'storage_resource', 0);
  });

  test('splits by size: the argument keeps it, the rest is returned', async () => {
    const split = (size: number) =>
      withStorage((tx, storage) => {
        const rest = world.call(tx, 'storage_resource::split_by_size', [
          storage,
          tx.pure.u64(size),
        ]);
        tx.transferObjects([storage, rest], ALICE);
      });
    expect(await shapes(await split(400))).toEqual([
      [1, 4, 400n],
      [1, 4, 600n],
    ]);
    expect(await shapes(await split(1000))).toEqual([
      [1, 4, 0n],
      [1, 4, 1000n],
    ]);
    expectAbort(await split(1001), 'storage_resource', 2);
  });

  test('fuses what fits together', async () => {
    const epochs = await withStorage((tx, storage) => {
      const rest = world.call(tx, 'storage_resource::split_by_epoch', [storage, tx.pure.u32(2)]);
      world.call(tx, 'storage_resource::fuse', [rest, storage]); // backwards
      tx.transferObjects([rest], ALICE);
    });
    expect(await shapes(epochs)).toEqual([[1, 4, 1000n]]);
    const sizes = await withStorage((tx, storage) => {
      const rest = world.call(tx, 'storage_resource::split_by_size', [storage, tx.pure.u64(1)]);
      world.call(tx, 'storage_resource::fuse', [storage, rest]);
      tx.transferObjects([storage], ALICE);
    });
    expect(await shapes(sizes)).toEqual([[1, 4, 1000n]]);
  });

  test('does not fuse what does not', async () => {
    const fuse = (bytes: number, epochs: number, name: 'fuse' | 'fuse_periods' | 'fuse_amount') =>
      withStorage((tx, storage) => {
        world.call(tx, `storage_resource::${name}`, [storage, calls.reserve(tx, bytes, epochs)]);
        tx.transferObjects([storage], ALICE);
      });
    expectAbort(await fuse(999, 3, 'fuse_periods'), 'storage_resource', 2);
    expectAbort(await fuse(1000, 3, 'fuse_periods'), 'storage_resource', 1);
    expectAbort(await fuse(1000, 2, 'fuse_amount'), 'storage_resource', 1);
    expectAbort(await fuse(1000, 2, 'fuse'), 'storage_resource', 1);
  });

  test('is destroyed without a refund', async () => {
    const outcome = await withStorage((tx, storage) => {
      world.call(tx, 'storage_resource::destroy', [storage]);
    });
    expect(await shapes(outcome)).toEqual([]);
  });

  test('cannot be dropped', async () => {
    const { failure } = await withStorage(() => {});
    expect(failure?.reason.kind).toBe('UnusedValueWithoutDrop');
  });
});

test('subsidies go to the accounts of the coming epochs, what is left over to the first', async () => {
  const before = world.system.future_accounting.ring_buffer.map(
    (slot: { rewards_to_distribute: { value: bigint } }) => slot.rewards_to_distribute.value,
  );
  const add = (epochs: number) =>
    world.run((tx) => {
      const [part] = tx.splitCoins(calls.wal(tx), [11n]);
      if (part === undefined) throw new Error('no coin');
      world.call(tx, 'system::add_subsidy', [calls.system(tx), part, tx.pure.u32(epochs)]);
    });
  expect((await add(3)).failure).toBeUndefined();
  const after = world.system.future_accounting.ring_buffer.map(
    (slot: { rewards_to_distribute: { value: bigint } }) => slot.rewards_to_distribute.value,
  );
  const added = after.map((value: bigint, i: number) => value - before[i]);
  expect(added.slice(0, 4)).toEqual([5n, 3n, 3n, 0n]);
  expectAbort(await add(0), 'system_state_inner', 2);
  expectAbort(await add(54), 'system_state_inner', 2);
});

test('another version of the package is refused', async () => {
  world.packageId = world.ids.originalPackageId;
  expectAbort(await reserve(1000, 1), 'system', 1, 'inner_mut');
  world.packageId = world.ids.packageId;
});
