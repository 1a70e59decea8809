import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import type { StorageDoors } from '../../../../src/flows/store/sources.ts';
import type { QuoteOptions } from '../../../../src/flows/store/types.ts';
import { geometryFor } from '../../../../src/protocol/geometry.ts';
import type { JournalStores } from '../../../../src/store/journal-facts.ts';
import { MemoryStore } from '../../../../src/store/memory-store.ts';
import { type CacheStores, sliverTotal } from '../../../../src/store/sliver-cache.ts';
import { bytesOf, memoryNetwork } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { judge } from '../../../support/flows/judge.ts';
import { countingWallet, localClient } from '../../../support/flows/local-client.ts';

const OPTIONS = { epochs: 3, deletable: true, path: 'direct' } as const;
const ALL = { begin: '', end: '\uffff' };
const BLOB = bytesOf(1_234);
/** Not kept beside the journal: only bytes that are in memory anyway are. */
const SOURCE = new Blob([BLOB]);
const SLIVERS = sliverTotal(geometryFor(13, BLOB.length));
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

/** What a browser has besides its database. */
function storageOf(freeBytes: number, change: Partial<StorageDoors> = {}) {
  const files = new Map<string, Blob>();
  const storage: StorageDoors = {
    freeBytes: async () => freeBytes,
    persist: async () => true,
    copies: {
      async copy(name, source) {
        files.set(name, new Blob([await source.arrayBuffer()]));
      },
      open: async (name) => files.get(name),
      async remove(name) {
        files.delete(name);
      },
    },
    fileOf: async () => undefined,
    ...change,
  };
  return { storage, files };
}

/** A page that is closed while it uploads, and the one after it. */
async function interrupted(storage: StorageDoors, options: Partial<QuoteOptions> = {}) {
  const store = new MemoryStore<JournalStores>();
  const slivers = new MemoryStore<CacheStores>();
  const wallet = countingWallet(network);
  const common = { network, wallet, store, slivers, storage, memoryBytes: 0 };
  let sent = 0;
  const { client } = localClient({
    ...common,
    onRequest: ({ method, url }) => {
      if (method !== 'PUT' || !url.includes('/slivers/')) return undefined;
      sent++;
      return new Promise(() => undefined);
    },
  });
  const quote = await client.quote([SOURCE], { ...OPTIONS, ...options });
  const job = client.store(quote);
  await expect.poll(() => job.snapshot.state).toBe('uploading');
  await expect.poll(() => sent).toBeGreaterThan(0);
  job.pause();
  await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
  const expectEnd = async () => {
    expect(wallet.seen).toHaveLength(1);
    const { address = '' } = wallet.account() ?? {};
    expect(judge(network).spentFrost(address)).toBe(quote.cost.walFrost);
  };
  const next = localClient(common).client;
  return { jobId: job.jobId, slivers, next, blobId: quote.files[0]?.blobId ?? '', expectEnd };
}

describe('an upload after its page was closed', () => {
  it('finds slivers on disk, where they take no more than their share', async () => {
    const { storage, files } = storageOf(2 * SLIVERS);
    const { slivers, next, jobId, expectEnd } = await interrupted(storage);
    expect(await slivers.keys('entries', ALL)).toHaveLength(1);
    expect(files.size).toBe(0); // once is enough
    expect(await next.openJobs()).toMatchObject([{ jobId, missing: [] }]);
    await (await next.resume(jobId)).result();
    await expectEnd();
  });

  it('makes them again from a copy of the file where there is no room', async () => {
    const { storage, files } = storageOf(2 * SLIVERS - 2);
    const { slivers, next, jobId, blobId, expectEnd } = await interrupted(storage);
    expect(await slivers.keys('entries', ALL)).toEqual([]);
    expect([...files.keys()]).toEqual([blobId]);
    expect(await next.openJobs()).toMatchObject([{ jobId, missing: [] }]);
    const job = await next.resume(jobId);
    await job.result();
    for await (const { state } of job) expect(state).not.toBe('cancelled'); // to its very end
    expect(files.size).toBe(0);
    await expectEnd();
  });

  it('asks for the file where there is no room for that either', async () => {
    const { storage, files } = storageOf(BLOB.length - 1);
    const { next, jobId, blobId, expectEnd } = await interrupted(storage);
    expect(files.size).toBe(0);
    expect(await next.openJobs()).toMatchObject([{ jobId, missing: [blobId] }]);
    await expect((await next.resume(jobId)).result()).rejects.toMatchObject({
      code: 'source-missing',
    });
    await (await next.resume(jobId, { files: [SOURCE] })).result();
    await expectEnd();
  });

  it('reads the file that was chosen, if it is still the same', async () => {
    const handle = { kind: 'file' } as FileSystemFileHandle; // nobody looks into it but the door
    let behind = new File([BLOB.toReversed()], 'changed');
    const { storage, files } = storageOf(0, { fileOf: async () => behind });
    const { next, jobId, expectEnd } = await interrupted(storage, { handles: [handle] });
    expect(files.size).toBe(0);
    expect(await next.openJobs()).toMatchObject([{ jobId, missing: [] }]);
    const other = await next.resume(jobId);
    await expect(other.result()).rejects.toMatchObject({ code: 'source-differs' });
    behind = new File([bytesOf(99)], 'shorter');
    other.resume();
    await expect(other.result()).rejects.toMatchObject({ code: 'source-missing' });
    behind = new File([BLOB], 'chosen');
    other.resume();
    await other.result();
    await expectEnd();
  });
});

describe('files of one batch', () => {
  it('are copied where their slivers have no room on disk beside those of the others', async () => {
    const other = new Blob([bytesOf(1_235)]);
    const { storage, files } = storageOf(2 * SLIVERS + BLOB.length);
    const { client } = localClient({
      ...{ network, storage, memoryBytes: 0, slivers: new MemoryStore<CacheStores>() },
      onRequest: heldPuts().onRequest,
    });
    const quote = await client.quote([SOURCE, other], OPTIONS);
    const job = client.store(quote);
    await expect.poll(() => [...files.keys()]).toEqual([quote.files[1]?.blobId]);
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('slivers that were made while the wallet was open', () => {
  it('make room once the payment is declined, and stay again once it is paid', async () => {
    const slivers = new MemoryStore<CacheStores>();
    const wallet = countingWallet(network);
    const pinned = async () =>
      (await slivers.scan('entries', ALL)).map(({ value }) => value.layout && value.pinned);
    wallet.before(async () => {
      await expect.poll(pinned, { timeout: 10_000 }).toEqual([true]);
      throw new Error('declined');
    });
    const held = heldPuts();
    const { client } = localClient({
      ...{ network, wallet, slivers, memoryBytes: 0 },
      onRequest: async (request) => {
        if (request.url.includes('/slivers/')) await held.onRequest(request);
      },
    });
    const job = client.store(await client.quote([SOURCE], OPTIONS));
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    await expect.poll(pinned, { timeout: 10_000 }).toEqual([false]);
    wallet.before(undefined);
    job.resume();
    await expect.poll(() => job.snapshot.state, { timeout: 10_000 }).toBe('uploading');
    await expect.poll(pinned, { timeout: 10_000 }).toEqual([true]);
    held.open();
    await job.result();
    await expect.poll(pinned, { timeout: 10_000 }).toEqual([false]);
  });
});

describe('a browser that does not say whether it will keep what is stored', () => {
  it('is asked at once, and not waited for', async () => {
    let asked = 0;
    const { storage } = storageOf(1e9, {
      persist: () => {
        asked++;
        return new Promise(() => undefined);
      },
    });
    const { client } = localClient({ network, storage });
    const quote = await client.quote([BLOB], OPTIONS);
    expect(asked).toBe(0);
    const job = client.store(quote);
    expect(asked).toBe(1); // in the click
    await job.result();
  });
});
