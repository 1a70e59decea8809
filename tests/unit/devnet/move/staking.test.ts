import { beforeEach, describe, expect, test } from 'vitest';
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
  world = await WalrusWorld.open({ epochDurationMs: HOUR_MS, stakePerShard: 100n * WAL });
  calls = callsOf(world);
  epochs = epochsOf(world);
});

const weights = () =>
  world.staking.committee.contents.map(({ value }: { value: number[] }) => value.length);
const allShards = () =>
  world.staking.committee.contents
    .flatMap(({ value }: { value: number[] }) => value)
    .sort((a: number, b: number) => a - b);
const stakes = () => world.owned(ALICE, world.types.stakedWal).map(({ id }) => world.read(id));
const walOf = (owner: string) =>
  world
    .owned(owner, world.types.walCoin)
    .reduce((sum, { id }) => sum + world.read(id).balance.value, 0n);

describe('stake_with_pool', () => {
  test('counts for the epoch after the next vote and moves as few shards as it takes', async () => {
    const before = world.staking.committee.contents;
    expect((await epochs.stake(world.nodeId(4), 300n * WAL)).failure).toBeUndefined();
    expect(stakes()).toMatchObject([{ activation_epoch: 2, principal: { value: 300n * WAL } }]);
    await epochs.advance();
    expect(weights()).toEqual([3, 3, 2, 1, 4]);
    expect(allShards()).toEqual(Array.from({ length: 13 }, (_, i) => i));
    const kept = world.staking.committee.contents.map(
      ({ value }: { value: number[] }, i: number) =>
        value.filter((shard) => before[i].value.includes(shard)).length,
    );
    expect(kept).toEqual([3, 3, 2, 1, 2]);
    expect(world.system.committee.members.map(({ weight }: { weight: number }) => weight)).toEqual(
      weights(),
    );
    expect(countWal(world)).toBe(walSupply(world));
  });

  test('after the vote it counts one epoch later', async () => {
    world.clock.ms += HOUR_MS / 2;
    await epochs.votingEnd();
    await epochs.stake(world.nodeId(4), 300n * WAL);
    expect(stakes()[0].activation_epoch).toBe(3);
    world.clock.ms += HOUR_MS / 2;
    await epochs.initiate();
    expect(weights()).toEqual([3, 3, 3, 2, 2]);
    for (const index of [0, 1, 2]) await epochs.syncDone(index);
    await epochs.advance();
    expect(weights()).toEqual([3, 3, 2, 1, 4]);
  });

  test('is called in the current version of the package', async () => {
    world.packageId = world.ids.originalPackageId;
    expectAbort(await epochs.stake(world.nodeId(0), WAL), 'staking', 1, 'inner_mut');
  });

  test('takes 1 WAL or more, for a pool that exists', async () => {
    expectAbort(await epochs.stake(world.nodeId(0), WAL - 1n), 'staked_wal', 7);
    expectAbort(await epochs.stake(world.nodeId(0), 0n), 'staking_pool', 7);
    expectAbort(await epochs.stake(ALICE, WAL), 'dynamic_field', 1);
  });
});

describe('withdrawing', () => {
  test('before the vote, stake that does not count yet comes back at once', async () => {
    await epochs.stake(world.nodeId(0), 5n * WAL);
    const [{ id }] = stakes();
    expectAbort(await epochs.requestWithdraw(id), 'staking_pool', 13);
    const before = walOf(ALICE);
    expect((await epochs.withdraw(id)).failure).toBeUndefined();
    expect(walOf(ALICE) - before).toBe(5n * WAL);
    expect(world.read(world.nodeId(0)).pending_stake.contents).toEqual([{ key: 2, value: 0n }]);
  });

  test('active stake is asked for, then waits for the end of the epoch', async () => {
    await epochs.stake(world.nodeId(0), 300n * WAL);
    await epochs.advance();
    await calls.newBlob(madeUp(1n), 1); // something to earn
    await epochs.advance();
    const [{ id }] = stakes();
    expectAbort(await epochs.withdraw(id), 'staking_pool', 10);
    expect((await epochs.requestWithdraw(id)).failure).toBeUndefined();
    expectAbort(await epochs.requestWithdraw(id), 'staking_pool', 8);
    expectAbort(await epochs.withdraw(id), 'staking_pool', 11);
    await epochs.advance();
    const before = walOf(ALICE);
    expect((await epochs.withdraw(id)).failure).toBeUndefined();
    const back = walOf(ALICE) - before;
    expect(back).toBeGreaterThan(300n * WAL); // with rewards
    expect(back).toBeLessThan(300n * WAL + 120_000n);
    expect(countWal(world)).toBe(walSupply(world));
  });

  test('rewards are foreseen for any epochs at once', async () => {
    const outcome = await world.mustRun((tx) =>
      world.call(tx, 'staking::calculate_rewards', [
        ...[calls.staking(tx), tx.pure.id(world.nodeId(0)), tx.pure.u64(WAL)],
        ...[tx.pure.u32(0), tx.pure.u32(2 ** 32 - 1)],
      ]),
    );
    expect(outcome.returned[0]?.[0]?.bytes).toEqual(new Uint8Array(8));
  });

  test('asked for after the vote, it serves one epoch more', async () => {
    world.clock.ms += HOUR_MS / 2;
    await epochs.votingEnd();
    expect((await epochs.requestWithdraw(world.nodeStake(0))).failure).toBeUndefined();
    expect(world.read(world.nodeStake(0)).state.Withdrawing.withdraw_epoch).toBe(3);
  });

  test('a node without stake leaves, and its stake is free', async () => {
    await epochs.requestWithdraw(world.nodeStake(1));
    await epochs.advance();
    expect(world.staking.committee.contents.map(({ key }: { key: string }) => key)).not.toContain(
      world.nodeId(1),
    );
    expect(allShards()).toEqual(Array.from({ length: 13 }, (_, i) => i));
    expect((await epochs.withdraw(world.nodeStake(1))).failure).toBeUndefined();
    expectAbort(await epochs.syncDone(1), 'staking_inner', 4);
    expect(countWal(world)).toBe(walSupply(world));
  });

  test('stakes are split and joined', async () => {
    await epochs.stake(world.nodeId(0), 3n * WAL);
    const [{ id }] = stakes();
    const split = (amount: bigint) =>
      world.run((tx) => {
        const args = [world.input(tx, id), tx.pure.u64(amount)];
        tx.transferObjects([world.call(tx, 'staked_wal::split', args)], ALICE);
      });
    expectAbort(await split(3n * WAL), 'staked_wal', 2);
    expectAbort(await split(WAL - 1n), 'staked_wal', 7);
    expectAbort(await split(2n * WAL + 1n), 'staked_wal', 7);
    expect((await split(WAL)).failure).toBeUndefined();
    const join = (other: string) =>
      world.run((tx) =>
        world.call(tx, 'staked_wal::join', [world.input(tx, id), world.input(tx, other)]),
      );
    const part = stakes().find((stake) => stake.id !== id);
    await epochs.stake(world.nodeId(1), WAL);
    const foreign = stakes().find(({ node_id }) => node_id === world.nodeId(1));
    expectAbort(await join(foreign.id), 'staked_wal', 1);
    expect((await join(part.id)).failure).toBeUndefined();
    expect(world.read(id).principal.value).toBe(3n * WAL);
  });
});

describe('votes', () => {
  const prices = () => [
    world.system.storage_price_per_unit_size,
    world.system.write_price_per_unit_size,
  ];
  const vote = (index: number, name: string, value: bigint) =>
    epochs.asNode(index, `set_${name}_vote`, (tx) => [tx.pure.u64(value)]);

  test('a price comes into force when a quorum finds it enough', async () => {
    for (const index of [0, 1]) await vote(index, 'storage_price', 300_000n);
    expect(world.events(await epochs.updatePrices())).toEqual([
      { name: 'PricesUpdated', value: { epoch: 1, storage_price: 300_000n, write_price: 20_000n } },
    ]);
    // 6 of 13 want more: without them there is no quorum for less.
    expect(prices()).toEqual([300_000n, 20_000n]);
    await vote(0, 'storage_price', 100_000n);
    await epochs.updatePrices();
    expect(prices()).toEqual([100_000n, 20_000n]); // one node of weight 3 cannot keep it up
    await vote(4, 'write_price', 1n);
    await epochs.updatePrices();
    expect(prices()).toEqual([100_000n, 20_000n]);
  });

  test('the price changes in the middle of an epoch, for everyone', async () => {
    for (const index of [0, 1, 2]) await vote(index, 'storage_price', 200_000n);
    await epochs.updatePrices();
    const before = walOf(ALICE);
    await world.mustRun((tx) => tx.transferObjects([calls.reserve(tx, 1, 1)], ALICE));
    expect(before - walOf(ALICE)).toBe(200_000n);
  });

  test('a price that fell is charged at once, whatever coin it is taken from', async () => {
    for (const index of [0, 1, 2, 3, 4]) await vote(index, 'storage_price', 40_000n);
    await epochs.updatePrices();
    const before = walOf(ALICE);
    await world.mustRun((tx) => tx.transferObjects([calls.reserve(tx, 1, 2)], ALICE));
    expect(before - walOf(ALICE)).toBe(80_000n);
    // A coin that was cut for the old price is not empty afterwards.
    const exact = await world.run((tx) => {
      const [coin] = tx.splitCoins(calls.wal(tx), [200_000]);
      tx.transferObjects([calls.reserve(tx, 1, 2, coin as never)], ALICE);
      tx.moveCall({
        target: '0x2::coin::destroy_zero',
        typeArguments: [world.ids.walType],
        arguments: [coin as never],
      });
    });
    expectAbort(exact, 'balance', 0, 'destroy_zero');
    expect(before - walOf(ALICE)).toBe(80_000n);
  });

  test('capacity follows the votes at the change of the epoch', async () => {
    // Votes are for a node's own shards: 3 of 13 with 26 bytes stand for 112 in all.
    for (const [index, capacity] of [26n, 26n, 26n, 1000n, 1000n].entries()) {
      await vote(index, 'node_capacity', capacity);
    }
    await epochs.advance();
    expect(world.system.total_capacity_size).toBe(112n);
    expectAbort(
      await world.run((tx) => tx.transferObjects([calls.reserve(tx, 113, 1)], ALICE)),
      'system_state_inner',
      1,
    );
  });

  test('capacity never falls below what is used', async () => {
    await world.mustRun((tx) => tx.transferObjects([calls.reserve(tx, 5000, 3)], ALICE));
    for (const index of [0, 1, 2, 3, 4]) await vote(index, 'node_capacity', 1n);
    await epochs.advance();
    expect(world.system.total_capacity_size).toBe(5000n);
  });
});
