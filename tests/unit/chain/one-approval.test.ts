import { describe, expect, it } from 'vitest';
import type { RegisteredBlob } from '../../../src/chain/chain-client.ts';
import { signAsPage } from '../../../src/chain/sign-as-page.ts';
import { type ChainWorld, chainWorld, madeUpBlobs } from '../../support/chain/chain-world.ts';

async function certifyAsPage(setup: ChainWorld, registered: readonly RegisteredBlob[]) {
  const { chain, page, address } = setup;
  const prepared = await chain.prepare({
    ...{ kind: 'certify', sender: page.holder.address, handOverTo: address, uncertified: [] },
    blobs: registered.map(({ ref, blobId, deletable }) => setup.certified(ref, blobId, deletable)),
  });
  const { pageKey, holder } = page;
  const ends = { owner: address, payer: address };
  const signature = await signAsPage({ chain, pageKey, holder, ...ends, prepared });
  return { prepared, outcome: await chain.execute(prepared.bytes, [signature]) };
}

describe('a batch with one approval', { timeout: 180_000 }, () => {
  it.each([
    { count: 1, deletable: true, kinds: 1 },
    { count: 3, deletable: true, kinds: 3 },
    { count: 100, deletable: false, kinds: 3 },
    { count: 250, deletable: false, kinds: 3 },
  ])('registers, certifies and hands over $count blobs', async ({ count, deletable, kinds }) => {
    const setup = await chainWorld();
    const { chain, page, address, world } = setup;
    const plan = await setup.register(madeUpBlobs(count, { deletable }, kinds));
    const before = await chain.balance(address);

    const { prepared, outcome } = await setup.approve(plan);
    expect(outcome.success).toBe(true);
    const registered = outcome.registered.map(({ blobId }) => blobId);
    expect(registered).toEqual(plan.blobs.map(({ blobId }) => blobId));
    const after = await chain.balance(address);
    const { walFrost, gasNetMist, stipendMist } = prepared.cost;
    expect(before.walFrost - after.walFrost).toBe(walFrost);
    expect(before.suiMist - after.suiMist).toBe(gasNetMist + stipendMist);
    const held = await chain.holdings(page.holder.address);
    expect([held.blobs.length, held.suiCoins.length, held.others.length]).toEqual([count, 1, 0]);

    const certified = await certifyAsPage(setup, outcome.registered);
    expect(certified.outcome.success).toBe(true);
    const empty = await chain.holdings(page.holder.address);
    expect(empty).toEqual({ blobs: [], suiCoins: [], others: [] });
    const own = await chain.blobs(address);
    expect(own.length).toBe(count);
    expect(own.every(({ certifiedEpoch }) => certifiedEpoch === 1)).toBe(true);
    const { transactions } = world.chain.ledger;
    const signedByPerson = transactions.filter(({ tx }) => tx.data.sender === address);
    expect(signedByPerson.length).toBe(1);
  });
});
