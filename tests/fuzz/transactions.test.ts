import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildTransaction } from '../../src/chain/build/build-transaction.ts';
import { checkTransaction } from '../../src/chain/decode/check-transaction.ts';
import { decodeTransaction } from '../../src/chain/decode/decode-transaction.ts';
import type { DecodedTransaction } from '../../src/chain/plan.ts';
import { CONTRACT, gasPayments, plans } from '../support/chain/random-plans.ts';
import { SEED, SOAK } from '../support/seed.ts';
import { attempt, type FuzzTarget, fuzz, promise } from './fuzz.ts';

const samples = fc.sample(fc.tuple(plans, gasPayments), { numRuns: 30, seed: SEED });
const runs = SOAK ? 200_000 : 2_000;

it(`transactions keep their promises for ${runs} inputs, seed ${SEED}`, {
  timeout: 3_600_000,
}, async () => {
  const seeds = await Promise.all(
    samples.map(([plan, gas]) => buildTransaction(plan, CONTRACT, gas, 5n)),
  );
  const accepted = new Map<string, readonly [Uint8Array, DecodedTransaction]>();
  const target: FuzzTarget = {
    name: 'transaction',
    seeds,
    run(input) {
      const decoded = attempt(() => decodeTransaction(input, CONTRACT));
      if (decoded === undefined) return;
      promise(decoded.plan.sender.length === 66, 'a sender is an address');
      promise(decoded.gas.coins.length > 0, 'somebody pays');
      if (accepted.size < 500) accepted.set(decoded.digest, [input, decoded]);
    },
  };
  // Code that runs for the first time is slow, and slowness is a finding.
  for (let i = 0; i < 20; i++) for (const seed of seeds) target.run(seed);
  expect((await fuzz(target, runs)).blocks).toBeGreaterThan(50);
  expect(accepted.size).toBeGreaterThan(samples.length / 2);
  // What was accepted is a plan that this client could have made.
  for (const [input, { plan, gas, expirationEpoch }] of accepted.values()) {
    const expected = { plan, gas, expirationEpoch };
    checkTransaction(input, expected, CONTRACT);
    const bytes = await buildTransaction(plan, CONTRACT, gas, expirationEpoch);
    checkTransaction(bytes, expected, CONTRACT);
  }
});
