import { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { beforeEach, describe, expect, it } from 'vitest';
import { listen } from '../../../../src/devnet/http.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import {
  call,
  coins,
  handClock,
  type LocalSui,
  localSui,
  object,
  send,
  write,
  writtenId,
} from '../../../support/devnet/local-sui.ts';
import { COUNTER_ID } from '../../../support/devnet/test-package.ts';

const SUI = 1_000_000_000n;

describe('faults of the chain', () => {
  let sui: LocalSui;
  let key: Ed25519Keypair;
  let clock: ReturnType<typeof handClock>;
  beforeEach(async () => {
    clock = handClock();
    sui = await localSui({ clock });
    key = await sui.funded('owner', 10n * SUI, 10n * SUI);
    clock.advance(60_000);
  });

  const execute = async (edit: (tx: Transaction) => void) => {
    const transaction = await write(sui, key, edit);
    const { signature } = await key.signTransaction(transaction);
    return sui.client.core.executeTransaction({ transaction, signatures: [signature] });
  };
  const share = (tx: Transaction) => {
    call(tx, 'share', tx.pure.u64(1));
  };

  it('shows transactions and objects late', async () => {
    sui.chain.faults.set({ finalityDelayMs: 2_000 });
    const owner = key.toSuiAddress();
    const before = (await sui.client.core.getBalance({ owner })).balance.balance;
    const result = await execute(share);
    const digest = result.Transaction?.digest as string;
    await expect(sui.client.core.getTransaction({ digest })).rejects.toThrow(/not ?found/i);
    // The one that paid has the smaller balance now.
    const { id: objectId = '', version = 0n } = coins(sui, owner).at(-1) ?? {};
    const atVersion = () => sui.client.ledgerService.getObject({ objectId, version }).response;
    await expect(atVersion()).rejects.toThrow(/with version \d+ not found/);
    expect((await sui.client.core.getBalance({ owner })).balance.balance).toBe(before);
    clock.advance(2_000);
    expect((await atVersion()).object?.version).toBe(version);
    expect((await sui.client.core.getTransaction({ digest })).$kind).toBe('Transaction');
    const after = (await sui.client.core.getBalance({ owner })).balance.balance;
    expect(BigInt(after)).toBeLessThan(BigInt(before));
  });

  it('reads stale objects, and then refuses what was built on them', async () => {
    const [coin] = coins(sui, key.toSuiAddress());
    sui.chain.faults.set({ staleReadMs: 5_000 });
    await execute(share);
    const { object: stale } = await sui.client.core.getObject({ objectId: coin?.id as string });
    expect(stale.version).toBe(coin?.version.toString());
    const tx = new Transaction();
    tx.transferObjects([tx.object(coin?.id as string)], key.toSuiAddress());
    tx.setSender(key.toSuiAddress());
    const bytes = await tx.build({ client: sui.client });
    const { signature } = await key.signTransaction(bytes);
    await expect(
      sui.client.core.executeTransaction({ transaction: bytes, signatures: [signature] }),
    ).rejects.toThrow(/is unavailable for consumption/);
    clock.advance(5_000);
    const { object: fresh } = await sui.client.core.getObject({ objectId: coin?.id as string });
    expect(fresh.version).not.toBe(stale.version);
  });

  it('commits and loses the answer, in process and on a socket', async () => {
    const server = await listen({ handler: sui.handler, port: 0, clock: systemClock });
    const overHttp = new SuiGrpcClient({ network: 'localnet', baseUrl: server.origin });
    for (const client of [sui.client, overHttp]) {
      const transaction = await write(sui, key, share);
      const { signature } = await key.signTransaction(transaction);
      sui.chain.faults.set({ dropAnswers: 1 });
      const send = () => client.core.executeTransaction({ transaction, signatures: [signature] });
      const height = sui.chain.ledger.height;
      await expect(send()).rejects.toThrow();
      expect(sui.chain.ledger.height).toBe(height + 1);
      expect((await send()).$kind).toBe('Transaction');
      expect(sui.chain.ledger.height).toBe(height + 1);
    }
    await server.close();
  });

  it('fails the next execution and takes the gas', async () => {
    sui.chain.faults.set({ failExecutions: [{ kind: 'InvariantViolation' }] });
    const failed = await execute(share);
    expect(failed.$kind).toBe('FailedTransaction');
    expect((await execute(share)).$kind).toBe('Transaction');
    expect(sui.chain.faults.counts['failExecutions']).toBe(1);
  });

  it('locks objects', async () => {
    const made = await send(sui, key, (tx) => {
      tx.transferObjects([call(tx, 'make', tx.pure.u64(1))], key.toSuiAddress());
    });
    const id = writtenId(made, 'Thing');
    sui.chain.faults.set({ lockedObjects: [id] });
    const use = () =>
      execute((tx) => {
        call(tx, 'set', object(sui, tx, id), tx.pure.u64(2));
      });
    await expect(use()).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    sui.chain.faults.clear();
    expect((await use()).$kind).toBe('Transaction');
  });

  it('lies about gas when it resolves, and not when it executes', async () => {
    const thief = `0x${'e'.repeat(64)}`;
    const [coin] = coins(sui, key.toSuiAddress());
    sui.chain.faults.set({ gas: { price: 5_000n, budget: 7_000_000n, owner: thief } });
    const tx = new Transaction();
    share(tx);
    tx.setSender(key.toSuiAddress());
    const { gasData } = Transaction.from(await tx.build({ client: sui.client })).getData();
    expect(gasData).toMatchObject({ price: '5000', budget: '7000000', owner: thief });
    expect(gasData.payment?.[0]?.objectId).toBe(coin?.id);
    expect((await sui.client.core.getReferenceGasPrice()).referenceGasPrice).toBe('5000');
    expect((await execute(share)).$kind).toBe('Transaction');
  });

  it('denies and forges what it knows', async () => {
    const read = () =>
      sui.client.core.getObject({ objectId: COUNTER_ID, include: { content: true } });
    sui.chain.faults.set({ denied: [COUNTER_ID] });
    await expect(read()).rejects.toThrow(/not found/);
    sui.chain.faults.clear();
    sui.chain.faults.set({ denyReads: 1 });
    await expect(read()).rejects.toThrow(/not found/);
    const honest = (await read()).object.content as Uint8Array;
    sui.chain.faults.set({
      forged: {
        [COUNTER_ID]: (contents) => {
          contents[32] = 99;
          return contents;
        },
      },
    });
    expect(((await read()).object.content as Uint8Array)[32]).toBe(99);
    expect(honest[32]).toBe(0);
    expect(sui.chain.ledger.objects.get(COUNTER_ID)?.contents[32]).toBe(0);
  });

  it('leaves what it denies out of lists, and of what it resolves', async () => {
    const owner = key.toSuiAddress();
    const { core } = sui.client;
    const done = await execute(share);
    const digest = done.Transaction?.digest as string;
    const [coin] = coins(sui, owner);
    const id = coin?.id as string;
    const listed = async () => ({
      coins: (await core.listCoins({ owner })).objects.map(({ objectId }) => objectId),
      balance: BigInt((await core.getBalance({ owner })).balance.balance),
      sent: (await core.listTransactions({ filter: { sender: owner } })).transactions.length,
    });
    const honest = await listed();
    expect(honest.coins).toContain(id);
    sui.chain.faults.set({ denied: [id, digest] });
    const told = await listed();
    expect(told.coins).toEqual(honest.coins.filter((each) => each !== id));
    expect(told.balance).toBeLessThan(honest.balance);
    expect(told.sent).toBe(honest.sent - 1);
    const tx = new Transaction();
    tx.transferObjects([tx.object(id)], owner);
    tx.setSender(owner);
    await expect(tx.build({ client: sui.client })).rejects.toThrow(/not found/);
    // Validators are not the full node: what is signed is executed.
    const spent = await execute((edit) => {
      edit.transferObjects([object(sui, edit, coins(sui, owner)[1]?.id as string)], owner);
    });
    expect(spent.$kind).toBe('Transaction');
    sui.chain.faults.clear();
    expect((await listed()).sent).toBe(honest.sent + 1);
  });

  it('answers late or not at all', async () => {
    sui.chain.faults.set({ refuseRequests: 1 });
    const { core } = sui.client;
    await expect(core.getReferenceGasPrice()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await core.getReferenceGasPrice();
    sui.chain.faults.set({ answerDelayMs: 3_000 });
    let answered = false;
    const sending = execute(share).then(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    clock.advance(3_000);
    await sending;
  });

  it('refuses as gRPC does, and as a proxy does', async () => {
    const ask = () => sui.client.core.getReferenceGasPrice();
    const codes = [
      ['UNAVAILABLE', 'UNAVAILABLE'],
      ['RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED'],
      ['HTTP_429', 'RESOURCE_EXHAUSTED'],
      ['HTTP_502', 'UNAVAILABLE'],
    ] as const;
    for (const [refuseAs, code] of codes) {
      sui.chain.faults.set({ refuseRequests: 1, refuseAs });
      const error = await ask().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect([code, 'UNKNOWN', 'INTERNAL']).toContain((error as { code: string }).code);
      await ask();
    }
  });

  it('pretends to execute, and names another chain', async () => {
    const height = sui.chain.ledger.height;
    sui.chain.faults.set({ pretendExecutions: 1, chainId: '1'.repeat(32) });
    const result = await execute(share);
    expect(result.$kind).toBe('Transaction');
    expect(sui.chain.ledger.height).toBe(height);
    const digest = result.Transaction?.digest as string;
    await expect(sui.client.core.getTransaction({ digest })).rejects.toThrow(/not ?found/i);
    const { response } = await sui.client.ledgerService.getServiceInfo({});
    expect(response.chainId).toBe('1'.repeat(32));
  });
});
