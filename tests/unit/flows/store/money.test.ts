import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { fromBase64 } from '@mysten/sui/utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keypairWallet } from '../../../../src/chain/wallet/keypair-wallet.ts';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { SUI_TYPE } from '../../../../src/devnet/sui/ledger/ledger-object.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { holdersIn, judge } from '../../../support/flows/judge.ts';
import { addressOf, countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { officialRead } from '../../../support/official-read.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

describe('a price', () => {
  it('may move within what was shown, and asks for nothing new', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const quote = await client.quote([bytesOf(64)], OPTIONS);
    await network.epochs.setPrices({ storagePrice: 101_000n, writePrice: 20_000n });
    await client.store(quote).result();
    const spent = judge(network).spentFrost(addressOf(wallet));
    expect(spent).toBe(323_000n);
    expect(spent).toBeLessThanOrEqual(quote.cost.walMaximumFrost);
  });

  it('that rises above what was shown is not paid', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const quote = await client.quote([bytesOf(64)], OPTIONS);
    await network.epochs.setPrices({ storagePrice: 150_000n, writePrice: 20_000n });
    const later = localClient({ network, wallet }); // has not read the old price
    expect((await later.client.quote([bytesOf(64)], OPTIONS)).cost.walFrost).toBe(470_000n);
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({
      code: expect.stringMatching(/price-over-cap|transaction-refused/),
    });
    expect(job.snapshot.paid).toBe('nothing');
    expect(judge(network).spentFrost(addressOf(wallet))).toBe(0n);
  });

  it('of the network that rises above what was shown is not paid', async () => {
    const wallet = countingWallet(network);
    let laterMs = 0;
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + laterMs };
    const { client } = localClient({ network, wallet, clock });
    const quote = await client.quote([bytesOf(64)], OPTIONS);
    // Validators vote for another price of gas with each epoch of theirs.
    await network.life.chain.advanceEpoch(90_000n);
    laterMs = 60_000;
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({
      code: 'transaction-refused',
      detail: { reason: expect.stringContaining(`is above ${quote.cost.gasMaximumMist}`) },
    });
    expect(job.snapshot.paid).toBe('nothing');
    expect(wallet.seen).toHaveLength(0);
    // A little more is within what was shown, and never more than that is set aside.
    await network.life.chain.advanceEpoch(1_050n);
    laterMs = 120_000;
    job.resume();
    await job.result();
    const { gasData } = Transaction.from(wallet.seen[0] as Uint8Array).getData();
    expect(BigInt(gasData.budget ?? 0)).toBeLessThanOrEqual(quote.cost.gasMaximumMist);
  });

  it('in SUI for WAL that is missing is no more than what was shown', async () => {
    const person = new Ed25519Keypair();
    const { walType } = network.life.ids;
    const owner = person.toSuiAddress();
    for (const gift of [
      { coinType: SUI_TYPE, amount: 10n ** 9n },
      { coinType: walType, amount: 200_000n },
    ]) {
      await network.life.giver.give(owner, [gift]);
    }
    const wallet = keypairWallet(person);
    const { client } = localClient({ network, wallet });
    const quote = await client.quote([bytesOf(64)], { ...OPTIONS, exchange: true });
    expect(quote.cost.exchangeMist).toBeGreaterThan(0n);
    // Somebody else takes the rest of the WAL meanwhile.
    const { sui } = officialClients(network);
    const { objects } = await sui.core.listCoins({ owner, coinType: walType });
    const tx = new Transaction();
    tx.transferObjects(
      objects.map(({ objectId }) => objectId),
      `0x${'7'.repeat(64)}`,
    );
    tx.setSender(owner);
    const { bytes, signature } = await person.signTransaction(await tx.build({ client: sui }));
    await network.life.chain.execute(fromBase64(bytes), [fromBase64(signature)]);
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'wal-short' });
    expect(job.snapshot.paid).toBe('nothing');
  });

  it('says what is missing: WAL, SUI; and WAL can be bought where it is worth nothing', async () => {
    const poor = new Ed25519Keypair();
    const { client } = localClient({ network, wallet: keypairWallet(poor) });
    const quote = await client.quote([bytesOf(64)], OPTIONS);
    expect(quote.conditions.map(({ code }) => code)).toEqual(['wal-short']);
    expect(quote.cost).toMatchObject({ walFrost: 320_000n, isEstimate: true });
    const gift = [{ coinType: SUI_TYPE, amount: 10n ** 9n }];
    await network.life.giver.give(poor.toSuiAddress(), gift);
    const bought = await client.quote([bytesOf(64)], { ...OPTIONS, exchange: true });
    expect(bought.conditions).toEqual([]);
    expect(bought.cost.exchangeMist).toBeGreaterThan(0n);
    const [file] = await client.store(bought).result();
    const { walrus } = officialClients(network);
    const read = await officialRead(walrus, file?.blobId);
    expect(Buffer.compare(read, bytesOf(64))).toBe(0);
  });
});

describe('an owner', () => {
  const owner = new Ed25519Keypair().toSuiAddress();

  it('gets the blobs however the address is written', async () => {
    const { client } = localClient({ network });
    const written = `0x${owner.slice(2).toUpperCase()}`;
    const quote = await client.quote([bytesOf(31)], { ...OPTIONS, owner: written });
    expect(quote.owner).toBe(owner);
    const [file] = await client.store(quote).result();
    expect(judge(network).blobsOf(owner)).toEqual([file?.blobObjectId]);
  });

  it.each(['certified', 'cancelled'] as const)(
    'gets blobs and no money: what was lent to the page goes back to who has paid (%s)',
    async (end) => {
      const { open, onRequest } = heldPuts();
      const { client, store } = localClient({ network, onRequest });
      const quote = await client.quote([bytesOf(31)], { epochs: 3, deletable: false, owner });
      const job = client.store(quote);
      await expect.poll(() => job.snapshot.state).toBe('uploading');
      if (end === 'cancelled') await job.cancel();
      open();
      await job.result();
      const [holder = ''] = await holdersIn(store);
      expect(judge(network).holdings(holder)).toBe(0);
      expect(judge(network).holdings(owner)).toBe(1);
      expect(judge(network).blobsOf(owner)).toHaveLength(1);
    },
  );

  it.each(['', '0x12', owner.slice(0, -1), `${owner}0`, owner.replace(/..$/, 'zz'), 'name.sui'])(
    'that is no address is refused before anything else: %j',
    async (wrong) => {
      const { client } = localClient({ network });
      await expect(client.quote([bytesOf(31)], { ...OPTIONS, owner: wrong })).rejects.toMatchObject(
        { code: 'argument-invalid', detail: { name: 'owner' } },
      );
    },
  );
});

describe('a wallet', () => {
  it('that executes by itself and then declines has paid: nothing is asked again', async () => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    const quote = await client.quote([bytesOf(90)], OPTIONS);
    const { signer } = officialClients(network);
    wallet.before(async (bytes) => {
      const { signature } = await signer.signTransaction(bytes);
      await network.life.chain.execute(bytes, [Buffer.from(signature, 'base64')]);
      throw new Error('closed');
    });
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    job.resume();
    await job.result();
    expect(wallet.seen).toHaveLength(1);
    expect(judge(network).spentFrost(addressOf(wallet))).toBe(quote.cost.walFrost);
    const [holder = ''] = await holdersIn(store);
    expect(judge(network).holdings(holder)).toBe(0);
  });

  it('that signs something else is not believed, and nothing is sent', async () => {
    const honest = countingWallet(network);
    const foreign = countingWallet(network);
    let other: Uint8Array | undefined;
    const { client } = localClient({ network, wallet: honest });
    await client.store(await client.quote([bytesOf(7)], OPTIONS)).result();
    other = honest.seen[0];
    const spent = judge(network).spentFrost(addressOf(honest));
    const twisted = {
      ...foreign,
      sign: (_: Uint8Array, signal: AbortSignal) => foreign.sign(other as Uint8Array, signal),
    };
    const second = localClient({ network, wallet: twisted });
    const job = second.client.store(await second.client.quote([bytesOf(8)], OPTIONS));
    await expect(job.result()).rejects.toMatchObject({ code: 'transaction-altered' });
    expect(job.snapshot.paid).toBe('nothing');
    expect(judge(network).spentFrost(addressOf(honest))).toBe(spent);
  });

  it('on another account waits for the right one', async () => {
    const first = countingWallet(network);
    const second = countingWallet(network, 1);
    let now = first;
    const wallet = { ...first, account: () => now.account(), sign: first.sign.bind(first) };
    const { client } = localClient({ network, wallet });
    const quote = await client.quote([bytesOf(12)], OPTIONS);
    now = second;
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-account-changed' });
    now = first;
    job.resume();
    await job.result();
    expect(first.seen).toHaveLength(1);
  });
});
