import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import type { QuoteOptions } from '../../../../src/flows/store/types.ts';
import { refusing } from '../../../support/chain/odd-nodes.ts';
import { bytesOf, memoryNetwork } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { judge } from '../../../support/flows/judge.ts';
import { addressOf, countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { quickClock } from '../../../support/quick-clock.ts';

const OPTIONS = { epochs: 3, deletable: true } as const;
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

/** Two devices of one person, neither of which knows what the other does. */
function twoDevices() {
  const wallet = countingWallet(network);
  const gate = heldPuts();
  const first = localClient({ network, wallet, onRequest: gate.onRequest }).client;
  const { client: second, store } = localClient({ network, wallet });
  const quote = (client: typeof first, options: Partial<QuoteOptions> = {}) =>
    client.quote([bytesOf(64)], { ...OPTIONS, ...options });
  return { wallet, gate, first, second, store, quote };
}

const purchases = () =>
  network.life.port.events(0).filter(({ kind }) => kind === 'blob-registered').length;

describe('what another device has bought since the quote', () => {
  it.each(['one', 'two'] as const)('is not bought again (%s)', async (approvals) => {
    const { wallet, gate, first, second, store, quote } = twoDevices();
    const late = await quote(second, { approvals });
    const going = first.store(await quote(first, { approvals }));
    await expect.poll(() => going.snapshot.state).toBe('uploading');

    const job = second.store(late);
    await expect(job.result()).rejects.toMatchObject({ code: 'paid-already' });
    expect(job.snapshot.paid).toBe('nothing');
    expect(wallet.seen).toHaveLength(1);
    expect(await second.openJobs()).toEqual([]);
    expect(await store.keys('keys', { begin: '', end: '\uffff' })).toEqual([]);

    gate.open();
    await going.result();
    expect((await quote(second)).files).toMatchObject([{ standing: 'owned' }]);
    expect(purchases()).toBe(1);
  });

  it('is not bought again where it is seen only once the wallet has signed', async () => {
    const { wallet, gate, first, second, quote } = twoDevices();
    const [early, late] = [await quote(first), await quote(second)];
    wallet.before(async () => {
      wallet.before(undefined);
      const going = first.store(early);
      await expect.poll(() => going.snapshot.state).toBe('uploading');
    });
    await expect(second.store(late).result()).rejects.toMatchObject({ code: 'paid-already' });
    expect(wallet.seen).toHaveLength(2);
    expect(purchases()).toBe(1);

    const [rescue] = await second.rescue();
    await rescue?.handOver();
    gate.open();
    await second.store(await quote(second)).result();
    expect(purchases()).toBe(1);
    expect(judge(network).blobsOf(addressOf(wallet))).toHaveLength(1);
  });

  it.each<[string, Partial<QuoteOptions>]>([
    ['it is wanted once more', { reuse: 'none' }],
    ['other words are to stand beside it', { attributes: { kind: 'photo' } }],
    ['it ends too early', { epochs: 5 }],
  ])('is bought again where %s', async (_, options) => {
    const { first, second, gate, quote } = twoDevices();
    gate.open();
    const late = await quote(second, options);
    await first.store(await quote(first)).result();
    await second.store(late).result();
    expect(purchases()).toBe(2);
  });

  it.each(['UNAVAILABLE', 'UNIMPLEMENTED'])(
    'keeps nobody from paying where no full node tells (%s)',
    async (code) => {
      const { transport } = network.life.node;
      const silent = refusing(transport, ['ListTransactions'], code);
      const { client } = localClient({ network, rpc: [silent], clock: quickClock(50) });
      await client.store(await client.quote([bytesOf(64)], OPTIONS)).result();
      expect(purchases()).toBe(1);
    },
  );
});
