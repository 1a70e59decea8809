import { Transaction } from '@mysten/sui/transactions';
import { fromBase64 } from '@mysten/sui/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalSui, localSui } from '../support/devnet/local-sui.ts';
import { TEST_PACKAGE } from '../support/devnet/test-package.ts';

const SUI = 1_000_000_000n;

/** What somebody who has nothing but an address can find out: once over a socket and once without. */
describe.each([{ http: true }, { http: false }])('history, http: $http', ({ http }) => {
  let sui: LocalSui;
  beforeAll(async () => {
    sui = await localSui({ http });
  });
  afterAll(() => sui.close());

  it('lists transactions and events of a sender', async () => {
    const judy = await sui.funded('judy', SUI);
    const sender = judy.toSuiAddress();
    const make = (tx: Transaction, value: number) =>
      tx.moveCall({ target: `${TEST_PACKAGE}::things::make`, arguments: [tx.pure.u64(value)] });
    const tx = new Transaction();
    tx.transferObjects([make(tx, 100), make(tx, 200)], sender);
    const result = await judy.signAndExecuteTransaction({ transaction: tx, client: sui.client });
    const { transactions } = await sui.client.core.listTransactions({ filter: { sender } });
    expect(transactions.map((each) => each.Transaction?.digest)).toEqual([
      result.Transaction?.digest,
    ]);
    const events = await sui.client.core.listEvents({ filter: { sender }, limit: 1 });
    expect(events.hasNextPage).toBe(true);
    const rest = await sui.client.core.listEvents({ filter: { sender }, after: events.endCursor });
    expect([...events.events, ...rest.events].map(({ json }) => json?.['value'])).toEqual([
      ...['100', '200'],
    ]);
  });

  it('finds a note that was left in an input that no command uses', async () => {
    const mallory = await sui.funded('mallory', SUI);
    const victor = await sui.funded('victor', SUI);
    const sender = victor.toSuiAddress();
    const leave = async (key: typeof victor, note: Uint8Array) => {
      const tx = new Transaction();
      tx.pure(note);
      const [coin] = tx.splitCoins(tx.gas, [1]);
      tx.transferObjects([coin], sender);
      const done = await key.signAndExecuteTransaction({ transaction: tx, client: sui.client });
      expect(done.$kind).toBe('Transaction');
    };
    const notes = [1, 2, 3, 4, 5].map((i) => new Uint8Array(54).fill(i));
    for (const note of notes) await leave(victor, note);
    await leave(mallory, new Uint8Array(54).fill(9)); // sent to the address, not by it

    const page = { filter: { sender }, limit: 2, include: { transaction: true } } as const;
    const found: Uint8Array[] = [];
    let before: string | null = null;
    for (;;) {
      const { core } = sui.client;
      const listed: Awaited<ReturnType<typeof core.listTransactions<{ transaction: true }>>> =
        await core.listTransactions({ ...page, order: 'descending', ...(before && { before }) });
      for (const { Transaction: each } of listed.transactions) {
        const [first] = each?.transaction.inputs ?? [];
        if (first && 'Pure' in first && first.Pure) found.push(fromBase64(first.Pure.bytes));
      }
      if (!listed.hasNextPage) break;
      before = listed.endCursor;
    }
    expect(found).toEqual(notes.toReversed());

    // Whoever has seen all asks for what came since.
    const seen = await sui.client.core.listTransactions({ filter: { sender } });
    const since = { filter: { sender }, after: seen.endCursor };
    expect((await sui.client.core.listTransactions(since)).transactions).toEqual([]);
    await leave(victor, new Uint8Array(54).fill(6));
    expect((await sui.client.core.listTransactions(since)).transactions).toHaveLength(1);
  });

  it('reads an owned object at an earlier version', async () => {
    const walter = await sui.funded('walter', 3n * SUI);
    const { objects } = await sui.client.core.listCoins({ owner: walter.toSuiAddress() });
    const objectId = objects[0]?.objectId as string;
    const read = async (version: bigint) => {
      const { response } = await sui.client.ledgerService.getObject({
        ...{ objectId, version },
        readMask: { paths: ['version', 'balance', 'owner'] },
      });
      return response.object;
    };
    const version = BigInt(objects[0]?.version ?? 0);
    const tx = new Transaction();
    const [coin] = tx.splitCoins(tx.gas, [SUI]);
    tx.transferObjects([coin], walter.toSuiAddress());
    await walter.signAndExecuteTransaction({ transaction: tx, client: sui.client });
    expect(await read(version)).toMatchObject({ version, balance: 3n * SUI });
    const newer = await read(version + 1n);
    expect(newer?.balance).toBeLessThan(2n * SUI);
    await expect(read(version + 2n)).rejects.toThrow(/with version \d+ not found/);
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
});
