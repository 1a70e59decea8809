import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { fromBase64 } from '@mysten/sui/utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keypairWallet } from '../../../../src/chain/wallet/keypair-wallet.ts';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { SUI_TYPE } from '../../../../src/devnet/sui/ledger/ledger-object.ts';
import type { QuoteOptions } from '../../../../src/flows/store/types.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { holdersIn, judge, keysIn } from '../../../support/flows/judge.ts';
import { countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { officialRead } from '../../../support/official-read.ts';
import { quickClock } from '../../../support/quick-clock.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

const addressOf = (wallet: ReturnType<typeof countingWallet>) => wallet.account()?.address ?? '';

describe('what need not be paid', () => {
  it('is a blob that the wallet owns, or anybody stores for good', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const permanent = { epochs: 3, deletable: false } as const;
    const [first] = await client.store(await client.quote([bytesOf(50)], permanent)).result();
    const again = await client.quote([bytesOf(50)], permanent);
    expect(again).toMatchObject({ approvals: 0, cost: { walFrost: 0n, gasMist: 0n } });
    expect(again.files[0]).toMatchObject({ standing: 'owned', blobObjectId: first?.blobObjectId });
    const job = client.store(again);
    expect(await job.result()).toMatchObject([{ blobObjectId: first?.blobObjectId, endEpoch: 4 }]);
    expect(job.snapshot).toMatchObject({ state: 'already-stored', paid: 'nothing' });

    const other = localClient({ network, wallet: countingWallet(network, 1) });
    const theirs = await other.client.quote([bytesOf(50)], permanent);
    expect(theirs.files[0]).toMatchObject({ standing: 'stored', endEpoch: 4 });
    // Longer than that, or a blob of one's own, has to be paid.
    const longer = await other.client.quote([bytesOf(50)], { ...permanent, epochs: 4 });
    expect(longer.files[0]?.standing).toBe('new');
    const own = await other.client.quote([bytesOf(50)], { ...permanent, reuse: 'own' });
    expect(own.files[0]?.standing).toBe('new');
    const early = await client.quote([bytesOf(50)], { ...permanent, epochs: 5 });
    expect(early.files[0]).toMatchObject({ standing: 'new', endsEarly: { endEpoch: 4 } });
    expect(wallet.seen).toHaveLength(1);
  });

  it('is space of the wallet that no blob uses: cut, and extended where it ends too early', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const { walrus, signer } = officialClients(network);
    const [first] = await client.store(await client.quote([bytesOf(5_000)], OPTIONS)).result();
    const blobObjectId = first?.blobObjectId ?? '';
    await walrus.executeDeleteBlobTransaction({ blobObjectId, signer });
    expect(judge(network).storagesOf(addressOf(wallet))).toBe(1);
    const before = judge(network).spentFrost(addressOf(wallet));

    const quote = await client.quote([bytesOf(400)], { ...OPTIONS, epochs: 4 });
    // One unit for the one epoch that is missing, and the write fee.
    expect(quote.cost).toMatchObject({ storageFrost: 100_000n, writeFrost: 20_000n });
    expect(quote.cost.reusedBytes).toBe(quote.files[0]?.encodedBytes);
    await client.store(quote).result();
    const spent = judge(network).spentFrost(addressOf(wallet)) - before;
    expect(spent).toBe(quote.cost.walFrost);
    expect(judge(network).storagesOf(addressOf(wallet))).toBe(1); // what is left over
  });

  it.each([true, false])(
    'is a blob that was registered and never finished, deletable %s: one approval certifies it',
    async (deletable) => {
      const wallet = countingWallet(network);
      const { client } = localClient({ network, wallet });
      const { walrus, signer } = officialClients(network);
      const blob = bytesOf(640);
      const { rootHash, blobId } = await walrus.encodeBlob(blob);
      const size = { size: blob.length, epochs: 5, deletable } as const;
      await walrus.executeRegisterBlobTransaction({ blobId, rootHash, signer, ...size });
      const before = judge(network).spentFrost(addressOf(wallet));
      const quote = await client.quote([blob], OPTIONS);
      expect(quote).toMatchObject({ approvals: 1, cost: { walFrost: 0n } });
      expect(quote.files[0]?.standing).toBe('registered');
      const [file] = await client.store(quote).result();
      expect(wallet.seen).toHaveLength(1);
      expect(judge(network).spentFrost(addressOf(wallet))).toBe(before);
      expect(JSON.parse(file?.receipt ?? '{}')).toMatchObject({ deletable });
      expect(Buffer.compare(await officialRead(walrus, blobId), blob)).toBe(0);
    },
  );
});

describe('what an upload that was begun has paid for', () => {
  it('is not paid again: the quote names the upload', async () => {
    const wallet = countingWallet(network);
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const onRequest = async ({ method }: Request) => {
      if (method === 'PUT') await opened;
    };
    const { client } = localClient({ network, wallet, onRequest });
    const first = await client.quote([bytesOf(70)], OPTIONS);
    const job = client.store(first);
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });

    const { jobId } = job;
    const again = await client.quote([bytesOf(70), bytesOf(71)], OPTIONS);
    expect(again.files[0]).toMatchObject({ standing: 'unfinished', jobId, endEpoch: 4 });
    expect(again.files[1]?.standing).toBe('new');
    expect(again.cost.walFrost).toBe(first.cost.walFrost);
    const standings = async (options: QuoteOptions) =>
      (await client.quote([bytesOf(70)], options)).files.map(({ standing }) => standing);
    // What is asked for is something else: longer, not to be deleted, with attributes, for another.
    expect(await standings({ ...OPTIONS, epochs: 4 })).toEqual(['new']);
    expect(await standings({ ...OPTIONS, deletable: false })).toEqual(['new']);
    expect(await standings({ ...OPTIONS, attributes: { a: 'b' } })).toEqual(['new']);
    expect(await standings({ ...OPTIONS, owner: `0x${'7'.repeat(64)}` })).toEqual(['new']);
    expect(await standings({ ...OPTIONS, reuse: 'none' })).toEqual(['new']);
    open();
    const [one, other] = await client.store(again).result();
    expect(one?.error).toMatchObject({ code: 'upload-elsewhere', detail: { jobId } });
    expect(other?.error).toBeUndefined();
    job.resume();
    await job.result();
    expect(await standings(OPTIONS)).toEqual(['owned']);
    const spent = judge(network).spentFrost(addressOf(wallet));
    expect(spent).toBe(2n * first.cost.walFrost);
  });

  it('is seen where the wallet has paid without telling', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    wallet.before(() => Promise.reject(new Error('no')));
    const declined = client.store(await client.quote([bytesOf(72)], OPTIONS));
    await expect(declined.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    expect((await client.quote([bytesOf(72)], OPTIONS)).files[0]?.standing).toBe('new');

    const { signature } = await officialClients(network).signer.signTransaction(
      wallet.seen[0] as Uint8Array,
    );
    await network.life.chain.execute(wallet.seen[0] as Uint8Array, [fromBase64(signature)]);
    expect((await client.quote([bytesOf(72)], OPTIONS)).files[0]).toMatchObject({
      ...{ standing: 'unfinished', jobId: declined.jobId },
    });
  });
});

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

describe('cancelling', () => {
  it('before the approval means that nothing happened', async () => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    wallet.before(() => new Promise(() => undefined));
    const job = client.store(await client.quote([bytesOf(33)], OPTIONS));
    for await (const { state } of job) if (state === 'in-wallet') break;
    await expect.poll(() => wallet.seen.length).toBe(1);
    wallet.before(undefined);
    expect(await job.cancel()).toEqual({ meaning: 'nothing-paid' });
    expect(judge(network).spentFrost(addressOf(wallet))).toBe(0n);
    // The wallet may still execute what it was shown, so the key stays until that is impossible.
    expect(await keysIn(store)).toBe(1);
    expect(await client.openJobs()).toEqual([]);
  });

  it.each([
    [true, 'space-kept'],
    [false, 'blobs-kept'],
  ] as const)('after the payment, deletable %s: %s', async (deletable, meaning) => {
    const wallet = countingWallet(network);
    let isOpen = false;
    const { client, store } = localClient({
      network,
      wallet,
      onRequest: async ({ method }) => {
        if (method === 'PUT' && !isOpen) await new Promise(() => undefined);
      },
    });
    const quote = await client.quote([bytesOf(45)], { epochs: 3, deletable });
    const job = client.store(quote);
    for await (const { state } of job) if (state === 'uploading') break;
    expect(await job.cancel()).toEqual({ meaning });
    isOpen = true;
    const ledger = judge(network);
    expect(ledger.storagesOf(addressOf(wallet))).toBe(deletable ? 1 : 0);
    expect(ledger.blobsOf(addressOf(wallet))).toHaveLength(deletable ? 0 : 1);
    const [holder = ''] = await holdersIn(store);
    expect(ledger.holdings(holder)).toBe(0);
    expect(wallet.seen).toHaveLength(1);
    if (deletable) return;
    // What was not finished is finished later, for nothing but one approval.
    const later = await client.quote([bytesOf(45)], { epochs: 3, deletable });
    expect(later).toMatchObject({ approvals: 1, cost: { walFrost: 0n } });
    await client.store(later).result();
  });

  it('hands over nothing that a full node has not heard of: it is done later', async () => {
    const wallet = countingWallet(network);
    const onRequest = async ({ method }: Request) => {
      if (method === 'PUT') await new Promise(() => undefined);
    };
    const clock = quickClock(50);
    const { client, store } = localClient({ network, wallet, clock, onRequest });
    const job = client.store(await client.quote([bytesOf(46)], OPTIONS));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    const [holder = ''] = await holdersIn(store);
    const { ledger, faults } = network.life.chain;
    const held = ledger.objects.ownedBy(holder).map(({ id }) => id);
    const digests = ledger.transactions.map(({ tx }) => tx.digest);
    faults.set({ denied: [...held, ...digests] });
    await expect(job.cancel()).rejects.toMatchObject({ code: 'not-final-yet' });
    expect(await keysIn(store)).toBe(1);
    faults.clear();
    expect(await job.cancel()).toEqual({ meaning: 'space-kept' });
    expect(judge(network).holdings(holder)).toBe(0);
  });
});
