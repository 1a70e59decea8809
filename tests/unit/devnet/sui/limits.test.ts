import { bcs } from '@mysten/sui/bcs';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { Transaction, TransactionArgument } from '@mysten/sui/transactions';
import { fromBase64 } from '@mysten/sui/utils';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  coins,
  type LocalSui,
  localSui,
  referenceOf,
  send,
  write,
} from '../../../support/devnet/local-sui.ts';

const SUI = 1_000_000_000n;
const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('limits of a transaction', () => {
  let sui: LocalSui;
  let key: Ed25519Keypair;
  beforeAll(async () => {
    sui = await localSui();
    key = await sui.funded('owner', 1000n * SUI);
  });

  const addresses = (tx: Transaction, count: number) => {
    const address = tx.pure.address('0x1');
    tx.makeMoveVec({ type: 'address', elements: times(count, () => address) });
  };
  const pure = (tx: Transaction, length: number) =>
    tx.pure(bcs.bytes(length).serialize(new Uint8Array(length), { maxSize: length }));
  const missing = (i: number) => ({
    objectId: `0x${(i + 1).toString(16).padStart(64, '0')}`,
    version: 1,
    digest: '1'.repeat(32),
  });

  const cases: Record<string, [refused: RegExp, within: Edit, beyond: Edit]> = {
    commands: [
      /1024 commands, the most that is taken is 1023/,
      (tx) => times(1023, () => call(tx, 'version')),
      (tx) => times(1024, () => call(tx, 'version')),
    ],
    arguments: [
      /512 arguments, the most that is taken is 511/,
      (tx) => addresses(tx, 511),
      (tx) => addresses(tx, 512),
    ],
    'amounts to split': [
      /512 arguments/,
      (tx) => {
        const parts = tx.splitCoins(
          tx.gas,
          times(511, () => 1),
        );
        const all = times(511, (n) => parts[n] as TransactionArgument);
        tx.transferObjects(all, '0x1');
      },
      (tx) =>
        tx.splitCoins(
          tx.gas,
          times(512, () => 1),
        ),
    ],
    'bytes of a pure input': [
      /16384 bytes in a pure input/,
      (tx) => pure(tx, 16_383),
      (tx) => pure(tx, 16_384),
    ],
  };
  type Edit = (tx: Transaction) => unknown;

  it.each(Object.entries(cases))('%s', async (_, [refused, within, beyond]) => {
    const run = (edit: Edit) =>
      send(sui, key, (tx) => {
        edit(tx);
        tx.setGasBudget(20n * SUI);
      });
    await expect(run(beyond)).rejects.toThrow(refused);
    expect((await run(within)).failure).toBeUndefined();
  });

  it('objects count, with the packages that are called; pure inputs do not', async () => {
    const share = (tx: Transaction, count: number) =>
      times(count, (i) => {
        const { objectId } = missing(i);
        return tx.sharedObjectRef({ objectId, initialSharedVersion: 1, mutable: false });
      });
    const refused = /2049 input objects, the most that is taken is 2048/;
    await expect(send(sui, key, (tx) => void share(tx, 2_049))).rejects.toThrow(refused);
    const withCall = send(sui, key, (tx) => {
      share(tx, 2_048);
      call(tx, 'version');
      call(tx, 'version');
    });
    await expect(withCall).rejects.toThrow(refused);
    // That the objects do not exist is noticed after they were counted.
    const few = send(sui, key, (tx) => void share(tx, 2_048));
    await expect(few).rejects.toThrow(/not found/);
    const notes = await send(sui, key, (tx) => void times(2_500, (i) => tx.pure.u16(i)));
    expect(notes.failure).toBeUndefined();
  });

  it('gas coins', async () => {
    const payment = coins(sui, key.toSuiAddress()).slice(0, 1).map(referenceOf);
    const with257 = send(sui, key, (tx) => {
      tx.setGasPayment([...payment, ...times(257 - payment.length, missing)]);
    });
    await expect(with257).rejects.toThrow(/257 gas coins, the most that is taken is 256/);
    const with256 = send(sui, key, (tx) => {
      tx.setGasPayment([...payment, ...times(256 - payment.length, missing)]);
    });
    await expect(with256).rejects.toThrow(/not found/);
  });

  it('bytes, with the signatures', async () => {
    const sized = async (extra: number) => {
      const bytes = await write(sui, key, (tx) => {
        for (const _ of times(8, (i) => i)) pure(tx, 16_000);
        pure(tx, extra);
      });
      const { signature } = await key.signTransaction(bytes);
      return { bytes, signature: fromBase64(signature) };
    };
    // Around the signed bytes lie their number, an intent, and the number and lengths of the signatures.
    const { bytes, signature } = await sized(1_000);
    const room = 131_072 - bytes.length - (1 + 3) - (1 + 1 + signature.length);
    const fits = await sized(1_000 + room);
    expect((await sui.chain.execute(fits.bytes, [fits.signature])).outcome.failure).toBeUndefined();
    const over = await sized(1_001 + room);
    await expect(sui.chain.execute(over.bytes, [over.signature])).rejects.toThrow(
      /131073 bytes with signatures/,
    );
  });

  it('a list that must not be empty', async () => {
    for (const edit of [
      (tx: Transaction) => tx.splitCoins(tx.gas, []),
      (tx: Transaction) => tx.mergeCoins(tx.gas, []),
      (tx: Transaction) => tx.transferObjects([], '0x1'),
      (tx: Transaction) => tx.makeMoveVec({ elements: [] }),
    ]) {
      await expect(send(sui, key, (tx) => void edit(tx))).rejects.toThrow(/input is empty/);
    }
  });
});
