import { describe, expect, it } from 'vitest';
import { publicKeyOf, signMessage, verifyCertificate } from '../../../src/protocol/certificate.ts';
import { Confirmations } from '../../../src/transfer/confirmations.ts';

const MESSAGE = Uint8Array.of(1, 2, 3);
const secretOf = (index: number) => new Uint8Array(32).fill(0).with(31, index + 1);
const WEIGHTS = [4, 3, 3, 2]; // 12 shards: the contract wants 9
const COMMITTEE = {
  epoch: 1,
  shardCount: 12,
  members: WEIGHTS.map((weight, i) => {
    const publicKey = publicKeyOf(secretOf(i)).uncompressed;
    return { nodeId: `0x${i}`, publicKey, weight };
  }),
};
const signed = (index: number, message = MESSAGE) => signMessage(secretOf(index), message);
const all = () => new Confirmations(COMMITTEE, MESSAGE);

describe('Confirmations', () => {
  it('count after they are verified, by shards', () => {
    const confirmations = all();
    for (const index of [3, 1, 0]) confirmations.add(index, signed(index));
    expect([confirmations.weight, confirmations.claimedWeight]).toEqual([0, 9]);
    expect(confirmations.settle()).toEqual({ good: [3, 1, 0], bad: [] });
    expect(confirmations.isQuorum).toBe(true);
    expect(verifyCertificate(COMMITTEE, confirmations.certificate())).toBe(true);
    expect(confirmations.certificate().signers).toEqual([0, 1, 3]);
  });

  it('want what the contract wants where more than 2f is less', () => {
    const confirmations = all();
    for (const index of [1, 2, 3]) confirmations.add(index, signed(index));
    confirmations.settle();
    expect([confirmations.weight, confirmations.isQuorum]).toEqual([8, false]);
  });

  it.each([
    ['another key', signed(2)],
    ['another message', signed(1, Uint8Array.of(9))],
    ['garbage', new Uint8Array(96).fill(7)],
    ['another length', new Uint8Array(95)],
    ['nothing', new Uint8Array()],
    ['the point at infinity', new Uint8Array(96).with(0, 0xc0)],
  ])('leave out a member that signs with %s, and only that one', (_, wrong) => {
    const confirmations = all();
    for (const index of [0, 2, 3]) confirmations.add(index, signed(index));
    confirmations.add(1, wrong);
    const { good, bad } = confirmations.settle();
    expect([[...good].sort(), bad]).toEqual([[0, 2, 3], [1]]);
    expect(verifyCertificate(COMMITTEE, confirmations.certificate())).toBe(true);
    confirmations.add(1, signed(1)); // it may do better
    expect(confirmations.settle()).toEqual({ good: [1], bad: [] });
    expect(confirmations.weight).toBe(12);
  });

  it('leave out all who lie, however many', () => {
    const confirmations = all();
    for (const index of [0, 1, 2, 3]) confirmations.add(index, signed(index, Uint8Array.of(index)));
    expect(confirmations.settle()).toEqual({ good: [], bad: [0, 1, 2, 3] });
    expect(confirmations.weight).toBe(0);
  });

  it('give what the contract takes where members swap their signatures', () => {
    const confirmations = all();
    for (const index of [0, 1, 2]) confirmations.add(index, signed((index + 1) % 3));
    confirmations.settle();
    confirmations.add(3, signed(3));
    confirmations.settle();
    expect(confirmations.isQuorum).toBe(true);
    expect(verifyCertificate(COMMITTEE, confirmations.certificate())).toBe(true);
  });
});
