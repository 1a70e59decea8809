import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import type { Clock, DurableStore, Write } from '../../../../src/protocol/ports.ts';
import type { JournalStores } from '../../../../src/store/journal-facts.ts';
import { MemoryStore } from '../../../../src/store/memory-store.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { HookedStore } from '../../../support/flows/hooked-store.ts';
import { holdersIn, judge, keysIn } from '../../../support/flows/judge.ts';
import { countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { officialRead } from '../../../support/official-read.ts';
import { quickClock } from '../../../support/quick-clock.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
const BLOB = bytesOf(777);
/** Waits pass in a twentieth of their time. */
const hasty: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 20, signal) };
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

/** One payment, one blob at the person's address that anybody can read, and an empty holder. */
async function expectStoredOnce(
  store: DurableStore<JournalStores>,
  wallet: ReturnType<typeof countingWallet>,
  frost: bigint,
) {
  const ledger = judge(network);
  const { address } = wallet.account() ?? { address: '' };
  expect(ledger.spentFrost(address)).toBe(frost);
  expect(ledger.blobsOf(address)).toHaveLength(1);
  for (const holder of await holdersIn(store)) expect(ledger.holdings(holder)).toBe(0);
  expect(await keysIn(store)).toBe(0);
  const { walrus } = officialClients(network);
  const rows = await store.scan('jobs', { begin: '', end: '\uffff' });
  const blobId = rows[0]?.value.files[0]?.blobId ?? '';
  expect(Buffer.compare(await officialRead(walrus, blobId), BLOB)).toBe(0);
}

describe('an answer that gets lost', () => {
  it.each([
    ['of the payment', 0],
    ['of the certificate', 1],
  ])('%s is found by the same bytes', async (_, executionsBefore) => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet, clock: hasty });
    const quote = await client.quote([BLOB], OPTIONS);
    const { faults } = network.life.chain;
    if (executionsBefore === 0) faults.set({ dropAnswers: 1 });
    const job = client.store(quote);
    if (executionsBefore === 1) {
      for await (const { state } of job) {
        if (state !== 'uploading') continue;
        faults.set({ dropAnswers: 1 });
        break;
      }
    }
    await job.result();
    expect(faults.now.dropAnswers).toBe(0);
    expect(wallet.seen).toHaveLength(1);
    await expectStoredOnce(store, wallet, quote.cost.walFrost);
  });

  it('behind a full node that is late with everything', async () => {
    network.life.chain.faults.set({ finalityDelayMs: 400, staleReadMs: 300, answerDelayMs: 50 });
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    const quote = await client.quote([BLOB], OPTIONS);
    await client.store(quote).result();
    network.life.chain.faults.clear();
    await client.openJobs();
    await expectStoredOnce(store, wallet, quote.cost.walFrost);
  });

  it('of the payment is waited for, and the job says so', async () => {
    const { faults } = network.life.chain;
    const store = new HookedStore('signed', async () => {
      store.hook = undefined;
      faults.set({ refuseRequests: 1_000_000 });
    });
    const { client } = localClient({ network, store, clock: quickClock(50) });
    const job = client.store(await client.quote([BLOB], OPTIONS));
    await expect
      .poll(() => job.snapshot.condition?.error.code, { timeout: 10_000 })
      .toBe('outcome-unknown');
    expect(job.snapshot).toMatchObject({ state: 'settling', paid: 'unknown' });
    expect(job.snapshot.condition?.retryAtMs).toBeGreaterThan(0);
    faults.clear();
    await job.result();
    expect(job.snapshot.condition).toBeUndefined();
  });

  it('of a payment that fails on chain: only the fee is spent, and it can be paid again', async () => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet, clock: hasty });
    const quote = await client.quote([BLOB], OPTIONS);
    network.life.chain.faults.set({ failExecutions: [{ kind: 'InvariantViolation' }] });
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'transaction-refused' });
    expect(job.snapshot).toMatchObject({ state: 'awaiting-payment', paid: 'nothing' });
    job.resume();
    await job.result();
    expect(wallet.seen).toHaveLength(2);
    await expectStoredOnce(store, wallet, quote.cost.walFrost);
  });
});

/** A database whose process dies at a given commit: nothing that is asked of it answers any more. */
class DyingStore extends MemoryStore<JournalStores> {
  strictCommits = 0;
  diesAt = Number.POSITIVE_INFINITY;
  /** whether the commit still reaches the disk */
  writesFirst = true;
  readonly dead: Promise<void>;
  #die: () => void = () => undefined;
  #isDead = false;

  constructor() {
    super();
    this.dead = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  override async commit(
    writes: readonly Write<JournalStores>[],
    durability: 'strict' | 'relaxed' = 'relaxed',
  ): Promise<void> {
    if (this.#isDead) return new Promise(() => undefined);
    if (durability === 'strict') this.strictCommits++;
    const dies = this.strictCommits === this.diesAt && durability === 'strict';
    if (!dies || this.writesFirst) await super.commit(writes);
    if (!dies) return;
    this.#isDead = true;
    this.#die();
    return new Promise(() => undefined);
  }
}

describe('a process that dies', () => {
  // begin, key, question, signature, registered, uploaded, certificate signed, certified, closed
  const COMMITS = 9;
  const points = Array.from({ length: COMMITS }, (_, i) => i + 1);

  it.each(points)(
    'at its commit %i, before or after it is durable: another one goes on',
    async (at) => {
      const wallet = countingWallet(network);
      const store = new DyingStore();
      store.diesAt = at;
      store.writesFirst = at % 2 === 0;
      const first = localClient({ network, wallet, store, clock: hasty });
      const quote = await first.client.quote([BLOB], OPTIONS);
      const job = first.client.store(quote);
      await Promise.race([store.dead, job.result()]);

      const disk = new MemoryStore<JournalStores>();
      disk.restore(store.snapshot());
      const second = localClient({ network, wallet, store: disk, clock: hasty });
      const open = await second.client.openJobs();
      if (open.length === 0) {
        expect(at).toBe(1); // nothing was written down yet
        expect(judge(network).spentFrost(wallet.account()?.address ?? '')).toBe(0n);
        return;
      }
      const isFinished = open[0]?.isFinished === true; // nobody was told yet
      expect(isFinished).toBe(at >= 8);
      const again = await second.client.resume(open[0]?.jobId ?? '', { files: [BLOB] });
      expect(await again.result()).toMatchObject([{ receipt: expect.any(String) }]);
      if (isFinished) expect(await second.client.openJobs()).toEqual([]);
      await expectStoredOnce(disk, wallet, quote.cost.walFrost);
    },
  );

  it('knows all its commits', async () => {
    const store = new DyingStore();
    const { client } = localClient({ network, store, clock: hasty });
    await client.store(await client.quote([BLOB], OPTIONS)).result();
    expect(store.strictCommits).toBe(COMMITS);
  });
});
