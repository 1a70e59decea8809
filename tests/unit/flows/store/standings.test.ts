import { fromBase64 } from '@mysten/sui/utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import type { QuoteOptions } from '../../../../src/flows/store/types.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { judge } from '../../../support/flows/judge.ts';
import { addressOf, countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { officialRead } from '../../../support/official-read.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

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

describe('a blob of the wallet that ends too early', () => {
  const LONGER = { ...OPTIONS, epochs: 5 };

  /** Stored for three epochs, and then wanted for five. */
  async function storedBefore() {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    const [file] = await client.store(await client.quote([bytesOf(50)], OPTIONS)).result();
    const before = judge(network).spentFrost(addressOf(wallet));
    const spent = () => judge(network).spentFrost(addressOf(wallet)) - before;
    return { wallet, client, store, blobObjectId: file?.blobObjectId ?? '', spent };
  }

  it('is given more time with one approval; nothing is sent, and nothing else is paid', async () => {
    const { wallet, client, blobObjectId, spent } = await storedBefore();
    const quote = await client.quote([bytesOf(50), bytesOf(50)], LONGER);
    expect(quote).toMatchObject({ approvals: 1, conditions: [] });
    expect(quote.cost).toMatchObject({ storageFrost: 200_000n, writeFrost: 0n, stipendMist: 0n });
    expect(quote.files).toMatchObject([
      { standing: 'extendable', blobObjectId, endEpoch: 6, endsEarly: { endEpoch: 4 } },
      { standing: 'duplicate', blobObjectId, endEpoch: 6 },
    ]);
    const { next } = network.fleet.log;
    const job = client.store(quote);
    expect(await job.result()).toMatchObject([
      { blobObjectId, endEpoch: 6 },
      { blobObjectId, endEpoch: 6 },
    ]);
    expect(job.snapshot).toMatchObject({ state: 'certified', paid: 'paid' });
    expect(network.fleet.log.since(next).filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(wallet.seen).toHaveLength(2);
    expect(spent()).toBe(quote.cost.walFrost);
    expect(await client.openJobs()).toEqual([]);
    const again = await client.quote([bytesOf(50)], LONGER);
    expect(again.files[0]).toMatchObject({ standing: 'owned', endEpoch: 6 });
  });

  it('is extended beside new files, which are paid for apart', async () => {
    const { wallet, client, blobObjectId, spent } = await storedBefore();
    const quote = await client.quote([bytesOf(50), bytesOf(51)], LONGER);
    expect(quote.approvals).toBe(2);
    const [extended, fresh] = await client.store(quote).result();
    expect(extended).toMatchObject({ blobObjectId, endEpoch: 6 });
    expect(fresh?.receipt).toBeDefined();
    expect(wallet.seen).toHaveLength(3);
    expect(spent()).toBe(quote.cost.walFrost);
  });

  it('is not extended twice where the wallet has done it without telling', async () => {
    const { wallet, client, store, spent } = await storedBefore();
    const quote = await client.quote([bytesOf(50)], LONGER);
    wallet.before(async (bytes) => {
      const { signature } = await officialClients(network).signer.signTransaction(bytes);
      await network.life.chain.execute(bytes, [fromBase64(signature)]);
      throw new Error('closed');
    });
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    // The full node does not know the transaction, and what it has changed.
    const digests = network.life.chain.ledger.transactions.map(({ tx }) => tx.digest);
    network.life.chain.faults.set({ denied: digests });
    const later = localClient({ network, wallet, store }).client;
    expect(await later.openJobs()).toMatchObject([{ jobId: job.jobId, isFinished: true }]);
    expect(await (await later.resume(job.jobId)).result()).toMatchObject([{ endEpoch: 6 }]);
    expect(wallet.seen).toHaveLength(2);
    expect(spent()).toBe(quote.cost.walFrost);
  });

  it('that is gone when it is paid costs nothing', async () => {
    const { wallet, client, blobObjectId, spent } = await storedBefore();
    const quote = await client.quote([bytesOf(50)], LONGER);
    const { walrus, signer } = officialClients(network);
    await walrus.executeDeleteBlobTransaction({ blobObjectId, signer });
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'transaction-refused' });
    expect(await job.cancel()).toEqual({ meaning: 'nothing-paid' });
    expect(wallet.seen).toHaveLength(1);
    expect(spent()).toBe(0n);
  });
});

describe('what an upload that was begun has paid for', () => {
  it('is not paid again: the quote names the upload', async () => {
    const wallet = countingWallet(network);
    const { open, onRequest } = heldPuts();
    const { client } = localClient({ network, wallet, onRequest });
    const first = await client.quote([bytesOf(70)], OPTIONS);
    const job = client.store(first);
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
    expect(job.snapshot.nodes?.map(({ state }) => state)).not.toContain('sending');

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
    const second = client.store(again);
    const [one, other] = await second.result();
    // It has stored what was left to it, and says of the rest where that is.
    await expect.poll(() => second.snapshot.state).toBe('certified');
    expect(second.snapshot.files[0]).toMatchObject({ unfinishedIn: jobId });
    expect(second.snapshot.files[1]?.unfinishedIn).toBeUndefined();
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
