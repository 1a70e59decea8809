import { Transaction } from '@mysten/sui/transactions';
import { expect, it } from 'vitest';
import { call, localSui, submit, write } from '../../../support/devnet/local-sui.ts';

const SUI = 1_000_000_000n;

it('ends transactions with their epoch, and changes the gas price', async () => {
  const sui = await localSui();
  const key = await sui.funded('owner', 10n * SUI);
  const share = (tx: Transaction) => {
    call(tx, 'share', tx.pure.u64(1));
  };
  const inEpoch = (epoch: number) => (tx: Transaction) => {
    tx.setExpiration({ Epoch: epoch });
    share(tx);
  };
  expect((await submit(sui, key, inEpoch(0))).outcome.epoch).toBe(0n);
  const begun = await sui.chain.advanceEpoch(2_000n);
  expect(begun).toMatchObject({ epoch: 1n, gasPrice: 2_000n });
  await expect(submit(sui, key, inEpoch(0))).rejects.toThrow(/Expired/);
  await expect(submit(sui, key, inEpoch(1))).rejects.toThrow(/under reference gas price/);
  const tx = new Transaction();
  share(tx);
  tx.setSender(key.toSuiAddress());
  const { gasData } = Transaction.from(await tx.build({ client: sui.client })).getData();
  expect(gasData.price).toBe('2000');
  const { outcome } = await submit(sui, key, (edit) => {
    edit.setGasPrice(2_000);
    share(edit);
  });
  expect(outcome).toMatchObject({ epoch: 1n, gas: { computationCost: 2_000_000n } });

  expect((await sui.client.core.getReferenceGasPrice()).referenceGasPrice).toBe('2000');
  const { ledgerService } = sui.client;
  const readMask = { paths: ['*'] };
  const first = (await ledgerService.getEpoch({ epoch: 0n, readMask })).response.epoch;
  const second = (await ledgerService.getEpoch({ readMask })).response.epoch;
  expect(second?.firstCheckpoint).toBe((first?.lastCheckpoint ?? 0n) + 1n);
  expect([first?.referenceGasPrice, second?.referenceGasPrice]).toEqual([1_000n, 2_000n]);
  const { checkpoint } = (
    await ledgerService.getCheckpoint({ checkpointId: { oneofKind: undefined }, readMask })
  ).response;
  expect(checkpoint?.summary?.epoch).toBe(1n);
});

it('takes less gas when the price has fallen, and what is offered when it is more', async () => {
  const sui = await localSui();
  const key = await sui.funded('owner', 10n * SUI);
  await sui.chain.advanceEpoch(500n);
  const at = async (price: number) => {
    const { outcome } = await submit(sui, key, (tx) => {
      tx.setGasPrice(price);
      call(tx, 'share', tx.pure.u64(1));
    });
    return outcome.gas.computationCost;
  };
  expect(await at(500)).toBe(500_000n);
  expect(await at(1_000)).toBe(1_000_000n); // signed before the price fell
  await expect(at(499)).rejects.toThrow(/under reference gas price/);
});

it('keeps to the rules of ValidDuring', async () => {
  const sui = await localSui();
  const key = await sui.funded('owner', 10n * SUI);
  const rules = {
    minEpoch: '0',
    maxEpoch: '1',
    minTimestamp: null,
    maxTimestamp: null,
    chain: sui.chain.ledger.chainId,
    nonce: 7,
  };
  const send = (
    changes: Partial<{ [K in keyof typeof rules]: (typeof rules)[K] | string | null }>,
  ) =>
    submit(sui, key, (tx) => {
      tx.setExpiration({ ValidDuring: { ...rules, ...changes } as typeof rules });
      call(tx, 'share', tx.pure.u64(1));
    });
  expect((await send({})).outcome.failure).toBeUndefined();
  await expect(send({ minEpoch: '1' })).rejects.toThrow(/Expired/);
  await expect(send({ maxTimestamp: '1000' })).rejects.toThrow(/Expired/);
  await expect(send({ minTimestamp: '99999999999999' })).rejects.toThrow(/Expired/);
  await expect(send({ chain: '1'.repeat(32) })).rejects.toThrow(/another chain/);
  await expect(write(sui, key, (tx) => tx.setExpiration({ Epoch: 1 }))).resolves.toBeDefined();
});
