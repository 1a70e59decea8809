import { bcs } from '@mysten/sui/bcs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTransaction } from '../../../src/chain/build/build-transaction.ts';
import {
  checkReturned,
  checkTransaction,
  type GasLimits,
} from '../../../src/chain/decode/check-transaction.ts';
import { decodeTransaction } from '../../../src/chain/decode/decode-transaction.ts';
import type { GasPayment, TransactionPlan } from '../../../src/chain/plan.ts';
import { seededRandom } from '../../../src/devnet/seeded-random.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import { mutateTransaction } from '../../support/chain/mutate-transaction.ts';
import { CONTRACT, gasPayments, plans } from '../../support/chain/random-plans.ts';

const EPOCH = 1_000n;

const build = (plan: TransactionPlan, gas: GasPayment) =>
  buildTransaction(plan, CONTRACT, gas, EPOCH);

/** The field that is blamed; undefined if the bytes are taken for what was planned. */
function blame(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (isHauloutError(error, 'transaction-altered')) return error.detail.field;
    throw error;
  }
}

describe('decodeTransaction', () => {
  it('reads back whatever was planned, and its gas', () => {
    const property = fc.asyncProperty(plans, gasPayments, async (plan, gas) => {
      const bytes = await build(plan, gas);
      const decoded = decodeTransaction(bytes, CONTRACT);
      expect(decoded).toEqual({ plan, gas, expirationEpoch: EPOCH, digest: decoded.digest });
      checkTransaction(bytes, { plan, gas, expirationEpoch: EPOCH }, CONTRACT);
    });
    return fc.assert(property, { numRuns: 100 });
  });

  it('refuses every transaction in which one thing was changed', async () => {
    let refused = 0;
    const fields = new Map<string, number>();
    const property = fc.asyncProperty(
      ...[plans, gasPayments, fc.integer()],
      async (plan: TransactionPlan, gas: GasPayment, seed: number) => {
        const bytes = await build(plan, gas);
        const below = seededRandom(`${seed}`, 'mutants').below;
        for (let i = 0; i < 30; i++) {
          const mutant = mutateTransaction(bytes, below);
          if (mutant === undefined) continue;
          const expected = { plan, gas, expirationEpoch: EPOCH };
          const field = blame(() => checkTransaction(mutant.bytes, expected, CONTRACT));
          if (field === undefined) throw new Error(`${plan.kind}: ${mutant.what} was not noticed`);
          fields.set(field, (fields.get(field) ?? 0) + 1);
          refused++;
        }
      },
    );
    await fc.assert(property, { numRuns: 45 });
    expect(refused).toBeGreaterThan(1000);
    expect(fields.size).toBeGreaterThan(10);
  });
});

describe('what a wallet gives back', () => {
  const plan = fc.sample(plans, { numRuns: 1, seed: 7 })[0] as TransactionPlan;
  const coin = (digit: string) => ({
    ...{ objectId: `0x${digit.repeat(64)}`, version: '5' },
    digest: '11111111111111111111111111111111',
  });
  const gas: GasPayment = { coins: [coin('a')], priceMist: 1_000n, budgetMist: 5_000_000n };
  const limits: GasLimits = {
    ...{ budgetMist: gas.budgetMist, priceMist: 3_000n, expirationEpoch: EPOCH },
    coins: new Set(['a', 'b'].map((digit) => coin(digit).objectId)),
  };
  const blamed = async (change: Partial<GasPayment>, epoch = EPOCH) => {
    const bytes = await buildTransaction(plan, CONTRACT, { ...gas, ...change }, epoch);
    return blame(() => checkReturned(bytes, plan, limits, CONTRACT));
  };

  it('may pay with other coins of the sender, and less', async () => {
    expect(await blamed({})).toBeUndefined();
    expect(await blamed({ coins: [coin('a'), coin('b')] })).toBeUndefined();
    expect(await blamed({ budgetMist: 4_000_000n, priceMist: 3_000n })).toBeUndefined();
  });

  it('may not pay more, with coins of others, or live longer', async () => {
    expect(await blamed({ budgetMist: 5_000_001n })).toBe('gas.budget');
    expect(await blamed({ priceMist: 3_001n })).toBe('gas.price');
    expect(await blamed({ coins: [coin('a'), coin('c')] })).toBe('gas.coins');
    expect(await blamed({}, EPOCH + 1n)).toBe('expiration');
  });

  it('may not come with a gas owner that is not the sender, or without an expiration', async () => {
    const bytes = await build(plan, gas);
    const change = (edit: (data: (typeof bcs.TransactionDataV1)['$inferType']) => void) => {
      const data = bcs.TransactionData.parse(bytes);
      edit(data.V1);
      const changed = bcs.TransactionData.serialize(data, { maxSize: 1 << 18 }).toBytes();
      return blame(() => checkReturned(changed, plan, limits, CONTRACT));
    };
    const stranger = `0x${'9'.repeat(64)}`;
    expect(change(({ gasData }) => Object.assign(gasData, { owner: stranger }))).toBe('gas.owner');
    expect(change((data) => Object.assign(data, { expiration: { None: true } }))).toBe(
      'expiration',
    );
    expect(change(({ gasData }) => gasData.payment.pop())).toBe('gas.coins');
  });

  it('may not be of another package, object or kind', () => {
    const property = fc.asyncProperty(plans, gasPayments, async (other, payment) => {
      const bytes = await build(other, payment);
      expect(
        blame(() => checkTransaction(bytes, { plan, gas, expirationEpoch: EPOCH }, CONTRACT)),
      ).toMatch(/^plan/);
      for (const strange of ['packageId', 'systemObjectId'] as const) {
        if (!['register', 'certify', 'extend', 'delete'].includes(other.kind)) continue;
        const contract = { ...CONTRACT, [strange]: `0x${'8'.repeat(64)}` };
        expect(blame(() => decodeTransaction(bytes, contract))).toMatch(/^commands/);
      }
    });
    return fc.assert(property, { numRuns: 30 });
  });
});
