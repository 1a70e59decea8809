import { bcs } from '@mysten/sui/bcs';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { coinWithBalance, Transaction } from '@mysten/sui/transactions';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  coins,
  type LocalSui,
  localSui,
  send,
  writtenId,
} from '../../../support/devnet/local-sui.ts';
import { COUNTER_ID, TEST_PACKAGE } from '../../../support/devnet/test-package.ts';

const SUI = 1_000_000_000n;

describe('simulation', () => {
  let sui: LocalSui;
  let key: Ed25519Keypair;
  let thing: string;
  beforeAll(async () => {
    sui = await localSui();
    key = await sui.funded('owner', 10n * SUI, 7n * SUI);
    const made = await send(sui, key, (tx) => {
      tx.transferObjects([call(tx, 'make', tx.pure.u64(1))], key.toSuiAddress());
    });
    thing = writtenId(made, 'Thing');
  });

  const resolve = async (edit: (tx: Transaction) => void) => {
    const tx = new Transaction();
    tx.setSender(key.toSuiAddress());
    edit(tx);
    return Transaction.from(await tx.build({ client: sui.client })).getData();
  };

  it('finds versions, and declares shared objects mutable only where they are written', async () => {
    const shared = async (...names: string[]) => {
      const { inputs } = await resolve((tx) => {
        const counter = tx.object(COUNTER_ID);
        for (const name of names) call(tx, name, counter);
      });
      return inputs[0]?.Object?.SharedObject;
    };
    expect(await shared('read')).toMatchObject({ mutable: false, initialSharedVersion: '1' });
    expect(await shared('read', 'count')).toMatchObject({ mutable: true });
    const { inputs } = await resolve((tx) => {
      call(tx, 'set', tx.object(thing), tx.pure.u64(2));
    });
    const stored = sui.chain.ledger.objects.get(thing);
    expect(inputs[0]?.Object?.ImmOrOwnedObject).toEqual({
      objectId: thing,
      version: stored?.version.toString(),
      digest: stored?.digest,
    });
  });

  it('keeps inputs in order and raw bytes as they are', async () => {
    const raw = Uint8Array.from({ length: 72 }, (_, i) => i);
    const { inputs } = await resolve((tx) => {
      tx.pure(raw);
      tx.transferObjects([tx.splitCoins(tx.gas, [5])[0]], key.toSuiAddress());
    });
    expect(Buffer.from(inputs[0]?.Pure?.bytes as string, 'base64')).toEqual(Buffer.from(raw));
  });

  it('never pays with a coin that is an input', async () => {
    const [largest] = coins(sui, key.toSuiAddress());
    const { gasData } = await resolve((tx) => {
      tx.transferObjects([tx.object(largest?.id as string)], key.toSuiAddress());
    });
    expect(gasData.payment?.map(({ objectId }) => objectId)).not.toContain(largest?.id);
    expect(gasData.payment).toHaveLength(1);
  });

  it('gives all coins when the gas coin is spent', async () => {
    const { gasData } = await resolve((tx) => {
      tx.transferObjects([tx.splitCoins(tx.gas, [16n * SUI])[0]], key.toSuiAddress());
    });
    expect(gasData.payment).toHaveLength(2);
  });

  it('leaves what the sender has set', async () => {
    const { gasData, expiration } = await resolve((tx) => {
      tx.setGasBudget(12_345_678);
      tx.setGasPrice(1_500);
      tx.setExpiration({ Epoch: 3 });
      call(tx, 'set', tx.object(thing), tx.pure.u64(2));
    });
    expect(gasData).toMatchObject({ budget: '12345678', price: '1500' });
    expect(expiration).toMatchObject({ $kind: 'Epoch' });
  });

  it('does not change the chain', async () => {
    const height = sui.chain.ledger.height;
    const version = sui.chain.ledger.objects.get(COUNTER_ID)?.version;
    await resolve((tx) => call(tx, 'count', tx.object(COUNTER_ID)));
    expect(sui.chain.ledger.height).toBe(height);
    expect(sui.chain.ledger.objects.get(COUNTER_ID)?.version).toBe(version);
  });

  it('resolves the coin intents of the official client', async () => {
    const { commands } = await resolve((tx) => {
      const coin = coinWithBalance({ balance: 3n * SUI });
      tx.transferObjects([coin], key.toSuiAddress());
    });
    expect(commands.map(({ $kind }) => $kind)).toContain('SplitCoins');
  });

  it('tells what commands returned, and works without checks for anybody', async () => {
    const tx = new Transaction();
    call(tx, 'value', tx.object(thing));
    tx.moveCall({ target: '0x2::clock::timestamp_ms', arguments: [tx.object.clock()] });
    const result = await sui.client.core.simulateTransaction({
      transaction: tx,
      checksEnabled: false,
      include: { commandResults: true },
    });
    const values = result.commandResults?.map(({ returnValues }) =>
      bcs.u64().parse(returnValues[0]?.bcs as Uint8Array),
    );
    expect(values?.[0]).toBe('1');
    expect(Number(values?.[1])).toBeGreaterThan(1_600_000_000_000);
  });

  it('builds a transaction kind without a sender', async () => {
    const tx = new Transaction();
    call(tx, 'count', tx.object(COUNTER_ID));
    const kind = await tx.build({ client: sui.client, onlyTransactionKind: true });
    expect(Transaction.fromKind(kind).getData().inputs[0]?.Object?.SharedObject?.mutable).toBe(
      true,
    );
  });

  it('names objects and packages that are missing', async () => {
    await expect(
      resolve((tx) => call(tx, 'set', tx.object(`0x${'9'.repeat(64)}`), tx.pure.u64(1))),
    ).rejects.toThrow(/Object 0x9+ not found/);
    await expect(
      resolve((tx) => tx.moveCall({ target: '0x4242::a::b', arguments: [] })),
    ).rejects.toThrow(/Package 0x0*4242 does not exist/);
    await expect(
      resolve((tx) => tx.moveCall({ target: `${TEST_PACKAGE}::things::none` })),
    ).rejects.toThrow(/does not have the function/);
  });
});
