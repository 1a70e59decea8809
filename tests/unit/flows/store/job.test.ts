import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { HauloutError } from '../../../../src/protocol/errors.ts';
import type { Locks } from '../../../../src/protocol/ports.ts';
import { processLocks } from '../../../../src/store/process-locks.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { HookedStore } from '../../../support/flows/hooked-store.ts';
import { judge } from '../../../support/flows/judge.ts';
import { countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { officialRead } from '../../../support/official-read.ts';
import { quickClock } from '../../../support/quick-clock.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
const ALL = { begin: '', end: '\uffff' };
const BLOB = bytesOf(1_234);
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

/** Registers a blob in the way of the official package, and leaves it at that. */
async function register(blob: Uint8Array): Promise<void> {
  const { walrus, signer } = officialClients(network);
  const { rootHash, blobId } = await walrus.encodeBlob(blob);
  const size = { size: blob.length, epochs: 5, deletable: true } as const;
  await walrus.executeRegisterBlobTransaction({ blobId, rootHash, signer, ...size });
}

describe('bytes of an upload', () => {
  it('stay for another upload of the same bytes', async () => {
    const { open, onRequest } = heldPuts();
    const { client } = localClient({ network, onRequest });
    const options = { ...OPTIONS, reuse: 'none' } as const;
    const source = new Blob([BLOB]);
    const [first, second] = [
      await client.quote([source], options),
      await client.quote([source], options),
    ];
    const slow = client.store(first);
    await expect.poll(() => slow.snapshot.state).toBe('uploading');
    slow.pause();
    await expect(slow.result()).rejects.toMatchObject({ code: 'aborted' });
    open();
    const quick = client.store(second);
    for await (const { state } of quick) expect(state).not.toBe('cancelled'); // to its very end
    slow.resume();
    expect(await slow.result()).toMatchObject([{ blobId: first.files[0]?.blobId }]);
  });

  it('of which nothing is left are taken when they are given again', async () => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    const job = client.store(await client.quote([BLOB], OPTIONS));
    for await (const { paid } of job) if (paid === 'paid') break;
    job.pause();
    await job.result().catch(() => undefined);
    for (const key of await store.keys('sources', ALL)) {
      await store.commit([{ store: 'sources', key, value: undefined }], 'strict');
    }
    const later = localClient({ network, wallet, store }).client;
    const [open] = await later.openJobs();
    expect(open?.missing).toEqual([open?.files[0]?.blobId]);
    const resumed = await later.resume(job.jobId, { files: [BLOB] });
    expect(await resumed.result()).toMatchObject([{ blobId: open?.missing[0] }]);
    expect(wallet.seen).toHaveLength(1);
  });
});

describe('an open approval', () => {
  /** Slivers that nodes have been sent; `202` if they keep them in memory. */
  function sent(since: number) {
    const puts = network.fleet.log.since(since).filter(({ method, path }) => {
      return method === 'PUT' && path.includes('/slivers/');
    });
    return puts.map(({ path, status }) => `${status} ${path}`);
  }

  it('is the time in which nodes that buffer are sent everything; nothing is sent twice', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const quote = await client.quote([BLOB], { ...OPTIONS, path: 'direct' });
    const { next } = network.fleet.log;
    wallet.before(async () => {
      const quorum = 2 * 9;
      await expect.poll(() => sent(next).length).toBeGreaterThanOrEqual(quorum);
      expect(judge(network).spentFrost(wallet.account()?.address ?? '')).toBe(0n);
      expect(sent(next).every((each) => each.startsWith('202'))).toBe(true);
    });
    const [file] = await client.store(quote).result();
    const paths = sent(next).map((each) => each.replace('?pending=true', '').slice(4));
    expect(new Set(paths).size).toBe(paths.length);
    const { walrus } = officialClients(network);
    const read = await officialRead(walrus, file?.blobId);
    expect(Buffer.compare(read, BLOB)).toBe(0);
  });

  it('that is declined ends what was begun, and the next one begins again', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const quote = await client.quote([BLOB], { ...OPTIONS, path: 'direct' });
    wallet.before(async () => {
      throw new Error('declined');
    });
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    job.resume();
    expect(await job.result()).toMatchObject([{ blobId: quote.files[0]?.blobId }]);
    expect(judge(network).spentFrost(wallet.account()?.address ?? '')).toBe(quote.cost.walFrost);
  });
});

describe('uploads that began while the wallet was open', () => {
  it('end with the others when one cannot be written down', async () => {
    const [one, other] = [bytesOf(300), bytesOf(400)];
    let held = '';
    const { client } = localClient({
      ...{ network, store: fullOnce() },
      onRequest: async ({ method, url }) => {
        if (method === 'PUT' && url.includes(held)) await new Promise(() => undefined);
      },
    });
    const quote = await client.quote([one, other], { ...OPTIONS, path: 'direct' });
    held = quote.files[1]?.blobId ?? '';
    await expect(client.store(quote).result()).rejects.toMatchObject({ code: 'store-full' });
  });
});

describe('a signal', () => {
  it('that was given too late to stop anything lets nothing begin, until it is resumed', async () => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    const quote = await client.quote([BLOB], OPTIONS);
    const job = client.store(quote, { signal: AbortSignal.abort() });
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
    for await (const { isPaused } of job) expect(isPaused).toBe(true);
    expect(wallet.seen).toHaveLength(0);
    expect(await store.keys('jobs', ALL)).toEqual([]);
    job.resume();
    expect(await job.result()).toMatchObject([{ blobId: quote.files[0]?.blobId }]);
  });
});

describe('second approvals', () => {
  it('all go on when the person says so', async () => {
    const [begun, fresh] = [bytesOf(300), bytesOf(400)];
    await register(begun);
    const { client } = localClient({ network });
    const quote = await client.quote([begun, fresh], { ...OPTIONS, approvals: 'two' });
    expect(quote.files.map(({ standing }) => standing)).toEqual(['registered', 'new']);
    const job = client.store(quote, { waitsBeforeCertify: true });
    await expect.poll(() => job.snapshot.state, { timeout: 20_000 }).toBe('awaiting-certify');
    job.resume();
    const files = await job.result();
    expect(files.every(({ receipt }) => receipt !== undefined)).toBe(true);
  }, 30_000);
});

/** A database that is full when the first upload is to be written down. */
function fullOnce(onFull: () => void = () => undefined) {
  const store = new HookedStore('uploaded', async () => {
    store.hook = undefined;
    onFull();
    throw new HauloutError('store-full', {});
  });
  return store;
}

describe('a lock', () => {
  it.each([
    ['of one transaction', 'new'],
    ['of two', 'registered'],
  ])('is kept until nobody works any more: uploads %s', async (_, standing) => {
    const [one, other] = [bytesOf(300), bytesOf(400)];
    if (standing === 'registered') await register(one);
    const { open, opened } = heldPuts();
    const late: string[] = [];
    let isReleased = false;
    const all = processLocks();
    const locks: Locks = {
      async hold(name, work) {
        return all.hold(name, work).finally(() => {
          isReleased = true;
        });
      },
    };
    let held = '';
    const store = fullOnce(open);
    const { client } = localClient({
      ...{ network, store, locks },
      onRequest: async ({ method, url }) => {
        if (isReleased) late.push(url);
        if (method === 'PUT' && url.includes(held)) await opened;
      },
    });
    const quote = await client.quote([one, other], { ...OPTIONS, path: 'direct' });
    expect(quote.files[0]?.standing).toBe(standing);
    held = quote.files[1]?.blobId ?? '';
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'store-full' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isReleased).toBe(true);
    expect(late).toEqual([]);
    isReleased = false;
    job.resume();
    expect(await job.result()).toHaveLength(2);
  });
});

describe('the list of open uploads', () => {
  it('is given soon though a payment cannot be settled, and nothing is paid again', async () => {
    const wallet = countingWallet(network);
    const clock = quickClock(20);
    const { client, store } = localClient({ network, wallet, clock });
    const quote = await client.quote([BLOB], OPTIONS);
    const { faults } = network.life.chain;
    faults.set({ dropAnswers: 1_000_000 });
    const job = client.store(quote);
    const { address = '' } = wallet.account() ?? {};
    await expect.poll(() => judge(network).spentFrost(address)).toBe(quote.cost.walFrost);
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });

    const later = localClient({ network, wallet, store, clock }).client;
    expect(await later.openJobs()).toMatchObject([{ jobId: job.jobId, paid: 'unknown' }]);
    faults.clear();
    await (await later.resume(job.jobId)).result();
    expect(wallet.seen).toHaveLength(1);
    expect(judge(network).spentFrost(address)).toBe(quote.cost.walFrost);
  }, 25_000); // the chain is asked for half a minute of this clock when an upload is taken up
});

describe('a large batch', () => {
  it('does not pile up listeners', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    try {
      const { client } = localClient({ network });
      const files = Array.from({ length: 12 }, (_, i) => bytesOf(40 + i));
      const { signal } = new AbortController();
      const quote = await client.quote(files, { ...OPTIONS, signal });
      const job = client.store(quote, { signal });
      expect(await job.result()).toHaveLength(12);
      await client.openJobs(signal);
      await new Promise((resolve) => setImmediate(resolve)); // warnings come in a later turn
    } finally {
      process.off('warning', hear);
    }
    expect(warnings.map(({ stack }) => stack)).toEqual([]);
  });
});
