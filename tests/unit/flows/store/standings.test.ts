import { fromBase64 } from '@mysten/sui/utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import type { QuoteOptions } from '../../../../src/flows/store/types.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { judge } from '../../../support/flows/judge.ts';
import { countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { officialRead } from '../../../support/official-read.ts';

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
    const { open, onRequest } = heldPuts();
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
