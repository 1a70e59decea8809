import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { Secp256r1Keypair } from '@mysten/sui/keypairs/secp256r1';
import { MultiSigPublicKey } from '@mysten/sui/multisig';
import { Transaction } from '@mysten/sui/transactions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededKey } from '../../src/devnet/sui/faucet.ts';
import { SUI_TYPE } from '../../src/devnet/sui/ledger/ledger-object.ts';
import { type LocalSui, localSui, SEED } from '../support/devnet/local-sui.ts';
import { TEST_PACKAGE } from '../support/devnet/test-package.ts';

const SUI = 1_000_000_000n;

/** The keys of the official package: once over a socket and once without. */
describe.each([{ http: true }, { http: false }])('signatures, http: $http', ({ http }) => {
  let sui: LocalSui;
  beforeAll(async () => {
    sui = await localSui({ http });
  });
  afterAll(() => sui.close());

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
    const either = MultiSigPublicKey.fromPublicKeys({
      threshold: 1,
      publicKeys: [keys[0], keys[2]].flatMap((key) =>
        key ? [{ publicKey: key.getPublicKey(), weight: 1 }] : [],
      ),
    });
    for (const key of [keys[0], keys[2]]) {
      const done = await send(either.toSuiAddress(), async (bytes) => {
        const signed = await key?.signTransaction(bytes);
        return either.combinePartialSignatures([signed?.signature ?? '']);
      });
      expect(done.$kind).toBe('Transaction');
    }
    // All members of another group do not make one of this.
    await expect(send(either.toSuiAddress(), (bytes) => parts(bytes, 2))).rejects.toThrow(
      /nothing is to be signed by/,
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
});
