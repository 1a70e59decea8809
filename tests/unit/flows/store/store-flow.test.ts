import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { isHauloutError } from '../../../../src/protocol/errors.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { rejection } from '../../../support/encoder-contract.ts';
import { holdersIn, judge, keysIn } from '../../../support/flows/judge.ts';
import { addressOf, countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { officialRead } from '../../../support/official-read.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

/** Reads with the official client. */
const read = (blobId = '') => officialRead(officialClients(network).walrus, blobId);
const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

describe('a store job', () => {
  it('goes through its states with one approval, and leaves nothing behind', async () => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    const quote = await client.quote([bytesOf(5_000)], OPTIONS);
    expect(quote).toMatchObject({ approvals: 1, endEpoch: 4, conditions: [] });
    const job = client.store(quote);
    expect(client.store(quote)).toBe(job);
    const states: string[] = [];
    const watching = (async () => {
      for await (const { state, paid } of job) {
        if (states.at(-1) !== `${state} ${paid}`) states.push(`${state} ${paid}`);
      }
    })();
    const [file] = await job.result();
    await watching;
    expect(states.filter((state) => !state.startsWith('topping-up'))).toEqual([
      ...['awaiting-payment nothing', 'in-wallet nothing', 'settling unknown', 'uploading paid'],
      ...['certifying paid', 'certified paid'],
    ]);
    expect(wallet.seen).toHaveLength(1);
    expect(isSame(await read(file?.blobId), bytesOf(5_000))).toBe(true);

    const ledger = judge(network);
    const { address } = wallet.account() ?? { address: '' };
    expect(ledger.spentFrost(address)).toBe(quote.cost.walFrost);
    expect(job.snapshot.spent).toMatchObject({
      ...{ frost: quote.cost.walFrost, mist: ledger.spentMist(address) },
    });
    expect(ledger.blobsOf(address)).toEqual([file?.blobObjectId]);
    const [holder = ''] = await holdersIn(store);
    expect(ledger.holdings(holder)).toBe(0);
    expect(await keysIn(store)).toBe(0);
    expect(await client.openJobs()).toEqual([]);
  });

  it('stores a batch: equal files once, an empty one, with attributes, permanent', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const named = new File([bytesOf(70)], 'seventy.bin');
    const files = [bytesOf(700), named, bytesOf(0), bytesOf(700)];
    const attributes = { kind: 'test', 'content-type': 'text/plain' };
    const quote = await client.quote(files, { epochs: 2, deletable: false, attributes });
    expect(quote.files.map(({ standing }) => standing)).toEqual(['new', 'new', 'new', 'duplicate']);
    const stored = await client.store(quote).result();
    expect(wallet.seen).toHaveLength(1);
    expect(stored.map(({ name }) => name)).toEqual([
      undefined,
      'seventy.bin',
      undefined,
      undefined,
    ]);
    expect(stored[3]?.blobObjectId).toBe(stored[0]?.blobObjectId);
    const { walrus } = officialClients(network);
    for (const [i, file] of stored.entries()) {
      const bytes = files[i] instanceof File ? bytesOf(70) : (files[i] as Uint8Array);
      expect(isSame(await read(file.blobId), bytes)).toBe(true);
      const { blobObjectId = '' } = file;
      expect(await walrus.readBlobAttributes({ blobObjectId })).toEqual(attributes);
    }
    const { address } = wallet.account() ?? { address: '' };
    expect(judge(network).spentFrost(address)).toBe(quote.cost.walFrost);
  });

  it('stops before the second approval if that is wanted', async () => {
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const quote = await client.quote([bytesOf(300)], { ...OPTIONS, approvals: 'two' });
    expect(quote.approvals).toBe(2);
    const job = client.store(quote, { waitsBeforeCertify: true });
    for await (const { state } of job) if (state === 'awaiting-certify') break;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(wallet.seen).toHaveLength(1);
    job.resume();
    const [file] = await job.result();
    expect(wallet.seen).toHaveLength(2);
    expect(job.snapshot.spent?.mist).toBe(judge(network).spentMist(addressOf(wallet)));
    expect(isSame(await read(file?.blobId), bytesOf(300))).toBe(true);
  });

  it('uses the relay where that is wanted, and pays its tip once', async () => {
    await network.close();
    network = await memoryNetwork({ tip: 'const:5000' });
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const options = { ...OPTIONS, path: 'relay' } as const;
    const dear = client.quote([bytesOf(900)], { ...options, tipCapMist: 4_999n });
    await expect(dear).rejects.toMatchObject({ code: 'relay-unavailable' });
    const quote = await client.quote([bytesOf(900)], { ...options, tipCapMist: 5_000n });
    expect(quote.cost.tipMist).toBe(5_000n);
    const job = client.store(quote);
    const [file] = await job.result();
    expect(job.snapshot.files[0]?.path).toBe('relay');
    expect(job.snapshot.spent?.mist).toBe(judge(network).spentMist(addressOf(wallet)));
    expect(isSame(await read(file?.blobId), bytesOf(900))).toBe(true);
    const { sui } = officialClients(network);
    const { balance } = await sui.core.getBalance({ owner: network.tipAddress });
    expect(balance.balance).toBe('5000');
  });

  it('says that only some is paid where the second of two payments is declined', async () => {
    await network.close();
    network = await memoryNetwork({ tip: 'const:5000' });
    const wallet = countingWallet(network);
    const { client } = localClient({ network, wallet });
    const options = { ...OPTIONS, path: 'relay', tipCapMist: 10_000n } as const;
    wallet.before(async () => {
      if (wallet.seen.length === 2) throw new Error('no');
    });
    const job = client.store(await client.quote([bytesOf(900), bytesOf(800)], options));
    await expect(job.result()).rejects.toMatchObject({ code: 'wallet-rejected' });
    expect(job.snapshot).toMatchObject({ paid: 'paid', isPartlyPaid: true });
    job.resume();
    await job.result();
    expect(job.snapshot.isPartlyPaid).toBeUndefined();
    expect(wallet.seen).toHaveLength(3);
  });

  it('asks again after the wallet has declined, and pays once', async () => {
    const wallet = countingWallet(network);
    const { client, store } = localClient({ network, wallet });
    wallet.before(async () => {
      throw new Error('no');
    });
    const job = client.store(await client.quote([bytesOf(40)], OPTIONS));
    expect(isHauloutError(await rejection(job.result()), 'wallet-rejected')).toBe(true);
    expect(job.snapshot).toMatchObject({ state: 'awaiting-payment', paid: 'nothing' });
    expect(judge(network).spentFrost(wallet.account()?.address ?? '')).toBe(0n);
    wallet.before(undefined);
    job.resume();
    const [file] = await job.result();
    expect(isSame(await read(file?.blobId), bytesOf(40))).toBe(true);
    expect(await holdersIn(store)).toHaveLength(1);
  });

  it('refuses a quote of another client, and works without a wallet up to the price', async () => {
    const { client } = localClient({ network });
    const other = localClient({
      network,
      wallet: { ...countingWallet(network), account: () => undefined },
    });
    const quote = await other.client.quote([bytesOf(40)], OPTIONS);
    expect(quote.cost).toMatchObject({ walFrost: 320_000n, isEstimate: true });
    expect(quote.conditions.map(({ code }) => code)).toEqual(['wallet-missing']);
    expect(() => client.store(quote)).toThrow('not of this client');
    const error = await rejection(Promise.resolve().then(() => other.client.store(quote)));
    expect(isHauloutError(error, 'wallet-missing')).toBe(true);
  });
});
