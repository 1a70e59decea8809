import { bcs } from '@mysten/sui/bcs';
import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { Transaction } from '@mysten/sui/transactions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../src/devnet/http.ts';
import { seededKey } from '../../src/devnet/sui/faucet.ts';
import { SUI_TYPE } from '../../src/devnet/sui/ledger/ledger-object.ts';
import { faucetHandler } from '../../src/devnet/sui/wire/faucet-handler.ts';
import { systemClock } from '../../src/workers/doors.ts';
import { type LocalSui, localSui, SEED } from '../support/devnet/local-sui.ts';
import { COUNTER_ID, TEST_PACKAGE } from '../support/devnet/test-package.ts';

const SUI = 1_000_000_000n;

/** The official client, as published: all of this once over a socket and once without. */
describe.each([{ http: true }, { http: false }])('SuiGrpcClient, http: $http', ({ http }) => {
  let sui: LocalSui;
  beforeAll(async () => {
    sui = await localSui({ http });
  });
  afterAll(() => sui.close());

  it('sees coins and balances', async () => {
    const address = (await sui.funded('alice', 5n * SUI, 3n * SUI)).toSuiAddress();
    const { balance } = await sui.client.core.getBalance({ owner: address });
    expect(balance).toMatchObject({
      balance: `${8n * SUI}`,
      coinBalance: `${8n * SUI}`,
      addressBalance: '0',
    });
    const coins = await sui.client.core.listCoins({ owner: address });
    expect(coins.objects.map((coin) => coin.balance)).toEqual([`${5n * SUI}`, `${3n * SUI}`]);
    expect(coins).toMatchObject({ hasNextPage: false, cursor: null });
    expect((await sui.client.core.listBalances({ owner: address })).balances).toHaveLength(1);
    const { coinMetadata } = await sui.client.core.getCoinMetadata({ coinType: '0x2::sui::SUI' });
    expect(coinMetadata).toMatchObject({ symbol: 'SUI', decimals: 9 });
  });

  it('transfers, waits for the transaction and reads what it did', async () => {
    const bob = await sui.funded('bob', 5n * SUI);
    const carol = seededKey(SEED, 'carol').toSuiAddress();
    const tx = new Transaction();
    const [coin] = tx.splitCoins(tx.gas, [SUI]);
    tx.transferObjects([coin], carol);
    const result = await bob.signAndExecuteTransaction({ transaction: tx, client: sui.client });
    expect(result.$kind).toBe('Transaction');
    const digest = result.Transaction?.digest as string;
    const found = await sui.client.core.waitForTransaction({
      digest,
      include: {
        effects: true,
        balanceChanges: true,
        objectTypes: true,
        transaction: true,
        bcs: true,
        events: true,
      },
    });
    const {
      effects,
      balanceChanges,
      objectTypes,
      transaction,
      bcs: bytes,
    } = found.Transaction ?? {};
    expect(effects?.status.success).toBe(true);
    const parsed = bcs.TransactionEffects.parse(effects?.bcs as Uint8Array);
    expect(parsed.V2?.transactionDigest).toBe(digest);
    expect(parsed.V2?.changedObjects).toHaveLength(2);
    expect(parsed.V2?.gasObjectIndex).not.toBeNull();
    const created = effects?.changedObjects.find((change) => change.idOperation === 'Created');
    expect(objectTypes?.[created?.objectId as string]).toBe(
      `0x${'2'.padStart(64, '0')}::coin::Coin<${SUI_TYPE}>`,
    );
    expect(balanceChanges?.find((change) => change.address === carol)?.amount).toBe(`${SUI}`);
    expect(transaction?.sender).toBe(bob.toSuiAddress());
    expect(bcs.TransactionData.parse(bytes as Uint8Array).V1.sender).toBe(bob.toSuiAddress());
    const gas = effects?.gasUsed;
    const spent =
      BigInt(gas?.computationCost ?? 0) +
      BigInt(gas?.storageCost ?? 0) -
      BigInt(gas?.storageRebate ?? 0);
    const left = await sui.client.core.getBalance({ owner: bob.toSuiAddress() });
    expect(BigInt(left.balance.balance)).toBe(4n * SUI - spent);
  });

  it('reads objects, missing ones too', async () => {
    const { objects } = await sui.client.core.getObjects({
      objectIds: [COUNTER_ID, `0x${'f'.repeat(64)}`],
      include: { content: true, json: true, objectBcs: true, previousTransaction: true },
    });
    const [counter, missing] = objects;
    expect(missing).toBeInstanceOf(Error);
    if (!counter || counter instanceof Error) throw new Error('the counter is missing');
    expect(counter).toMatchObject({
      type: `${TEST_PACKAGE}::things::Counter`,
      owner: { $kind: 'Shared', Shared: { initialSharedVersion: '1' } },
    });
    expect(counter.json).toMatchObject({ id: COUNTER_ID });
    const whole = bcs.Object.parse(counter.objectBcs as Uint8Array);
    expect(whole.data.Move?.contents).toEqual(counter.content);
  });

  it('lists owned objects in pages', async () => {
    const dan = await sui.funded('dan', 5n * SUI);
    const tx = new Transaction();
    const made = Array.from({ length: 7 }, (_, i) =>
      tx.moveCall({ target: `${TEST_PACKAGE}::things::make`, arguments: [tx.pure.u64(i)] }),
    );
    tx.transferObjects(made, dan.toSuiAddress());
    const result = await dan.signAndExecuteTransaction({ transaction: tx, client: sui.client });
    expect(result.$kind).toBe('Transaction');
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof sui.client.core.listOwnedObjects>> =
        await sui.client.core.listOwnedObjects({
          owner: dan.toSuiAddress(),
          type: `${TEST_PACKAGE}::things::Thing`,
          limit: 3,
          cursor,
        });
      ids.push(...page.objects.map((object) => object.objectId));
      cursor = page.hasNextPage ? page.cursor : null;
    } while (cursor !== null);
    expect(new Set(ids).size).toBe(7);
    expect(ids).toHaveLength(7);
  });

  it('says in simulation what a Move abort is', async () => {
    const erin = await sui.funded('erin', SUI);
    const tx = new Transaction();
    const thing = tx.moveCall({
      target: `${TEST_PACKAGE}::things::make`,
      arguments: [tx.pure.u64(1)],
    });
    tx.moveCall({ target: `${TEST_PACKAGE}::things::set`, arguments: [thing, tx.pure.u64(13)] });
    tx.transferObjects([thing], erin.toSuiAddress());
    tx.setSender(erin.toSuiAddress());
    await expect(tx.build({ client: sui.client })).rejects.toMatchObject({
      message: expect.stringMatching(
        /MoveAbort in 2nd command, abort code: 13, in '0x0*7e57::things::set'/,
      ),
      executionError: { $kind: 'MoveAbort', command: 1, MoveAbort: { abortCode: '13' } },
    });
  });

  it('shares and counts, and reads what a function returns', async () => {
    const tx = new Transaction();
    tx.moveCall({ target: `${TEST_PACKAGE}::things::read`, arguments: [tx.object(COUNTER_ID)] });
    tx.setSender(seededKey(SEED, 'nobody').toSuiAddress());
    const simulated = await sui.client.core.simulateTransaction({
      transaction: tx,
      include: { commandResults: true, effects: true },
    });
    const value = simulated.commandResults?.[0]?.returnValues[0]?.bcs as Uint8Array;
    expect(bcs.u64().parse(value)).toBe('0');
    const frank = await sui.funded('frank', SUI);
    const change = new Transaction();
    change.moveCall({
      target: `${TEST_PACKAGE}::things::count`,
      arguments: [change.object(COUNTER_ID)],
    });
    const result = await frank.signAndExecuteTransaction({
      transaction: change,
      client: sui.client,
    });
    expect(result.$kind).toBe('Transaction');
    const { object } = await sui.client.core.getObject({
      objectId: COUNTER_ID,
      include: { json: true },
    });
    expect(object.json).toMatchObject({ value: '1' });
  });

  it('tells about functions, fields, the chain and its price', async () => {
    const { function: make } = await sui.client.core.getMoveFunction({
      packageId: TEST_PACKAGE,
      moduleName: 'things',
      name: 'make',
    });
    expect(make).toMatchObject({
      visibility: 'public',
      parameters: [
        { reference: null, body: { $kind: 'u64' } },
        { reference: 'mutable', body: { $kind: 'datatype' } },
      ],
      returns: [{ body: { datatype: { typeName: `${TEST_PACKAGE}::things::Thing` } } }],
    });
    expect((await sui.client.core.getReferenceGasPrice()).referenceGasPrice).toBe('1000');
    const { chainIdentifier } = await sui.client.core.getChainIdentifier();
    expect(chainIdentifier).toBe(sui.chain.ledger.chainId);
    expect(await sui.client.core.resolveNameServiceAddress({ name: 'haulout.sui' })).toEqual({
      address: null,
    });
  });

  it('lists dynamic fields', async () => {
    const judy = await sui.funded('judy', SUI);
    const call = (
      tx: Transaction,
      name: string,
      list: Parameters<typeof tx.moveCall>[0]['arguments'],
    ) => tx.moveCall({ target: `${TEST_PACKAGE}::things::${name}`, arguments: list ?? [] });
    const tx = new Transaction();
    const parent = call(tx, 'make', [tx.pure.u64(100)]);
    const child = call(tx, 'make', [tx.pure.u64(200)]);
    call(tx, 'note', [parent, tx.pure.u64(5)]);
    call(tx, 'attach', [parent, tx.pure.u64(9), child]);
    tx.transferObjects([parent], judy.toSuiAddress());
    const result = await judy.signAndExecuteTransaction({ transaction: tx, client: sui.client });
    expect(result.$kind).toBe('Transaction');
    const { objects } = await sui.client.core.listOwnedObjects({
      owner: judy.toSuiAddress(),
      type: `${TEST_PACKAGE}::things::Thing`,
    });
    const parentId = objects[0]?.objectId as string;
    const { dynamicFields } = await sui.client.listDynamicFields({
      parentId,
      include: { value: true },
    });
    expect(dynamicFields.map(({ $kind }) => $kind).sort()).toEqual([
      'DynamicField',
      'DynamicObject',
    ]);
    const plain = dynamicFields.find((field) => field.$kind === 'DynamicField');
    expect(bcs.u64().parse(plain?.value.bcs as Uint8Array)).toBe('5');
    const { dynamicField } = await sui.client.core.getDynamicField({
      parentId,
      name: { type: 'u64', bcs: bcs.u64().serialize(1).toBytes() },
    });
    expect(bcs.u64().parse(dynamicField.value.bcs)).toBe('5');
  });

  it.runIf(http)('cannot move the clock', async () => {
    const { forkingService } = sui.client;
    await expect(forkingService.advanceClock({ durationMs: 1n })).rejects.toThrow('does not know');
  });

  it.skipIf(http)('moves the clock', async () => {
    const before = (await sui.client.forkingService.getStatus({})).response;
    const { timestampMs } = (
      await sui.client.forkingService.advanceClock({ durationMs: 3_600_000n })
    ).response;
    expect(timestampMs - before.timestampMs).toBeGreaterThanOrEqual(3_600_000n);
    const status = (await sui.client.forkingService.advanceCheckpoint({})).response;
    expect(status.checkpointSequenceNumber).toBe(before.checkpointSequenceNumber + 2n);
  });
});

it('serves the official faucet client', async () => {
  const sui = await localSui();
  const handler = faucetHandler(sui.faucet, [{ coinType: SUI_TYPE, amount: 7n }]);
  const server = await listen({ handler, port: 0, clock: systemClock });
  const recipient = seededKey(SEED, 'guest').toSuiAddress();
  const { coins_sent: sent } = await requestSuiFromFaucetV2({ host: server.origin, recipient });
  expect(sent).toHaveLength(1);
  const { balance } = await sui.client.core.getBalance({ owner: recipient });
  expect(balance.balance).toBe('7');
  // However the type of a coin is spelt.
  const [coin] = await sui.faucet.give(recipient, [{ coinType: '0x2::sui::SUI', amount: 3n }]);
  expect(coin).toMatchObject({ coinType: SUI_TYPE, amount: 3n });
  await expect(
    requestSuiFromFaucetV2({ host: server.origin, recipient: 'nobody' }),
  ).rejects.toThrow(/is not an address/);
  await server.close();
  await sui.close();
});
