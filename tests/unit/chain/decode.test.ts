import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTransaction } from '../../../src/chain/build/build-transaction.ts';
import { checkTransaction } from '../../../src/chain/decode/check-transaction.ts';
import { decodeTransaction } from '../../../src/chain/decode/decode-transaction.ts';
import type { GasPayment, TransactionPlan } from '../../../src/chain/plan.ts';
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
    return fc.assert(property, { numRuns: 150 });
  });

  it('refuses every transaction in which one thing was changed', async () => {
    let refused = 0;
    const fields = new Map<string, number>();
    const property = fc.asyncProperty(
      ...[plans, gasPayments, fc.array(fc.nat(), { minLength: 4000, maxLength: 4000 })],
      async (plan: TransactionPlan, gas: GasPayment, chance: number[]) => {
        const bytes = await build(plan, gas);
        let at = 0;
        const below = (limit: number) => (chance[at++ % chance.length] ?? 0) % limit;
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
    await fc.assert(property, { numRuns: 60 });
    expect(refused).toBeGreaterThan(1000);
    expect(fields.size).toBeGreaterThan(10);
  });
});
