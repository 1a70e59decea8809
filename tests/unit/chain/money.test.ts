import { describe, expect, it } from 'vitest';
import { isWrongVersion } from '../../../src/chain/failures.ts';
import { planPayment } from '../../../src/chain/plan-payment.ts';
import { falsePackage, falsePrices } from '../../../src/devnet/sui/lies.ts';
import { chainWorld, errorOf, madeUpBlobs, upgrade } from '../../support/chain/chain-world.ts';

const NEVER = new AbortController().signal;

describe('prices', () => {
  it('may change inside the epoch: the new ones are charged, up to the maximum', async () => {
    const setup = await chainWorld();
    const { chain, address, wallet } = setup;
    const plan = await setup.register(madeUpBlobs(2));
    const payment = { ...plan.payment, maximumFrost: 2_000_000n };
    const prepared = await chain.prepare({ ...plan, payment });
    // 2 blobs of 1 MiB for 2 epochs at 100,000 and 20,000 FROST
    expect(prepared.cost).toMatchObject({ walFrost: 440_000n, walMaximumFrost: 2_000_000n });
    const before = await chain.balance(address);
    await setup.setPrices(200_000n, 50_000n);
    const { bytes, signature } = await wallet.sign(prepared.bytes, NEVER);
    const outcome = await chain.execute(bytes, [signature]);
    expect(outcome.success).toBe(true);
    const after = await chain.balance(address);
    expect(before.walFrost - after.walFrost).toBe(900_000n);
    expect((await chain.coins(address, 'wal')).length).toBe(1); // the rest went back to its coin
  });

  it('above the maximum stop the payment before the wallet, and on the chain', async () => {
    const setup = await chainWorld();
    const { chain, address, wallet } = setup;
    const plan = await setup.register(madeUpBlobs(2));
    const payment = { ...plan.payment, maximumFrost: 800_000n };
    const prepared = await chain.prepare({ ...plan, payment });
    await setup.setPrices(200_000n, 50_000n);
    const error = await errorOf(chain.prepare({ ...plan, payment }));
    expect(error).toMatchObject({
      code: 'price-over-cap',
      detail: { nowFrost: '900000', capFrost: '800000' },
    });
    // The bytes of before cannot take more than they say.
    const before = await chain.balance(address);
    const { bytes, signature } = await wallet.sign(prepared.bytes, NEVER);
    const outcome = await chain.execute(bytes, [signature]);
    expect(outcome).toMatchObject({ success: false, failure: { abort: { module: 'balance' } } });
    expect((await chain.balance(address)).walFrost).toBe(before.walFrost);
  });
});

describe('a lying full node', () => {
  it('does not get its gas price, its owner or its coins into the bytes', async () => {
    const setup = await chainWorld();
    const { chain, world, address } = setup;
    const plan = await setup.register(madeUpBlobs(1));
    await chain.gas();
    const [stranger = ''] = world.accounts;
    world.chain.faults.set({
      gas: { price: 50_000_000_000n, budget: 50_000_000_000n, owner: stranger },
    });
    const prepared = await chain.prepare(plan);
    expect(world.chain.faults.counts['gas']).toBeGreaterThan(0);
    expect(prepared.gas.priceMist).toBe(1_000n);
    expect(prepared.gas.budgetMist).toBeLessThan(100_000_000n);
    const { plan: decoded } = await chain.check(prepared, prepared.bytes);
    expect(decoded.sender).toBe(address);
  });

  it('is not believed a gas price of 50 SUI', async () => {
    const { chain, world, register } = await chainWorld();
    const plan = await register(madeUpBlobs(1));
    world.chain.faults.set({ gas: { price: 50_000_000_000n } });
    expect((await errorOf(chain.prepare(plan))).code).toBe('chain-unavailable');
  });

  it('cannot make a strange package be called', async () => {
    const { chain, world, register } = await chainWorld();
    const plan = await register(madeUpBlobs(1));
    const evil = `0x${'e'.repeat(64)}`;
    world.chain.faults.set({ forged: falsePackage(world.ids, evil) });
    chain.forget();
    expect(await errorOf(chain.prepare(plan))).toMatchObject({
      code: 'contract-unknown',
      detail: { packageId: evil },
    });
  });

  it('cannot take more than the maximum by telling lower prices', async () => {
    const { chain, world, register } = await chainWorld();
    const lies = falsePrices(world.chain.ledger.objects, world.ids, { storage: 1n, write: 1n });
    world.chain.faults.set({ forged: lies });
    expect((await chain.system()).storagePriceFrost).toBe(1n);
    const plan = await register(madeUpBlobs(1));
    const payment = { ...plan.payment, maximumFrost: 8n };
    expect((await errorOf(chain.prepare({ ...plan, payment }))).code).toBe('price-over-cap');
  });

  it('that gives garbage for objects is trouble, not a crash', async () => {
    const setup = await chainWorld();
    const { chain, world, address } = setup;
    const plan = await setup.register(madeUpBlobs(1), { recipient: address, stipendMist: 0n });
    const { outcome } = await setup.approve(plan);
    const { objectId = '' } = outcome.registered[0]?.ref ?? {};
    await chain.system();
    const { systemObjectId } = world.ids;
    const garbage = () => Uint8Array.of(255, 255, 255, 255, 7);
    world.chain.faults.set({ forged: { [objectId]: garbage, [systemObjectId]: garbage } });
    for (const read of [chain.blob(objectId), chain.blobs(address), chain.holdings(address)]) {
      expect((await errorOf(read)).code).toBe('chain-unavailable');
    }
    expect((await errorOf(chain.system({ fresh: true }))).code).toBe('chain-unavailable');
  });

  it('of another network is not asked anything', async () => {
    const { chain, world } = await chainWorld();
    world.chain.faults.set({ chainId: 'another' });
    expect(await errorOf(chain.system())).toMatchObject({
      code: 'network-mismatch',
      detail: { actual: 'another' },
    });
  });
});

describe('a contract that was upgraded', () => {
  it('is found out by its refusal, and called at its new place', async () => {
    const first = await chainWorld();
    const { upgradedPackageId } = first.world.ids;
    const setup = await chainWorld({ info: { morePackageIds: [upgradedPackageId] } });
    const plan = await setup.register(madeUpBlobs(1));
    const before = await setup.chain.prepare(plan);
    await upgrade(setup.world);
    const { failure } = await setup.chain.simulate(before.bytes);
    expect(failure && isWrongVersion(failure)).toBe(true);
    const { outcome } = await setup.approve(plan);
    expect(outcome.success).toBe(true);
    expect((await setup.chain.system()).packages.callId).toBe(upgradedPackageId);
  });

  it('is not called if this release does not know it', async () => {
    const setup = await chainWorld();
    const plan = await setup.register(madeUpBlobs(1));
    await setup.chain.system();
    await upgrade(setup.world);
    expect((await errorOf(setup.chain.prepare(plan))).code).toBe('contract-unknown');
  });
});

describe('missing money', () => {
  it('is told in the smallest units', async () => {
    const { chain, register, address } = await chainWorld();
    const coins = await chain.coins(address, 'wal');
    const need = 200n * 10n ** 9n;
    expect(() => planPayment(need, coins, { foreignWal: [] })).toThrowError(
      expect.objectContaining({
        code: 'wal-short',
        detail: {
          haveFrost: '100000000000',
          needFrost: '200000000000',
          missingFrost: '100000000000',
        },
      }),
    );
    const foreign = { foreignWal: ['0x2::wal::WAL'] };
    expect(() => planPayment(need, coins, foreign)).toThrowError(
      expect.objectContaining({ code: 'wal-foreign' }),
    );
    const plan = await register(madeUpBlobs(1), { stipendMist: 101n * 10n ** 9n });
    expect(await errorOf(chain.prepare(plan))).toMatchObject({
      code: 'sui-short',
      detail: { haveMist: '100000000000' },
    });
  });

  it('is bought in the same transaction where it is worth nothing', async () => {
    const setup = await chainWorld();
    const { chain, address } = setup;
    const have = await chain.coins(address, 'wal');
    const offer = await chain.exchange();
    const maximumFrost = 101n * 10n ** 9n;
    const payment = planPayment(maximumFrost, have, { foreignWal: [] }, offer);
    expect(payment.exchange?.payMist).toBe(500_000_000n); // two WAL for one SUI
    const plan = await setup.register(madeUpBlobs(1), { payment });
    const { outcome, prepared } = await setup.approve(plan);
    expect(outcome.success).toBe(true);
    const { walFrost } = await chain.balance(address);
    expect(walFrost).toBe(maximumFrost - prepared.cost.walFrost);

    const poor = planPayment(10n ** 9n, [], { foreignWal: [] }, offer);
    const again = await setup.approve(await setup.register(madeUpBlobs(1), { payment: poor }));
    expect(again.outcome.success).toBe(true);
  });
});
