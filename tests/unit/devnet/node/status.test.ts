import { beforeEach, describe, expect, it } from 'vitest';
import type { Fact, FactEvent } from '../../../../src/devnet/node/facts.ts';
import { Registry } from '../../../../src/devnet/node/registry.ts';

const ID = 'a'.repeat(43);
const event = (name: string): FactEvent => ({ txDigest: name, eventSeq: '0' });
const registered = (
  objectId: string,
  o: Partial<Extract<Fact, { type: 'registered' }>> = {},
): Fact => ({
  type: 'registered',
  blobId: ID,
  objectId,
  deletable: false,
  endEpoch: 10,
  size: 1,
  event: event(`register ${objectId}`),
  ...o,
});
const certified = (objectId: string, epoch: number, endEpoch = 10): Fact => ({
  type: 'certified',
  blobId: ID,
  objectId,
  deletable: false,
  endEpoch,
  epoch,
  event: event(`certify ${objectId}`),
});
const epoch = (at: number): Fact => ({
  type: 'epoch',
  state: 'done',
  current: { epoch: at, members: [] },
});
const none = { count_deletable_total: 0, count_deletable_certified: 0 };

let registry: Registry;
beforeEach(() => {
  registry = new Registry();
  registry.apply(epoch(3));
});
const statusAfter = (...facts: Fact[]) => {
  for (const fact of facts) registry.apply(fact);
  return registry.status(ID);
};

describe('blob status', () => {
  it('does not exist at first', () => {
    expect(statusAfter()).toBe('nonexistent');
  });

  it('is permanent, then certified', () => {
    expect(statusAfter(registered('a'))).toEqual({
      permanent: {
        endEpoch: 10,
        isCertified: false,
        statusEvent: event('register a'),
        deletableCounts: none,
        initialCertifiedEpoch: null,
      },
    });
    expect(statusAfter(certified('a', 4))).toEqual({
      permanent: {
        endEpoch: 10,
        isCertified: true,
        statusEvent: event('certify a'),
        deletableCounts: none,
        initialCertifiedEpoch: 4,
      },
    });
  });

  it('has its keys in one order, as clients compare the text', () => {
    statusAfter(registered('a'), certified('a', 4));
    expect(JSON.stringify(registry.status(ID))).toBe(
      '{"permanent":{"endEpoch":10,"isCertified":true,"statusEvent":{"txDigest":"certify a","eventSeq":"0"},' +
        '"deletableCounts":{"count_deletable_total":0,"count_deletable_certified":0},"initialCertifiedEpoch":4}}',
    );
  });

  it('prefers certified permanent objects, and those that last', () => {
    const facts = [registered('a', { endEpoch: 20 }), registered('b'), certified('b', 5)];
    expect(
      statusAfter(...facts, registered('c', { endEpoch: 15 }), certified('c', 6, 15)),
    ).toMatchObject({
      permanent: { endEpoch: 15, isCertified: true, initialCertifiedEpoch: 5 },
    });
  });

  it('counts deletable objects, with and without a permanent one', () => {
    const deletable = [registered('d', { deletable: true }), registered('e', { deletable: true })];
    const counts = { count_deletable_total: 2, count_deletable_certified: 1 };
    expect(statusAfter(...deletable, certified('d', 4))).toEqual({
      deletable: { initialCertifiedEpoch: 4, deletableCounts: counts },
    });
    expect(statusAfter(registered('a'))).toMatchObject({
      permanent: { isCertified: false, deletableCounts: counts, initialCertifiedEpoch: 4 },
    });
    statusAfter({ type: 'deleted', blobId: ID, objectId: 'd', event: event('x') });
    expect(registry.status(ID)).toMatchObject({
      permanent: { deletableCounts: { count_deletable_total: 1, count_deletable_certified: 0 } },
    });
  });

  it('keeps the first epoch of certification through an extension', () => {
    statusAfter(registered('a'), certified('a', 4));
    expect(statusAfter(certified('a', 4, 30))).toMatchObject({
      permanent: { endEpoch: 30, initialCertifiedEpoch: 4 },
    });
  });

  it('ends with the epoch in which the object ends', () => {
    statusAfter(registered('a'));
    expect(statusAfter(epoch(9))).toHaveProperty('permanent');
    expect(statusAfter(epoch(10))).toBe('nonexistent');
    expect(registry.isRegistered(ID)).toBe(false);
  });

  it('lives as long as its storage pool', () => {
    const inPool: Fact = {
      type: 'registered',
      blobId: ID,
      objectId: 'p',
      deletable: true,
      storagePoolId: 'pool',
      size: 1,
      event: event('pooled'),
    };
    expect(statusAfter(inPool)).toBe('nonexistent');
    expect(statusAfter({ type: 'pool', storagePoolId: 'pool', endEpoch: 6 })).toHaveProperty(
      'deletable',
    );
    expect(registry.isDeletableObject(ID, 'p')).toBe(true);
    expect(statusAfter(epoch(6))).toBe('nonexistent');
    expect(statusAfter({ type: 'pool', storagePoolId: 'pool', endEpoch: 9 })).toHaveProperty(
      'deletable',
    );
  });

  it('is invalid for ever', () => {
    const invalid = event('invalid');
    statusAfter(registered('a'), { type: 'invalid', blobId: ID, event: invalid });
    expect(statusAfter(certified('a', 4))).toEqual({ invalid: { event: invalid } });
    expect(registry.certifiedBlobs()).toEqual([]);
  });
});

describe('an open registry', () => {
  it('counts everything as registered', () => {
    const open = new Registry(true);
    expect(open.isRegistered(ID)).toBe(true);
    expect(open.isDeletableObject(ID, 'x')).toBe(true);
  });
});
