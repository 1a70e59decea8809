import { expect, test } from 'vitest';
import {
  checkReceipt,
  isContradicted,
  type ReceiptState,
} from '../../../src/app/open/receipt-desk.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { HauloutError } from '../../../src/protocol/errors.ts';

/** An engine that answers one thing after the other. */
function engineOf(...answers: unknown[]) {
  const read = async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return async () => ({ read }) as unknown as Engine;
}

async function statesOf(engine: () => Promise<Engine>): Promise<ReceiptState[]> {
  const states: ReceiptState[] = [];
  await checkReceipt(engine, '{}', (state) => states.push(state), new AbortController().signal);
  return states;
}

test('a receipt that cannot be checked is not called altered', async () => {
  const crashed = new HauloutError('engine-crashed', { reason: 'x' });
  expect((await statesOf(engineOf(crashed))).map(({ kind }) => kind)).toEqual([
    ...['working', 'unchecked'],
  ]);
  const altered = new HauloutError('receipt-altered', { field: 'size' } as never);
  expect((await statesOf(engineOf(altered))).at(-1)?.kind).toBe('altered');
});

test('what the chain contradicts is told apart from what it does not know', async () => {
  const onChain = (verdict: string) => ({
    onChain: { status: 'answered', checks: [{ field: 'owner', verdict }] },
  });
  const last = async (verdict: string) =>
    (await statesOf(engineOf({}, onChain(verdict)))).at(-1) as ReceiptState;
  expect(isContradicted(await last('differs'))).toBe(true);
  expect(isContradicted(await last('unknown'))).toBe(false);
  expect(isContradicted(await last('holds'))).toBe(false);
});
