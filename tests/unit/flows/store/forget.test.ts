import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { Journal } from '../../../../src/store/journal.ts';
import { bytesOf, memoryNetwork } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { countingWallet, localClient } from '../../../support/flows/local-client.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
const ALL = { begin: '', end: '\uffff' };
const STORES = ['jobs', 'facts', 'keys', 'sources', 'holdings'] as const;
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

describe('an upload that is forgotten', () => {
  it('leaves nothing, and the others as they were; what is not finished is not forgotten', async () => {
    const { open, onRequest } = heldPuts();
    const { client, store } = localClient({ network, onRequest });
    const going = client.store(await client.quote([bytesOf(10)], OPTIONS));
    await expect.poll(() => going.snapshot.state, { timeout: 10_000 }).toBe('uploading');
    await expect(client.forget(going.jobId)).rejects.toMatchObject({ code: 'upload-elsewhere' });
    going.pause();
    await expect(going.result()).rejects.toMatchObject({ code: 'aborted' });
    await expect(client.forget(going.jobId)).rejects.toMatchObject({ code: 'not-final-yet' });
    expect(await client.openJobs()).toMatchObject([{ jobId: going.jobId, paid: 'paid' }]);
    open();
    const done = client.store(await client.quote([bytesOf(11)], OPTIONS));
    for await (const _ of done); // to its very end
    const count = async () =>
      Promise.all(STORES.map(async (s) => (await store.keys(s, ALL)).length));
    const [jobs = 0, facts = 0] = await count();
    await client.forget(done.jobId);
    const [jobsLeft, factsLeft] = await count();
    expect(jobsLeft).toBe(jobs - 1);
    expect(factsLeft).toBeLessThan(facts);
    going.resume();
    for await (const _ of going);
    await client.forget(going.jobId);
    expect(await count()).toEqual([0, 0, 0, 0, 0]);
    await expect(client.forget(going.jobId)).rejects.toMatchObject({ code: 'upload-unknown' });
  });

  it('is one of the oldest that are finished, without a call', async () => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    const journal = new Journal(store);
    const done = client.store(await client.quote([bytesOf(12)], OPTIONS));
    for await (const _ of done);
    const record = await journal.job(done.jobId);
    if (record === undefined) throw new Error('no job');
    // Jobs that had nothing to pay.
    for (let i = 1; i <= 200; i++) {
      const jobId = `later${i}`;
      await journal.begin({ ...record, jobId, atMs: record.atMs + i, intentIds: [] }, []);
    }
    // What a page has left that was closed before it could clean up.
    const blobId = record.files[0]?.blobId ?? '';
    await journal.keepSource('later7', blobId, { metadata: new Uint8Array() });
    expect(await client.openJobs()).toEqual([]);
    expect(await journal.job(done.jobId)).toBeUndefined();
    expect(await store.keys('facts', ALL)).toEqual([]);
    expect(await journal.jobs()).toHaveLength(200);
    expect(await journal.sources()).toEqual([]);
  });
});
