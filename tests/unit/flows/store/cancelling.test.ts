import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { bytesOf, memoryNetwork } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { holdersIn, judge, keysIn } from '../../../support/flows/judge.ts';
import { addressOf, countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { quickClock } from '../../../support/quick-clock.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

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
    const { open, onRequest } = heldPuts();
    const { client, store } = localClient({ network, wallet, onRequest });
    const quote = await client.quote([bytesOf(45)], { epochs: 3, deletable });
    const job = client.store(quote);
    for await (const { state } of job) if (state === 'uploading') break;
    expect(await job.cancel()).toEqual({ meaning });
    open();
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
    const { onRequest } = heldPuts();
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

  it('needs no full node where no wallet was shown anything', async () => {
    const wallet = countingWallet(network);
    const clock = quickClock(50);
    const { client, store } = localClient({ network, wallet, clock });
    const quote = await client.quote([bytesOf(47)], OPTIONS);
    network.life.chain.faults.set({ refuseRequests: 1e6 });
    const job = client.store(quote);
    await expect
      .poll(() => job.snapshot.condition?.error.code, { timeout: 10_000 })
      .toBe('chain-unavailable');
    expect(await job.cancel()).toEqual({ meaning: 'nothing-paid' });
    expect(wallet.seen).toEqual([]);
    expect(await keysIn(store)).toBe(0);
  });

  it('says what it waits for while the full node is silent, and pays nothing twice', async () => {
    const wallet = countingWallet(network);
    const clock = quickClock(50);
    const { client } = localClient({ network, wallet, clock });
    const quote = await client.quote([bytesOf(48)], OPTIONS);
    const { faults } = network.life.chain;
    wallet.before(async () => faults.set({ finalityDelayMs: 1e9 })); // executed, and nobody tells
    const job = client.store(quote);
    for await (const { state } of job) if (state === 'settling') break;
    faults.set({ refuseRequests: 1e6 });
    const cancelled = job.cancel();
    await expect
      .poll(() => job.snapshot.condition, { timeout: 10_000 })
      .toMatchObject({
        error: { code: 'outcome-unknown' },
        retryAtMs: expect.any(Number),
      });
    expect(job.snapshot.paid).toBe('unknown');
    faults.clear();
    expect(await cancelled).toEqual({ meaning: 'space-kept' });
    expect(wallet.seen).toHaveLength(1);
    expect(judge(network).spentFrost(addressOf(wallet))).toBe(quote.cost.walFrost);
  });
});
