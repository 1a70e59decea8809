import { describe, expect, it } from 'vitest';
import { buildTransaction } from '../../../src/chain/build/build-transaction.ts';
import { contractOf } from '../../../src/chain/contract.ts';
import { isOldCertificate } from '../../../src/chain/failures.ts';
import { chainWorld, errorOf, madeUpBlobs } from '../../support/chain/chain-world.ts';
import { inPagesOf } from '../../support/chain/odd-nodes.ts';
import { epochsOf } from '../../support/devnet/walrus-epochs.ts';

const NEVER = new AbortController().signal;

describe('markers', () => {
  it('are found behind any number of later transactions', async () => {
    const setup = await chainWorld();
    const { chain, network, wallet, address, page } = setup;
    await setup.approve(await setup.register(madeUpBlobs(1)));
    const contract = contractOf(network, await chain.system());
    for (let i = 0; i < 45; i++) {
      const plan = {
        kind: 'hand-over',
        sender: address,
        objects: [],
        handOverTo: address,
      } as const;
      const coins = (await chain.coins(address, 'sui')).map(({ ref }) => ref);
      const gas = { coins, priceMist: 1_000n, budgetMist: 10_000_000n };
      const bytes = await buildTransaction(plan, contract, gas, 1n);
      const { signature } = await wallet.sign(bytes, NEVER);
      await setup.world.chain.execute(bytes, [Buffer.from(signature, 'base64')]);
    }
    const client = setup.newClient([inPagesOf(1, setup.transport)]);
    const [marker, ...others] = await client.markers(address);
    expect(marker?.pagePublicKey).toEqual(page.pageKey.publicKey);
    expect(others).toEqual([]);
  });

  it('of a list that leads back to itself are no answer', async () => {
    const setup = await chainWorld();
    await setup.approve(await setup.register(madeUpBlobs(1)));
    const circling = inPagesOf(1, setup.transport, (page) => ({ ...page, before: undefined }));
    const error = await errorOf(setup.newClient([circling]).markers(setup.address));
    expect(error.message).toMatch(/does not end/);
  });
});

describe('questions that make no sense', () => {
  it('end with errors of this library', async () => {
    const { chain } = await chainWorld();
    for (const read of [chain.coins('nobody', 'sui'), chain.holdings(''), chain.blob('0xzz')]) {
      expect((await errorOf(read)).code).toBe('chain-unavailable');
    }
  });

  it('are answered: what is something else is no blob', async () => {
    const { chain, address } = await chainWorld();
    const [coin] = await chain.coins(address, 'sui');
    expect(coin).toBeDefined();
    expect(await chain.blob(coin?.ref.objectId ?? '')).toBeUndefined();
  });
});

describe('the view of the contract', () => {
  it('is read again when the epoch has ended, and then has the new one', async () => {
    const { chain, world } = await chainWorld();
    const first = await chain.system();
    expect(first).toMatchObject({ epoch: 1, shardCount: 13, maxEpochsAhead: 53 });
    expect(await chain.system()).toBe(first);
    expect((await chain.nodes()).map(({ shards }) => shards.length)).toEqual([9, 2, 2]);
    await epochsOf(world).advance();
    const next = await chain.system();
    expect(next.epoch).toBe(2);
    expect(next.epochEndsMs).toBeGreaterThan(first.epochEndsMs);
  });

  it('shows a certificate of the epoch before to be too old', async () => {
    const setup = await chainWorld();
    const { outcome } = await setup.approve(
      await setup.register(madeUpBlobs(1), { recipient: setup.address, stipendMist: 0n }),
    );
    const [{ ref, blobId } = { ref: undefined, blobId: '' }] = outcome.registered;
    if (ref === undefined) throw new Error('nothing was registered');
    const blobs = [setup.certified(ref, blobId, true)];
    const plan = { kind: 'certify', sender: setup.address, blobs, uncertified: [] } as const;
    const prepared = await setup.chain.prepare(plan);
    await epochsOf(setup.world).advance();
    const { failure } = await setup.chain.simulate(prepared.bytes);
    expect(failure && isOldCertificate(failure)).toBe(true);
    const fresh = [setup.certified(ref, blobId, true)];
    const again = await setup.approve({ ...plan, blobs: fresh });
    expect(again.outcome.success).toBe(true);
    expect((await setup.chain.blob(ref.objectId))?.certifiedEpoch).toBe(2);
  });
});
