import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntentFact, IntentPlan, SignedBytes } from '../../../src/store/journal-facts.ts';
import { type IntentState, intentState, nextState } from '../../../src/store/journal-state.ts';

const blob = (blobId: string) => ({
  ...{ blobId, rootHash: new Uint8Array(32), unencodedBytes: 1, encodedBytes: 2, attributes: [] },
});
const plan: IntentPlan = {
  ...{
    jobId: 'job',
    index: 0,
    count: 1,
    chainId: 'chain',
    payer: '0x1',
    payerKey: new Uint8Array(33),
  },
  ...{
    owner: '0x1',
    approvals: 'one',
    deletable: true,
    endEpoch: 5,
    blobs: [blob('a'), blob('b')],
  },
  ...{
    maxFrost: 10n,
    maxGasMist: 9n,
    maxExchangeMist: 0n,
    path: 'auto',
    reuse: true,
    exchange: false,
  },
};
const planned: IntentFact = { kind: 'planned', atMs: 1, plan };
const keyed: IntentFact = {
  ...{ kind: 'keyed', holder: '0x2', publicKey: new Uint8Array(33), batchId: new Uint8Array(16) },
};
const bytesOf = (purpose: SignedBytes['purpose'], digest: string): SignedBytes => ({
  ...{
    purpose,
    digest,
    bytes: new Uint8Array(3),
    signatures: ['s'],
    expirationEpoch: 2n,
    certifies: [],
  },
});
const signed = (purpose: SignedBytes['purpose'], digest: string): IntentFact => ({
  ...{ kind: 'signed', transaction: bytesOf(purpose, digest) },
});
const asked = (purpose: SignedBytes['purpose'], digest: string): IntentFact => ({
  ...{ kind: 'asked' },
  transaction: { purpose, digest, expirationEpoch: 2n, inputs: [], certifies: [] },
});
const objects = [0, 1].map((at) => ({
  ...{ blob: at, objectId: `0x${at}`, registeredEpoch: 1, endEpoch: 5 },
}));
const registered: IntentFact = {
  ...{ kind: 'registered', digest: 'r', atMs: 2, blobs: objects },
  spent: { frost: 9n, mist: 1n },
};
const certificate = {
  ...{ epoch: 1, signers: [0], message: new Uint8Array(40), signature: new Uint8Array(96) },
};
const uploaded = (at: number): IntentFact => ({
  ...{ kind: 'uploaded', blob: at, path: 'direct', certificate },
});
const certified = (...blobs: number[]): IntentFact => ({
  ...{ kind: 'certified', digest: 'c', atMs: 3, epoch: 1, blobs },
});
const lapsed = (digest: string): IntentFact => ({ kind: 'lapsed', digest, reason: 'expired' });
const cancelled: IntentFact = { kind: 'cancelled', reason: 'person', deletes: false };
const handedOver: IntentFact = { kind: 'handed-over', digest: 'h', atMs: 4 };
const dead: IntentFact = { kind: 'dead', reason: 'expired' };
const closed: IntentFact = { kind: 'closed' };

const paid = [planned, keyed, asked('register', 'r'), signed('register', 'r'), registered];
const phaseOf = (...facts: IntentFact[]) => intentState(facts).phase;

describe('intentState', () => {
  it('goes the straight way', () => {
    const way = [
      ...paid.slice(1),
      ...[uploaded(0), uploaded(1), signed('certify', 'c'), certified(0, 1), closed],
    ];
    const phases = way.reduce<[IntentState, string[]]>(
      ([state, seen], fact) => {
        const next = nextState(state, fact);
        return [next, [...seen, next.phase]];
      },
      [intentState([planned]), []],
    );
    expect(phases[1]).toEqual([
      ...['keyed', 'keyed', 'signed', 'registered', 'registered', 'registered'],
      ...['certifying', 'done', 'done'],
    ]);
    expect(phases[0]).toMatchObject({ revision: 10, closed: true });
  });

  it('keeps the one transaction whose outcome is unknown until it is known', () => {
    const open = intentState(paid.slice(0, 4));
    expect(open.pending?.digest).toBe('r');
    expect(() => nextState(open, signed('register', 'r2'))).toThrow('another transaction is open');
    expect(() => nextState(open, asked('register', 'r2'))).toThrow('another transaction is open');
    expect(() => nextState(open, dead)).toThrow('dead with a payment');
    const free = nextState(open, lapsed('r'));
    expect(free).toMatchObject({ phase: 'keyed', asked: [] });
    expect(free.pending).toBeUndefined();
  });

  it('never pays twice for what is registered', () => {
    const bought = intentState(paid);
    expect(() => nextState(bought, signed('register', 'r2'))).toThrow('at the wrong time');
    expect(() => nextState(bought, asked('register', 'r2'))).toThrow('at the wrong time');
    expect(() => nextState(bought, registered)).toThrow('twice');
    expect(() => nextState(bought, dead)).toThrow('dead with a payment');
  });

  it('asks nobody before the key is written down', () => {
    expect(() => nextState(intentState([planned]), asked('register', 'r'))).toThrow('keyed');
    const two = { ...planned, plan: { ...plan, approvals: 'two' as const } };
    expect(phaseOf(two, asked('register', 'r'))).toBe('keyed');
  });

  it('is done when every blob is certified, whatever the number of transactions', () => {
    expect(phaseOf(...paid, certified(0))).toBe('registered');
    expect(phaseOf(...paid, certified(0), certified(1))).toBe('done');
  });

  it('is not done with fewer blobs than were planned', () => {
    const some = { ...registered, blobs: objects.slice(0, 1) };
    const none = { ...registered, blobs: [] };
    expect(phaseOf(planned, keyed, some, certified(0))).toBe('registered');
    expect(phaseOf(planned, keyed, none)).toBe('registered');
  });

  it('remembers what was called dead until it does not matter any more', () => {
    const state = intentState([planned, keyed, asked('register', 'x'), lapsed('x')]);
    expect(state).toMatchObject({ asked: [], lapsed: [{ digest: 'x', purpose: 'register' }] });
    const open = intentState([planned, keyed, asked('register', 'r'), signed('register', 'r')]);
    expect(nextState(open, lapsed('r')).lapsed.map(({ digest }) => digest)).toEqual(['r']);
    expect(nextState(state, registered).lapsed).toEqual([]);
  });

  it('hands over after a cancel, which alone says nothing of the chain', () => {
    expect(phaseOf(...paid, cancelled)).toBe('handing-over');
    expect(() => intentState([...paid, cancelled, closed])).toThrow('before its end');
    expect(phaseOf(...paid, cancelled, signed('hand-over', 'h'))).toBe('handing-over');
    expect(phaseOf(...paid, cancelled, signed('hand-over', 'h'), handedOver)).toBe('handed-over');
    expect(() => intentState([planned, keyed, cancelled])).toThrow('without a purchase');
  });

  it('forgets what a wallet was asked only when that is proven dead', () => {
    const twice = intentState([planned, keyed, asked('register', 'x'), asked('register', 'y')]);
    expect(twice.asked.map(({ digest }) => digest)).toEqual(['x', 'y']);
    expect(nextState(twice, lapsed('x')).asked.map(({ digest }) => digest)).toEqual(['y']);
    expect(phaseOf(planned, keyed, asked('register', 'x'), lapsed('x'), dead)).toBe('dead');
  });

  it('takes the newest certificate of a blob', () => {
    const later = { ...certificate, epoch: 2 };
    const again: IntentFact = { kind: 'uploaded', blob: 0, path: 'relay', certificate: later };
    const state = intentState([...paid, uploaded(0), again]);
    expect(state.certificates.get(0)?.certificate.epoch).toBe(2);
  });

  it('ends for good', () => {
    const end = intentState([...paid, certified(0, 1), closed]);
    expect(() => nextState(end, uploaded(0))).toThrow('after the end');
  });

  it('whatever facts are tried: a payment is never hidden, a purchase never forgotten', () => {
    const all = [
      ...[keyed, asked('register', 'r'), signed('register', 'r'), registered, uploaded(0)],
      ...[signed('certify', 'c'), certified(0, 1), cancelled, signed('hand-over', 'h')],
      ...[handedOver, lapsed('r'), lapsed('c'), lapsed('h'), dead, closed],
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all), { maxLength: 30 }), (facts) => {
        let state = intentState([planned]);
        for (const fact of facts) {
          const before = state;
          try {
            state = nextState(state, fact);
          } catch {
            continue;
          }
          expect(state.revision).toBe(before.revision + 1);
          if (before.registered) expect(state.registered).toBe(before.registered);
          if (before.pending && state.pending !== before.pending) {
            expect(state.pending).toBeUndefined();
            expect(['registered', 'certified', 'handed-over', 'lapsed']).toContain(fact.kind);
          }
          if (state.phase === 'dead') expect(state.registered ?? state.pending).toBeUndefined();
        }
      }),
    );
  });
});
