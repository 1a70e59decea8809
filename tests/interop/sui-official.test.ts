import { bcs } from '@mysten/sui/bcs';
import { requestSuiFromFaucetV2 } from '@mysten/sui/faucet';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { MultiSigPublicKey } from '@mysten/sui/multisig';
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

  it('takes a sponsor with a signature of its own', async () => {
    const poor = seededKey(SEED, 'poor');
    const rich = await sui.funded('rich', SUI);
    const tx = new Transaction();
    const thing = tx.moveCall({
      target: `${TEST_PACKAGE}::things::make`,
      arguments: [tx.pure.u64(1)],
    });
    tx.transferObjects([thing], poor.toSuiAddress());
    tx.setSender(poor.toSuiAddress());
    tx.setGasOwner(rich.toSuiAddress());
    const bytes = await tx.build({ client: sui.client });
    const own = (await poor.signTransaction(bytes)).signature;
    await expect(
      sui.client.core.executeTransaction({ transaction: bytes, signatures: [own] }),
    ).rejects.toThrow(/expected 2 signatures, got 1/);
    const sponsor = (await rich.signTransaction(bytes)).signature;
    const result = await sui.client.core.executeTransaction({
      transaction: bytes,
      signatures: [own, sponsor],
      include: { balanceChanges: true },
    });
    const changes = result.Transaction?.balanceChanges?.map(({ address }) => address);
    expect(changes).toEqual([rich.toSuiAddress()]);
  });

  it('takes secp256k1, secp256r1 and multisig', async () => {
    const keys = [
      seededKey(SEED, 'member'),
      Secp256k1Keypair.fromSecretKey(new Uint8Array(32).fill(7)),
      Secp256r1Keypair.fromSecretKey(new Uint8Array(32).fill(9)),
    ];
    const multisig = MultiSigPublicKey.fromPublicKeys({
      threshold: 2,
      publicKeys: keys.map((key) => ({ publicKey: key.getPublicKey(), weight: 1 })),
    });
    const send = async (sender: string, sign: (bytes: Uint8Array) => Promise<string>) => {
      await sui.faucet.give(sender, [{ coinType: SUI_TYPE, amount: SUI }]);
      const tx = new Transaction();
      const [coin] = tx.splitCoins(tx.gas, [1]);
      tx.transferObjects([coin], sender);
      tx.setSender(sender);
      const bytes = await tx.build({ client: sui.client });
      const signatures = [await sign(bytes)];
      return sui.client.core.executeTransaction({ transaction: bytes, signatures });
    };
    for (const key of keys) {
      const result = await send(
        key.toSuiAddress(),
        async (bytes) => (await key.signTransaction(bytes)).signature,
      );
      expect(result.$kind).toBe('Transaction');
    }
    const parts = async (bytes: Uint8Array, count: number) => {
      const signatures = keys.slice(0, count).map(async (key) => key.signTransaction(bytes));
      const signed = await Promise.all(signatures);
      return multisig.combinePartialSignatures(signed.map(({ signature }) => signature));
    };
    const two = await send(multisig.toSuiAddress(), (bytes) => parts(bytes, 2));
    expect(two.$kind).toBe('Transaction');
    await expect(send(multisig.toSuiAddress(), (bytes) => parts(bytes, 1))).rejects.toThrow(
      /Invalid user signature/,
    );
  });

  it('refuses wrong signatures, versions, owners and empty purses, each in words', async () => {
    const grace = await sui.funded('grace', SUI, SUI);
    const heidi = await sui.funded('heidi', SUI);
    const { objects } = await sui.client.core.listCoins({ owner: grace.toSuiAddress() });
    const build = async (edit: (tx: Transaction) => void, sender = grace) => {
      const tx = new Transaction();
      edit(tx);
      tx.setSender(sender.toSuiAddress());
      return tx.build({ client: sui.client });
    };
    const run = async (bytes: Uint8Array, key = grace) => {
      const { signature } = await key.signTransaction(bytes);
      const signatures = [signature];
      return sui.client.core.executeTransaction({ transaction: bytes, signatures });
    };
    const give = (tx: Transaction) =>
      tx.transferObjects([tx.object(objects[1]?.objectId as string)], heidi.toSuiAddress());
    const bytes = await build(give);
    await expect(run(bytes, heidi)).rejects.toThrow(/Invalid user signature/);
    const stale = await build((tx) => {
      const [coin] = tx.splitCoins(tx.object(objects[1]?.objectId as string), [1]);
      tx.transferObjects([coin], grace.toSuiAddress());
    });
    expect((await run(stale)).$kind).toBe('Transaction');
    await expect(run(bytes)).rejects.toThrow(/is unavailable for consumption, current version/);
    const foreign = (await sui.client.core.listCoins({ owner: heidi.toSuiAddress() })).objects[0];
    await expect(
      build((tx) =>
        tx.transferObjects([tx.object(foreign?.objectId as string)], grace.toSuiAddress()),
      ),
    ).rejects.toThrow(/is owned by account address/);
    await expect(
      build(
        (tx) => tx.moveCall({ target: `${TEST_PACKAGE}::things::version` }),
        seededKey(SEED, 'penniless'),
      ),
    ).rejects.toThrow(/insufficient SUI balance/);
    await expect(build((tx) => tx.moveCall({ target: '0x2::coin::redeem_funds' }))).rejects.toThrow(
      /does not have the function/,
    );
  });

  it('executes a digest once', async () => {
    const ivan = await sui.funded('ivan', SUI);
    const tx = new Transaction();
    const [coin] = tx.splitCoins(tx.gas, [5]);
    tx.transferObjects([coin], ivan.toSuiAddress());
    tx.setSender(ivan.toSuiAddress());
    const transaction = await tx.build({ client: sui.client });
    const { signature } = await ivan.signTransaction(transaction);
    const send = () =>
      sui.client.core.executeTransaction({
        transaction,
        signatures: [signature],
        include: { effects: true },
      });
    const [first, second, third] = [...(await Promise.all([send(), send()])), await send()];
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    const { objects } = await sui.client.core.listCoins({ owner: ivan.toSuiAddress() });
    expect(objects).toHaveLength(2);
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

  it('lists dynamic fields, transactions and events', async () => {
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

    const sender = judy.toSuiAddress();
    const { transactions } = await sui.client.core.listTransactions({ filter: { sender } });
    expect(transactions.map((each) => each.Transaction?.digest)).toEqual([
      result.Transaction?.digest,
    ]);
    const events = await sui.client.core.listEvents({ filter: { sender }, limit: 1 });
    expect(events.hasNextPage).toBe(true);
    const rest = await sui.client.core.listEvents({ filter: { sender }, after: events.endCursor });
    expect([...events.events, ...rest.events].map(({ json }) => json?.['value'])).toEqual([
      '100',
      '200',
    ]);
  });

  it('streams checkpoints', async () => {
    const stop = new AbortController();
    const call = sui.client.subscriptionService.subscribeCheckpoints(
      { readMask: { paths: ['sequence_number', 'transactions.digest'] } },
      { abort: stop.signal },
    );
    const seen: string[] = [];
    const following = (async () => {
      for await (const { checkpoint } of call.responses) {
        seen.push(...(checkpoint?.transactions ?? []).map(({ digest }) => digest ?? ''));
        if (seen.length === 2) break;
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sui.funded('ken', 1n, 2n);
    await following;
    stop.abort();
    await call.status.then(
      () => {},
      () => {},
    );
    expect(seen).toHaveLength(2);
    expect(sui.chain.ledger.transaction(seen[1] as string)).toBeDefined();
  });

  it('moves the clock', async () => {
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
  await expect(
    requestSuiFromFaucetV2({ host: server.origin, recipient: 'nobody' }),
  ).rejects.toThrow(/is not an address/);
  await server.close();
  await sui.close();
});
