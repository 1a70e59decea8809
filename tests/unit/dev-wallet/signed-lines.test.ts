import english from 'virtual:messages/en';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { signedLines } from '../../../src/dev-wallet/signed-lines.ts';
import { formatsFor } from '../../../src/presentation/format.ts';
import { createSay } from '../../../src/presentation/messages.ts';
import { shortAddress, shortBlobId } from '../../../src/presentation/names.ts';
import { gasPayments, plans } from '../../support/chain/random-plans.ts';

const formats = formatsFor('en-US');
const say = createSay('en-US', english);
const money = (amount: bigint) => formats.amount(amount, 'up');

it('shows every amount and everybody who gets something, whatever is planned', () => {
  const property = fc.property(plans, gasPayments, (plan, gas) => {
    const decoded = { plan, gas, expirationEpoch: 1n, digest: '' };
    const text = signedLines(decoded, say, formats)
      .map((line) => line.join(': '))
      .join('\n');
    const expected = [money(gas.budgetMist), shortAddress(plan.sender)];
    if ('payment' in plan) {
      const { maximumFrost, exchange } = plan.payment;
      expected.push(`${money(maximumFrost)} WAL`);
      if (exchange !== undefined) expected.push(`${money(exchange.payMist)} SUI`);
    }
    if ('tip' in plan && plan.tip !== undefined) {
      expected.push(`${money(plan.tip.mist)} SUI to ${shortAddress(plan.tip.address)}`);
    }
    if ('handOverTo' in plan && plan.handOverTo !== undefined) {
      expected.push(shortAddress(plan.handOverTo));
    }
    if (plan.kind === 'register') {
      expected.push(`${money(plan.stipendMist)} SUI to ${shortAddress(plan.recipient)}`);
      for (const { blobId, unencodedBytes, deletable } of plan.blobs) {
        expected.push(
          `${shortBlobId(blobId)}: ${formats.bytes(unencodedBytes)}, ${deletable ? 'deletable' : 'permanent'}`,
        );
      }
    }
    for (const part of expected) expect(text).toContain(part);
    expect(text).not.toMatch(/undefined|\{\w+\}/);
  });
  fc.assert(property, { numRuns: 100, seed: 1 });
});
