import { Transaction } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { judge } from '../../../support/flows/judge.ts';
import { addressOf, countingWallet, localClient } from '../../../support/flows/local-client.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
const FAILURE = { kind: 'InvariantViolation' } as const;
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

type Wallet = ReturnType<typeof countingWallet>;
type Approvals = 'one' | 'two';

/** What an upload says was spent is what the ledger has less of. */
function expectTold(wallet: Wallet, spent: { frost: bigint; mist: bigint } | undefined) {
  const payer = addressOf(wallet);
  const { spentFrost, spentMist } = judge(network);
  expect(spent?.frost).toBe(spentFrost(payer));
  expect(spent?.mist).toBe(spentMist(payer));
}

async function begin(approvals: Approvals) {
  const wallet = countingWallet(network);
  const { client, store } = localClient({ network, wallet });
  const job = client.store(await client.quote([bytesOf(64)], { ...OPTIONS, approvals }));
  return { wallet, store, client, job };
}

const failNext = () => network.life.chain.faults.set({ failExecutions: [FAILURE] });

/** The wallet executes what it is asked to sign the n-th time, with a budget of its own, and says no. */
function executeAltered(wallet: Wallet, nth: number) {
  wallet.before(async (bytes) => {
    if (wallet.seen.length !== nth) return;
    const tx = Transaction.from(bytes);
    tx.setGasBudget(BigInt(tx.getData().gasData.budget ?? 0) + 1_000n);
    const { sui, signer } = officialClients(network);
    const altered = await tx.build({ client: sui });
    const { signature } = await signer.signTransaction(altered);
    await network.life.chain.execute(altered, [Buffer.from(signature, 'base64')]);
    throw new Error('closed');
  });
}

describe('what an upload says was spent', () => {
  it.each(['one', 'two'] as const)(
    'counts a payment that failed on chain (%s)',
    async (approvals) => {
      const { wallet, job } = await begin(approvals);
      failNext();
      await expect(job.result()).rejects.toMatchObject({ code: 'transaction-refused' });
      expect(job.snapshot.paid).toBe('nothing');
      expect(judge(network).spentMist(addressOf(wallet))).toBeGreaterThan(0n);
      expectTold(wallet, job.snapshot.spent);
      job.resume();
      await job.result();
      expectTold(wallet, job.snapshot.spent);
    },
  );

  it('counts a failure whose answer was lost with the page', async () => {
    const { wallet, job, store } = await begin('one');
    wallet.before(async (bytes) => {
      const { signature } = await officialClients(network).signer.signTransaction(bytes);
      failNext();
      await network.life.chain.execute(bytes, [Buffer.from(signature, 'base64')]);
      throw new Error('closed');
    });
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    const later = await localClient({ network, wallet, store }).client.resume(job.jobId);
    await later.result();
    expectTold(wallet, later.snapshot.spent);
  });

  it.each(['one', 'two'] as const)(
    'counts a certificate that failed on chain (%s)',
    async (approvals) => {
      const { wallet, job } = await begin(approvals);
      for await (const { state } of job) {
        if (state !== 'uploading') continue;
        failNext();
        break;
      }
      await job.result();
      expect(network.life.chain.faults.counts['failExecutions']).toBe(1);
      expectTold(wallet, job.snapshot.spent);
    },
  );

  it.each([1, 2])('counts what a wallet executed in its own form, at request %i', async (nth) => {
    const { wallet, job } = await begin('two');
    executeAltered(wallet, nth);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    job.resume();
    await job.result();
    expect(wallet.seen).toHaveLength(2);
    expectTold(wallet, job.snapshot.spent);
  });

  it('finds such a purchase among older blobs of the same bytes', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const quote = () =>
      client.quote([bytesOf(64)], { ...OPTIONS, approvals: 'two', reuse: 'none' });
    for (let i = 0; i < 2; i++) await client.store(await quote()).result();
    const before = judge(network).blobsOf(addressOf(wallet)).length;
    const job = client.store(await quote());
    executeAltered(wallet, wallet.seen.length + 1);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    job.resume();
    await job.result();
    expect(judge(network).blobsOf(addressOf(wallet))).toHaveLength(before + 1);
  });

  it('counts a purchase that a wallet executed in its own form, as it lies at the holder', async () => {
    const { wallet, job } = await begin('one');
    executeAltered(wallet, 1);
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    wallet.before(undefined);
    job.resume();
    await job.result();
    expect(wallet.seen).toHaveLength(1);
    expectTold(wallet, job.snapshot.spent);
  });

  it('counts what another device paid for a certificate', async () => {
    const wallet = countingWallet(network);
    const gate = heldPuts();
    const { client } = localClient({ network, wallet, onRequest: gate.onRequest });
    const files = [bytesOf(64), bytesOf(65)];
    const job = client.store(await client.quote(files, { ...OPTIONS, approvals: 'two' }));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    job.pause();
    gate.open();
    const other = localClient({ network, wallet }).client;
    await other.store(await other.quote(files.slice(0, 1), OPTIONS)).result();
    job.resume();
    await job.result();
    expectTold(wallet, job.snapshot.spent);
  });

  it('counts what came back when the person took all from the holder elsewhere', async () => {
    const wallet = countingWallet(network);
    const gate = heldPuts();
    const { client } = localClient({ network, wallet, onRequest: gate.onRequest });
    const job = client.store(await client.quote([bytesOf(64)], OPTIONS));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    const [rescue] = await localClient({ network, wallet }).client.rescue();
    await rescue?.handOver();
    gate.open();
    await job.result();
    expectTold(wallet, job.snapshot.spent);
  });
});
