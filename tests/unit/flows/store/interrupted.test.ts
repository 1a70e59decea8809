import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { createHaulout } from '../../../../src/flows/store/create-haulout.ts';
import { Journal } from '../../../../src/store/journal.ts';
import type { JournalStores } from '../../../../src/store/journal-facts.ts';
import { MemoryStore } from '../../../../src/store/memory-store.ts';
import { processLocks } from '../../../../src/store/process-locks.ts';
import {
  bytesOf,
  memoryNetwork,
  officialClients,
  quiet,
} from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { HookedStore } from '../../../support/flows/hooked-store.ts';
import { holdersIn, judge, keysIn } from '../../../support/flows/judge.ts';
import {
  countingWallet,
  encoder,
  infoOf,
  localClient,
} from '../../../support/flows/local-client.ts';
import { officialRead } from '../../../support/official-read.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
const BLOB = bytesOf(1_234);
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

async function expectReadable(blobId = '') {
  const { walrus } = officialClients(network);
  expect(Buffer.compare(await officialRead(walrus, blobId), BLOB)).toBe(0);
}

describe('an upload', () => {
  it('rests while it is paused, and sends no sliver twice', async () => {
    const gate = heldPuts();
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet, onRequest: gate.onRequest });
    const job = client.store(await client.quote([BLOB], OPTIONS));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
    expect(job.snapshot).toMatchObject({ isPaused: true, state: 'uploading', paid: 'paid' });
    expect(await client.openJobs()).toMatchObject([
      { jobId: job.jobId, paid: 'paid', missing: [], isRunning: false, isAsked: false },
    ]);
    gate.open();
    await quiet(network);
    const { next } = network.fleet.log;
    job.resume();
    const [file] = await job.result();
    expect(wallet.seen).toHaveLength(1);
    const puts = network.fleet.log
      .since(next)
      .filter(({ method, path }) => method === 'PUT' && path.includes('/slivers/'))
      .map(({ path }) => path);
    expect(new Set(puts).size).toBe(puts.length);
    await expectReadable(file?.blobId);
  });

  it('has one worker in all tabs', async () => {
    const gate = heldPuts();
    const [locks, store, wallet] = [
      processLocks(),
      new MemoryStore<JournalStores>(),
      countingWallet(network),
    ];
    const first = localClient({ network, wallet, store, locks, onRequest: gate.onRequest });
    const job = first.client.store(await first.client.quote([BLOB], OPTIONS));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    const second = localClient({ network, wallet, store, locks });
    expect(await second.client.openJobs()).toMatchObject([{ isRunning: true }]);
    const other = await second.client.resume(job.jobId, { files: [BLOB] });
    await expect(other.result()).rejects.toMatchObject({ code: 'upload-elsewhere' });
    gate.open();
    await job.result();
    expect(wallet.seen).toHaveLength(1);
  });

  it('that somebody else goes on with, without a lock, is given up by the one who was slower', async () => {
    const gate = heldPuts();
    const store = new MemoryStore<JournalStores>();
    const wallet = countingWallet(network);
    const first = localClient({ network, wallet, store, onRequest: gate.onRequest });
    const job = first.client.store(await first.client.quote([BLOB], OPTIONS));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    const second = localClient({ network, wallet, store });
    const [file] = await (await second.client.resume(job.jobId, { files: [BLOB] })).result();
    gate.open();
    await expect(job.result()).rejects.toMatchObject({ code: 'revision-stale' });
    expect(judge(network).blobsOf(wallet.account()?.address ?? '')).toEqual([file?.blobObjectId]);
  });

  it('goes on with another committee when an epoch ends under way', async () => {
    const gate = heldPuts();
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet, onRequest: gate.onRequest });
    const quote = await client.quote([BLOB], OPTIONS);
    const job = client.store(quote);
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    await network.epochs.advance();
    gate.open();
    const [file] = await job.result();
    await quiet(network);
    expect(network.life.port.state().epoch).toBe(2);
    expect(wallet.seen).toHaveLength(1);
    expect(judge(network).spentFrost(wallet.account()?.address ?? '')).toBe(quote.cost.walFrost);
    await expectReadable(file?.blobId);
  });

  it('whose epoch ends before the second approval is signed for anew, and asks once', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const quote = await client.quote([BLOB], { ...OPTIONS, approvals: 'two' });
    const job = client.store(quote, { waitsBeforeCertify: true });
    for await (const { state } of job) if (state === 'awaiting-certify') break;
    await network.epochs.advance();
    await quiet(network);
    job.resume();
    const [file] = await job.result();
    expect(wallet.seen).toHaveLength(2);
    await expectReadable(file?.blobId);
  });

  it('whose certificates are too late again and again rests, and loses nothing', async () => {
    const wallet = countingWallet(network);
    const store = new HookedStore('uploaded', async () => {
      await network.epochs.advance();
      await quiet(network);
    });
    const { client } = localClient({ network, wallet, store });
    const quote = await client.quote([BLOB], { ...OPTIONS, epochs: 20 });
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'certificate-mismatch' });
    expect(job.snapshot.paid).toBe('paid');
    store.hook = undefined;
    job.resume();
    const [file] = await job.result();
    expect(wallet.seen).toHaveLength(1);
    expect(judge(network).spentFrost(wallet.account()?.address ?? '')).toBe(quote.cost.walFrost);
    await expectReadable(file?.blobId);
  });

  it('whose time ends before it is certified goes to the person as it is', async () => {
    const gate = heldPuts();
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet, onRequest: gate.onRequest });
    const job = client.store(await client.quote([BLOB], { ...OPTIONS, epochs: 1 }));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
    gate.open();
    await network.epochs.advance();
    await quiet(network);
    job.resume();
    await job.result();
    expect(job.snapshot.state).toBe('cancelled');
    const [holder = ''] = await holdersIn(store);
    expect(judge(network).holdings(holder)).toBe(0);
    expect(judge(network).blobsOf(wallet.account()?.address ?? '')).toHaveLength(1);
  });

  it('asks for a file that is needed once more, and knows another one', async () => {
    const gate = heldPuts();
    const wallet = countingWallet(network);
    const source = new Blob([BLOB]); // not kept: only bytes in memory are
    const first = localClient({ network, wallet, onRequest: gate.onRequest });
    const job = first.client.store(await first.client.quote([source], OPTIONS));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
    gate.open();
    const { client } = localClient({ network, wallet, store: first.store });
    const [open] = await client.openJobs();
    expect(open?.missing).toEqual([open?.files[0]?.blobId]);
    const without = await client.resume(job.jobId);
    await expect(without.result()).rejects.toMatchObject({ code: 'source-missing' });
    await expect(client.resume(job.jobId, { files: [bytesOf(5)] })).rejects.toMatchObject({
      code: 'source-differs',
    });
    const [file] = await (await client.resume(job.jobId, { files: [BLOB] })).result();
    await expectReadable(file?.blobId);
    await expect(client.resume('none')).rejects.toMatchObject({ code: 'upload-unknown' });
  });
});

describe('an upload of another network', () => {
  it('waits untouched until the client is on that network again', async () => {
    const { client, store } = localClient({ network });
    const job = client.store(await client.quote([bytesOf(77)], OPTIONS));
    for await (const { paid } of job) if (paid === 'paid') break;
    job.pause();
    await job.result().catch(() => undefined);
    expect(await client.openElsewhere()).toBe(0);
    const elsewhere = { ...infoOf(network), chainId: 'another' };
    const other = createHaulout({ network: elsewhere, store, encoder });
    const everything = { begin: '', end: '\uffff' };
    const before = await store.scan('facts', everything);
    expect(await other.openJobs()).toEqual([]);
    expect(await other.openElsewhere()).toBe(1);
    await expect(other.resume(job.jobId)).rejects.toMatchObject({ code: 'upload-unknown' });
    await expect(other.forget(job.jobId)).rejects.toMatchObject({ code: 'upload-unknown' });
    expect(await store.scan('facts', everything)).toEqual(before);
    const open = JSON.parse(await other.exportUploads());
    expect(open.uploads).toMatchObject([
      { jobId: job.jobId, paid: 'paid', isFinished: false, payments: [{ phase: 'registered' }] },
    ]);
    expect(await (await client.resume(job.jobId)).result()).toHaveLength(1);
    const text = await client.exportUploads();
    const { uploads } = JSON.parse(text);
    expect(uploads).toMatchObject([{ paid: 'paid', files: [{ bytes: 77 }] }]);
    const { receipt } = uploads[0].files[0];
    expect((await client.verifyReceipt(JSON.stringify(receipt))).receipt.blobId).toBe(
      uploads[0].files[0].blobId,
    );
    expect(text).not.toMatch(/secret|private/i);
  });
});

describe('a purchase that the person took from the holder elsewhere', () => {
  it('is theirs, and the upload ends', async () => {
    const gate = heldPuts();
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet, onRequest: gate.onRequest });
    const job = client.store(await client.quote([BLOB], OPTIONS));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    const [rescue] = await localClient({ network, wallet }).client.rescue();
    await rescue?.handOver();
    gate.open();
    await job.result();
    expect(job.snapshot.state).toBe('cancelled');
    expect(judge(network).blobsOf(wallet.account()?.address ?? '')).toHaveLength(1);
    await expect.poll(() => keysIn(store)).toBe(0);
  });
});

describe('a browser that has lost everything', () => {
  it('finds a purchase through the wallet alone, and finishes it without paying again', async () => {
    const gate = heldPuts();
    const wallet = countingWallet(network);
    const lost = localClient({ network, wallet, onRequest: gate.onRequest });
    const quote = await lost.client.quote([BLOB], OPTIONS);
    const job = lost.client.store(quote);
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
    gate.open();

    const { client } = localClient({ network, wallet });
    expect(await client.openJobs()).toEqual([]);
    const [rescue, ...others] = await client.rescue();
    expect(others).toEqual([]);
    expect(rescue?.blobs.map(({ blobId }) => blobId)).toEqual([quote.files[0]?.blobId]);
    await rescue?.handOver();
    expect(wallet.seen).toHaveLength(2);
    expect(judge(network).holdings(rescue?.holder ?? '')).toBe(0);
    expect(await client.rescue()).toEqual([]);

    const later = await client.quote([BLOB], OPTIONS);
    expect(later).toMatchObject({ approvals: 1, cost: { walFrost: 0n } });
    const [file] = await client.store(later).result();
    expect(judge(network).spentFrost(wallet.account()?.address ?? '')).toBe(quote.cost.walFrost);
    await expectReadable(file?.blobId);
  });

  it.each(['the page key', 'an early fact'])('finds what it has lost %s of', async (lost) => {
    const gate = heldPuts();
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet, onRequest: gate.onRequest });
    const job = client.store(await client.quote([BLOB], OPTIONS));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
    gate.open();
    expect(await client.rescue()).toEqual([]); // it can be resumed
    const isKey = lost === 'the page key';
    const rows = await store.scan(isKey ? 'keys' : 'facts', { begin: '', end: '\uffff' });
    const key = rows[isKey ? 0 : 1]?.key ?? '';
    if (isKey) await store.commit([{ store: 'keys', key, value: undefined }], 'strict');
    else await store.commit([{ store: 'facts', key, value: null as never }], 'strict');

    const [open, ...others] = await client.openJobs();
    expect(others).toEqual([]);
    expect(open?.jobId).toBe(job.jobId);
    if (!isKey)
      expect(open).toMatchObject({ paid: 'unknown', error: { code: 'store-unavailable' } });
    const again = await client.resume(job.jobId);
    await expect(again.result()).rejects.toMatchObject({
      code: isKey ? 'upload-unknown' : 'store-unavailable',
    });
    const [rescue] = await client.rescue();
    expect(rescue?.blobs).toHaveLength(1);
    await rescue?.handOver();
    expect(judge(network).holdings(rescue?.holder ?? '')).toBe(0);
    expect(judge(network).blobsOf(wallet.account()?.address ?? '')).toHaveLength(1);
  });

  it('still lists its other uploads where one is damaged', async () => {
    const wallet = countingWallet(network);
    wallet.before(() => Promise.reject(new Error('no')));
    const { client, store } = localClient({ network, wallet });
    const ids: string[] = [];
    for (const blob of [bytesOf(3), bytesOf(4)]) {
      const job = client.store(await client.quote([blob], OPTIONS));
      await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
      ids.push(job.jobId);
    }
    const journal = new Journal(store);
    const intentId = (await journal.job(ids[0] ?? ''))?.intentIds[0];
    const key = `${intentId}/00000001`;
    await store.commit([{ store: 'facts', key, value: {} as never }], 'strict');
    const open = await client.openJobs();
    expect(open.map(({ jobId }) => jobId).sort()).toEqual([...ids].sort());
    expect(open.filter(({ error }) => error).map(({ jobId }) => jobId)).toEqual([ids[0]]);
  });
});
