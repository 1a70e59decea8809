import { Transaction } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { ACCOUNT_SUI, ACCOUNT_WAL } from '../../../../src/devnet/network-options.ts';
import { SUI_TYPE } from '../../../../src/devnet/sui/ledger/ledger-object.ts';
import { HauloutError } from '../../../../src/protocol/errors.ts';
import { Journal } from '../../../../src/store/journal.ts';
import type { JournalStores } from '../../../../src/store/journal-facts.ts';
import type { MemoryStore } from '../../../../src/store/memory-store.ts';
import { claimingAllUsed } from '../../../support/chain/odd-nodes.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { HookedStore } from '../../../support/flows/hooked-store.ts';
import { holdersIn, judge, keysIn } from '../../../support/flows/judge.ts';
import { addressOf, countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { officialRead } from '../../../support/official-read.ts';
import { quickClock } from '../../../support/quick-clock.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
const BLOB = bytesOf(321);
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

type Wallet = ReturnType<typeof countingWallet>;
/** The person's wallet sends bytes to the chain, and tells nobody. */
async function executeAsPerson(bytes: Uint8Array) {
  const { signature } = await officialClients(network).signer.signTransaction(bytes);
  await network.life.chain.execute(bytes, [Buffer.from(signature, 'base64')]);
}

/** The wallet executes what it is asked to sign and then says no. */
function executeAndDecline(wallet: Wallet, change = async (bytes: Uint8Array) => bytes) {
  wallet.before(async (bytes) => {
    await executeAsPerson(await change(bytes));
    throw new Error('closed');
  });
}

/** A full node has called dead what is open. */
async function callDead(store: MemoryStore<JournalStores>) {
  const journal = new Journal(store);
  const [job] = await journal.jobs();
  const intentId = job?.intentIds[0] ?? '';
  const state = await journal.intent(intentId);
  if (state === undefined) throw new Error('no intent');
  const open = state.pending ? [state.pending] : state.asked;
  const lapsed = open.map(({ digest }) => ({ kind: 'lapsed', digest, reason: 'x' }) as const);
  expect(lapsed).toHaveLength(1);
  await journal.append(intentId, state, lapsed);
}

async function expectReadable(blobId = '') {
  const { walrus } = officialClients(network);
  expect(Buffer.compare(await officialRead(walrus, blobId), BLOB)).toBe(0);
}

describe('a payment that was called dead, and was made', () => {
  /** @returns what the page has left that knows nothing of it */
  async function paidUnheard(approvals: 'one' | 'two') {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    const quote = await client.quote([BLOB], { ...OPTIONS, approvals });
    executeAndDecline(wallet);
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    await callDead(store as MemoryStore<JournalStores>);
    const later = localClient({ network, wallet, store });
    return { wallet, quote, later, store, jobId: job.jobId };
  }

  it.each(['one', 'two'] as const)('is not made again (%s)', async (approvals) => {
    const { wallet, quote, later, jobId } = await paidUnheard(approvals);
    const [file] = await (await later.client.resume(jobId)).result();
    expect(wallet.seen).toHaveLength(approvals === 'one' ? 1 : 2);
    expect(judge(network).spentFrost(addressOf(wallet))).toBe(quote.cost.walFrost);
    await expectReadable(file?.blobId);
  });

  it('is seen before anybody asks, and is not given up as unpaid', async () => {
    const { wallet, later, jobId, store } = await paidUnheard('one');
    const [holder = ''] = await holdersIn(store);
    // Even if the transaction itself is not to be found.
    const digests = network.life.chain.ledger.transactions.map(({ tx }) => tx.digest);
    network.life.chain.faults.set({ denied: digests });
    const [open] = await later.client.openJobs();
    expect(open).toMatchObject({ jobId, paid: 'paid' });
    expect(open).not.toHaveProperty('spent'); // nothing tells the amount
    network.life.chain.faults.clear();
    expect(await (await later.client.resume(jobId)).cancel()).toEqual({ meaning: 'space-kept' });
    expect(judge(network).holdings(holder)).toBe(0);
    expect(wallet.seen).toHaveLength(1);
  });
});

describe('what a wallet was asked before', () => {
  /** A wallet that does not answer, and then a page that begins anew with other coins. */
  async function askedAndLeft(wallet: Wallet, approvals: 'one' | 'two' = 'one') {
    const { client, store } = localClient({ network, wallet });
    const quote = await client.quote([BLOB], { ...OPTIONS, approvals });
    wallet.before(async () => {
      throw new Error('closed');
    });
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    return { store, quote, jobId: job.jobId };
  }

  async function giveOtherCoins(wallet: Wallet) {
    const { walType } = network.life.ids;
    await network.life.giver.give(addressOf(wallet), [
      { coinType: walType, amount: 2n * ACCOUNT_WAL },
      { coinType: SUI_TYPE, amount: 2n * ACCOUNT_SUI },
    ]);
    return judge(network).walOf(addressOf(wallet));
  }

  it('is not called dead on the word of one of two full nodes', async () => {
    const wallet = countingWallet(network);
    const { store, quote, jobId } = await askedAndLeft(wallet);
    const before = await giveOtherCoins(wallet);
    const honest = network.life.node.transport;
    const rpc = [claimingAllUsed(honest), honest];
    const later = localClient({ network, wallet, store, rpc });
    const job = await later.client.resume(jobId);
    await expect(job.result()).rejects.toMatchObject({ code: 'outcome-unknown' });
    expect(wallet.seen).toHaveLength(1);

    await executeAsPerson(wallet.seen[0] as Uint8Array);
    job.resume();
    await job.result();
    expect(wallet.seen).toHaveLength(1);
    expect(before - judge(network).walOf(addressOf(wallet))).toBe(quote.cost.walFrost);
  });

  it('is not called dead because of what it has done itself', async () => {
    const wallet = countingWallet(network);
    const { store, quote, jobId } = await askedAndLeft(wallet, 'two');
    await executeAsPerson(wallet.seen[0] as Uint8Array);
    const spent = judge(network).spentFrost(addressOf(wallet));
    expect(spent).toBe(quote.cost.walFrost);
    const { chain } = network.life;
    // The full node knows the coins, and not yet the transaction that has changed them.
    chain.faults.set({ denied: [chain.ledger.transactions.at(-1)?.tx.digest ?? ''] });
    const later = localClient({ network, wallet, store, clock: quickClock(20) });
    const job = await later.client.resume(jobId);
    await expect(job.result()).rejects.toMatchObject({ code: 'outcome-unknown' });
    expect(wallet.seen).toHaveLength(1);
    chain.faults.clear();
    job.resume();
    await job.result();
    expect(wallet.seen).toHaveLength(2);
    expect(judge(network).spentFrost(addressOf(wallet))).toBe(spent);
  });

  it('is dead once another transaction is known that has used its coins', async () => {
    const wallet = countingWallet(network);
    const { store, quote, jobId } = await askedAndLeft(wallet);
    const other = localClient({ network, wallet });
    const otherQuote = await other.client.quote([bytesOf(9)], OPTIONS);
    await other.client.store(otherQuote).result();
    const later = localClient({ network, wallet, store });
    await (await later.client.resume(jobId)).result();
    expect(wallet.seen).toHaveLength(3);
    const spent = judge(network).spentFrost(addressOf(wallet));
    expect(spent).toBe(quote.cost.walFrost + otherQuote.cost.walFrost);
  });
});

describe('a certificate that the wallet has sent by itself', () => {
  it.each([
    ['as it was shown', async (bytes: Uint8Array) => bytes, true],
    [
      'with another budget',
      async (bytes: Uint8Array) => {
        const transaction = Transaction.from(bytes);
        transaction.setGasBudget(BigInt(transaction.getData().gasData.budget ?? 0) + 1n);
        return transaction.build();
      },
      false, // nobody knows its digest
    ],
  ] as const)('%s is found, and not asked for again', async (_, change, hasReceipt) => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const quote = await client.quote([BLOB], { ...OPTIONS, approvals: 'two' });
    const job = client.store(quote, { waitsBeforeCertify: true });
    for await (const { state } of job) if (state === 'awaiting-certify') break;
    executeAndDecline(wallet, change);
    job.resume();
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    job.resume();
    for await (const { state } of job) {
      if (state === 'awaiting-certify') job.resume();
      if (state === 'certified') break;
    }
    const [file] = await job.result();
    expect(wallet.seen).toHaveLength(2);
    expect(await client.openJobs()).toEqual([]);
    if (file?.receipt !== undefined) {
      const { onChain } = await client.verifyReceipt(file.receipt);
      const checks = 'checks' in onChain ? onChain.checks : [];
      expect(new Set(checks.map(({ verdict }) => verdict))).toEqual(new Set(['holds']));
    }
    expect(file?.receipt !== undefined).toBe(hasReceipt);
    await expectReadable(file?.blobId);
  });
});

describe('a certificate of the page that was called dead, and is on chain', () => {
  it.each([true, false])('is found, its transaction known: %s', async (isKnown) => {
    const wallet = countingWallet(network);
    const store = new HookedStore('certified', async () => {
      throw new HauloutError('store-full', {});
    });
    const { client } = localClient({ network, wallet, store });
    const job = client.store(await client.quote([BLOB], OPTIONS));
    await expect(job.result()).rejects.toMatchObject({ code: 'store-full' });
    store.hook = undefined;
    await callDead(store);
    const { chain } = network.life;
    const last = chain.ledger.transactions.at(-1)?.tx.digest ?? '';
    if (!isKnown) chain.faults.set({ denied: [last] });
    const later = localClient({ network, wallet, store, clock: quickClock(20) });
    const [file] = await (await later.client.resume(job.jobId)).result();
    expect(await later.client.openJobs()).toEqual([]);
    expect(wallet.seen).toHaveLength(1);
    expect(await keysIn(store)).toBe(0);
    await expectReadable(file?.blobId);
  });
});

describe('what strangers send to a holder', () => {
  /** Somebody sends things there just when the holder was emptied. */
  async function storeWith(send: (holder: string) => Promise<unknown>) {
    const wallet = countingWallet(network);
    const store = new HookedStore('certified', async () => {
      const [holder = ''] = await holdersIn(store);
      await send(holder);
    });
    const { client } = localClient({ network, wallet, store, clock: quickClock(20) });
    const [file] = await client.store(await client.quote([BLOB], OPTIONS)).result();
    await expectReadable(file?.blobId);
    const [holder = ''] = await holdersIn(store);
    expect(await client.openJobs()).toEqual([]);
    expect(await keysIn(store)).toBe(0);
    return { client, wallet, holder };
  }

  /** A blob of somebody else. */
  async function sendBlob(holder: string) {
    const other = countingWallet(network, 1);
    const { client } = localClient({ network, wallet: other });
    const quote = await client.quote([bytesOf(5)], { ...OPTIONS, owner: holder });
    await client.store(quote).result();
  }

  it('does not keep an upload from its end: an object', async () => {
    const { walType } = network.life.ids;
    const { holder } = await storeWith(async (to) => {
      await network.life.giver.give(to, [{ coinType: walType, amount: 1n }]);
    });
    expect(judge(network).holdings(holder)).toBe(1);
  });

  it('does not keep an upload from its end: less SUI than it costs to send it', async () => {
    const { holder } = await storeWith(async (to) => {
      await network.life.giver.give(to, [{ coinType: SUI_TYPE, amount: 1n }]);
    });
    expect(judge(network).holdings(holder)).toBe(1);
  });

  it('goes along to the person where it is worth it', async () => {
    const { wallet, holder } = await storeWith(async (to) => {
      await sendBlob(to);
      await network.life.giver.give(to, [{ coinType: SUI_TYPE, amount: 10n ** 9n }]);
    });
    expect(judge(network).holdings(holder)).toBe(0);
    expect(judge(network).blobsOf(addressOf(wallet))).toHaveLength(2);
  });

  it('is no purchase that has to be rescued', async () => {
    const { walType } = network.life.ids;
    const { client } = await storeWith(async (to) => {
      await network.life.giver.give(to, [{ coinType: walType, amount: 1n }]);
    });
    expect(await client.rescue()).toEqual([]);
  });

  it('is no purchase', async () => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    const quote = await client.quote([BLOB], OPTIONS);
    wallet.before(async () => {
      throw new Error('closed');
    });
    const job = client.store(quote);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    const [holder = ''] = await holdersIn(store);
    await sendBlob(holder);
    job.resume();
    const [file] = await job.result();
    expect(wallet.seen).toHaveLength(2);
    expect(judge(network).spentFrost(addressOf(wallet))).toBe(quote.cost.walFrost);
    await expectReadable(file?.blobId);
  });
});
