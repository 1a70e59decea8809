import { describe, expect, it } from 'vitest';
import { Journal } from '../../../src/store/journal.ts';
import type { IntentFact, IntentPlan, JournalStores } from '../../../src/store/journal-facts.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';
import type { SetAside } from '../../../src/store/schema.ts';

const ALL = { begin: '', end: '\uffff' };
const plan = {
  ...{ jobId: 'job', index: 0, count: 1, chainId: 'chain', payer: '0x1', owner: '0x1' },
  ...{ payerKey: new Uint8Array(33), approvals: 'one', deletable: true, endEpoch: 5, blobs: [] },
  ...{ maxFrost: 1n, maxGasMist: 1n, maxExchangeMist: 0n, path: 'auto', reuse: true },
  exchange: false,
} as const satisfies IntentPlan;
const keyed: IntentFact = {
  ...{ kind: 'keyed', holder: '0x2', publicKey: new Uint8Array(33), batchId: new Uint8Array(16) },
};
const transaction = {
  ...{ digest: 'd', expirationEpoch: 2n, inputs: [], certifies: [] },
  purpose: 'register' as const,
} as const;
const facts: readonly IntentFact[] = [
  { kind: 'planned', atMs: 1, plan },
  keyed,
  { kind: 'asked', transaction },
];
const keyAt = (number: number) => `intent/${String(number).padStart(8, '0')}`;

/** A journal in which one fact has become something else, or is gone. */
async function damaged(number: number, value: unknown) {
  const store = new MemoryStore<JournalStores>();
  const told: SetAside[] = [];
  const journal = new Journal(store, (what) => told.push(what));
  const record = { jobId: 'job', atMs: 1, chainId: 'chain', shardCount: 13, files: [] };
  await journal.begin({ ...record, intentIds: ['intent'] }, [['intent', facts]]);
  await store.commit([{ store: 'facts', key: keyAt(number), value: value as IntentFact }]);
  return { store, journal, told };
}

describe('a fact that cannot be read', () => {
  it.each([null, 7, {}, { kind: 'later' }, { kind: 'asked' }, { kind: 'closed' }])(
    'and is the last one is set aside, told, and the intent goes on without it: %j',
    async (value) => {
      const { store, journal, told } = await damaged(3, value);
      const state = await journal.intent('intent');
      expect(state).toMatchObject({ phase: 'keyed', revision: 2, asked: [] });
      expect(told).toMatchObject([{ place: `facts/${keyAt(3)}` }]);
      const [kept, ...others] = await store.scan('set-aside', ALL);
      expect(kept?.value.record).toMatchObject({ key: keyAt(3), value });
      expect(others).toEqual([]);
      expect(await journal.intent('intent')).toEqual(state);
      if (state === undefined) return;
      const next = await journal.append('intent', state, facts.slice(2));
      expect(await journal.intent('intent')).toEqual(next);
      // The next one gets a place of its own.
      await store.commit([{ store: 'facts', key: keyAt(3), value: 'x' as never }]);
      await journal.intent('intent');
      expect(await store.keys('set-aside', ALL)).toHaveLength(2);
    },
  );

  it.each([
    [1, null],
    [2, null],
    [2, undefined],
  ])('and is followed by others leaves everything as it is: %i %j', async (number, value) => {
    const { store, journal, told } = await damaged(number, value);
    const before = store.snapshot();
    await expect(journal.intent('intent')).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('do not fit together: intent'),
    });
    expect(store.snapshot()).toBe(before);
    expect(told).toEqual([]);
  });
});
