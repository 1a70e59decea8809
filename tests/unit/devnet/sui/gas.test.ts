import { Transaction } from '@mysten/sui/transactions';
import { expect, it } from 'vitest';
import { storageCost } from '../../../../src/devnet/sui/execute/gas.ts';
import { coinBalance, objectBcs } from '../../../../src/devnet/sui/ledger/ledger-object.ts';
import {
  call,
  coins,
  localSui,
  object,
  referenceOf,
  send,
  writtenId,
} from '../../../support/devnet/local-sui.ts';

const SUI = 1_000_000_000n;

const sum = (list: readonly { contents: Uint8Array }[]) =>
  list.reduce((total, { contents }) => total + coinBalance(contents), 0n);

it('charges computation and storage, and gives 99 % of the storage back', async () => {
  const sui = await localSui();
  const key = await sui.funded('payer', 10n * SUI);
  const owner = key.toSuiAddress();
  const before = sum(coins(sui, owner));
  const made = await send(sui, key, (tx) => {
    tx.transferObjects([call(tx, 'make', tx.pure.u64(1))], owner);
  });
  const id = writtenId(made, 'Thing');
  const thing = sui.chain.ledger.objects.get(id);
  const [coin] = coins(sui, owner);
  if (!thing || !coin) throw new Error('an object is missing');
  const paid = storageCost(objectBcs(thing).length);
  expect(thing.storageRebate).toBe(paid);
  expect(made.gas.storageCost).toBe(paid + coin.storageRebate);
  const net = (gas: typeof made.gas) => gas.computationCost + gas.storageCost - gas.storageRebate;
  expect(sum(coins(sui, owner))).toBe(before - net(made.gas));

  const destroyed = await send(sui, key, (tx) => {
    call(tx, 'destroy', object(sui, tx, id));
  });
  const freed = paid + coin.storageRebate;
  expect(destroyed.gas.storageRebate).toBe((freed * 9_900n + 5_000n) / 10_000n);
  expect(destroyed.gas.nonRefundableStorageFee).toBe(freed - destroyed.gas.storageRebate);
  expect(net(destroyed.gas)).toBeLessThan(destroyed.gas.computationCost);
});

it('merges the coins of a payment into the first, also when the transaction fails', async () => {
  const sui = await localSui();
  const key = await sui.funded('payer', SUI, 2n * SUI, 3n * SUI);
  const owner = key.toSuiAddress();
  const payment = coins(sui, owner).map(referenceOf);
  const failed = await send(sui, key, (tx) => {
    tx.setGasPayment(payment);
    call(tx, 'set', call(tx, 'make', tx.pure.u64(1)), tx.pure.u64(13));
  });
  expect(failed.failure?.reason.kind).toBe('MoveAbort');
  const left = coins(sui, owner);
  expect(left.map(({ id }) => id)).toEqual([payment[0]?.objectId]);
  const { computationCost, storageCost: stored, storageRebate } = failed.gas;
  expect(sum(left)).toBe(6n * SUI - computationCost - stored + storageRebate);
  expect(failed.changes.filter(({ idOperation }) => idOperation === 'deleted')).toHaveLength(2);
});

it('keeps the budget out of reach of the commands', async () => {
  const sui = await localSui();
  const key = await sui.funded('payer', SUI);
  const owner = key.toSuiAddress();
  const take = (amount: bigint) =>
    send(sui, key, (tx) => {
      tx.setGasBudget(SUI / 2n);
      tx.transferObjects([tx.splitCoins(tx.gas, [amount])[0]], owner);
    });
  expect((await take(SUI / 2n + 1n)).failure?.reason.kind).toBe('InsufficientCoinBalance');
});

it('sends the gas coin away with what is left in it', async () => {
  const sui = await localSui();
  const key = await sui.funded('payer', SUI);
  const target = `0x${'5'.repeat(64)}`;
  const outcome = await send(sui, key, (tx) => {
    tx.transferObjects([tx.gas], target);
  });
  expect(outcome.failure).toBeUndefined();
  expect(coins(sui, key.toSuiAddress())).toEqual([]);
  const { computationCost, storageCost: stored, storageRebate } = outcome.gas;
  expect(sum(coins(sui, target))).toBe(SUI - computationCost - stored + storageRebate);
});

it('fails when the budget does not pay for the storage, and takes no more than the budget', async () => {
  const sui = await localSui();
  const key = await sui.funded('payer', SUI);
  const owner = key.toSuiAddress();
  const outcome = await send(sui, key, (tx) => {
    tx.setGasBudget(3_000_000);
    tx.transferObjects(
      Array.from({ length: 20 }, (_, i) => call(tx, 'make', tx.pure.u64(i))),
      owner,
    );
  });
  expect(outcome.failure?.reason.kind).toBe('InsufficientGas');
  expect(sum(coins(sui, owner))).toBeGreaterThanOrEqual(SUI - 3_000_000n);
  expect(sum(coins(sui, owner))).toBeLessThan(SUI);
});

it('conserves SUI: what leaves the coins is what gas and storage take', async () => {
  const sui = await localSui();
  const key = await sui.funded('payer', 10n * SUI, 20n * SUI);
  const other = `0x${'7'.repeat(64)}`;
  const outcome = await send(sui, key, (tx) => {
    const [one, two] = tx.splitCoins(tx.gas, [SUI, 2n * SUI]);
    tx.mergeCoins(one, [two]);
    tx.transferObjects([one], other);
  });
  const executed = sui.chain.ledger.transaction(outcome.digest);
  const total = executed?.balanceChanges.reduce((all, { amount }) => all + amount, 0n);
  const { computationCost, storageCost: stored, storageRebate } = outcome.gas;
  expect(total).toBe(-(computationCost + stored - storageRebate));
  expect(executed?.balanceChanges.find(({ address }) => address === other)?.amount).toBe(3n * SUI);
});

it('estimates a budget that suffices, and chooses coins that cover it', async () => {
  const sui = await localSui();
  const key = await sui.funded('payer', 2_000_000n, 2_200_000n, 2_400_000n);
  const tx = new Transaction();
  tx.transferObjects([call(tx, 'make', tx.pure.u64(1))], key.toSuiAddress());
  tx.setSender(key.toSuiAddress());
  const bytes = await tx.build({ client: sui.client });
  const { gasData } = Transaction.from(bytes).getData();
  expect(gasData.payment).toHaveLength(2);
  expect(Number(gasData.budget)).toBeLessThan(4_600_000);
  const { signature } = await key.signTransaction(bytes);
  const result = await sui.client.core.executeTransaction({
    transaction: bytes,
    signatures: [signature],
  });
  expect(result.$kind).toBe('Transaction');
});
