import { beforeAll, expect, test } from 'vitest';
import { type Calls, callsOf, expectAbort } from '../../../support/devnet/walrus-calls.ts';
import { ALICE, WAL, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

let world: WalrusWorld;
let calls: Calls;
beforeAll(async () => {
  const exchange = { wal: 100n, rate: { wal: 3n, sui: 2n } };
  world = await WalrusWorld.open({ weights: [13], exchange });
  calls = callsOf(world);
});

const target = (name: string) => `${world.ids.exchangePackageId}::wal_exchange::${name}`;
const balances = () => {
  const { wal, sui } = world.read(world.ids.exchangeObjectId);
  return [wal.value, sui.value];
};
const buy = (amount: bigint) =>
  world.run((tx) => {
    const [sui] = tx.splitCoins(world.input(tx, world.coin(ALICE, 'sui')), [amount]);
    const exchange = world.input(tx, world.ids.exchangeObjectId);
    const wal = tx.moveCall({
      target: target('exchange_all_for_wal'),
      arguments: [exchange, sui as never],
    });
    tx.transferObjects([wal], ALICE);
  });

test('gives what the rate says, rounded down', async () => {
  const outcome = await buy(7n);
  expect(outcome.failure).toBeUndefined();
  expect(balances()).toEqual([90n, 7n]); // floor(7 * 3 / 2) = 10
});

test('cannot give more than it has', async () => {
  expectAbort(await buy(61n), 'wal_exchange', 0);
  expect((await buy(60n)).failure).toBeUndefined();
  expect(balances()).toEqual([0n, 67n]);
});

test('takes part of a coin, and gives SUI back', async () => {
  const swap = (amount: bigint) =>
    world.run((tx) => {
      const exchange = world.input(tx, world.ids.exchangeObjectId);
      const [coin] = tx.splitCoins(calls.wal(tx), [30n]);
      const args = [exchange, coin as never, tx.pure.u64(amount)];
      const sui = tx.moveCall({ target: target('exchange_for_sui'), arguments: args });
      tx.transferObjects([sui, coin as never], ALICE);
    });
  expectAbort(await swap(31n), 'wal_exchange', 1);
  expect((await swap(20n)).failure).toBeUndefined();
  expect(balances()).toEqual([20n, 54n]); // floor(20 * 2 / 3) = 13
});

test('an exchange of one own is ruled by its cap', async () => {
  const made = await world.mustRun((tx) => {
    const args = [calls.wal(tx), tx.pure.u64(5n * WAL)];
    const cap = tx.moveCall({ target: target('new_funded'), arguments: args });
    tx.transferObjects([cap], ALICE);
  });
  const idOf = (name: string) =>
    made.changes.find(({ after }) => after?.type.endsWith(`::${name}`))?.id ?? '';
  const setRate = (exchange: string, wal: number) =>
    world.run((tx) => {
      const objects = [exchange, idOf('AdminCap')].map((id) => world.input(tx, id));
      const [first, cap] = objects as [never, never];
      const args = [first, tx.pure.u64(wal), tx.pure.u64(1), cap];
      tx.moveCall({ target: target('set_exchange_rate'), arguments: args });
    });
  expect((await setRate(idOf('Exchange'), 9)).failure).toBeUndefined();
  expect(world.read(idOf('Exchange')).rate).toEqual({ wal: 9n, sui: 1n });
  expectAbort(await setRate(idOf('Exchange'), 0), 'wal_exchange', 3);
  expectAbort(await setRate(world.ids.exchangeObjectId, 9), 'wal_exchange', 2);
});
