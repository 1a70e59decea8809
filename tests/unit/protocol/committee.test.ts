import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bitmapToSigners,
  type Committee,
  faultyShards,
  quorumWeight,
  signersToBitmap,
  validityWeight,
  weightOf,
} from '../../../src/protocol/committee.ts';
import { expectError } from '../../support/expect-error.ts';

const publicKey = new Uint8Array(48);
const committee: Committee = {
  epoch: 1,
  shardCount: 13,
  members: [9, 1, 1, 1, 1].map((weight, i) => ({ nodeId: `0x0${i}`, publicKey, weight })),
};

test('thresholds', () => {
  expect([faultyShards(1000), validityWeight(1000), quorumWeight(1000)]).toEqual([333, 334, 667]);
  expect([faultyShards(13), validityWeight(13), quorumWeight(13)]).toEqual([4, 5, 9]);
  expect(quorumWeight(12)).toBe(9); // more than 2f + 1 = 7
});

test('the quorum is n - f for every n, and the least that the contract takes', () => {
  for (let n = 1; n <= 3000; n++) {
    const weight = quorumWeight(n);
    expect(weight).toBe(n - faultyShards(n));
    expect(3 * weight >= 2 * n + 1 && 3 * (weight - 1) < 2 * n + 1).toBe(true);
  }
});

test('weight counts shards', () => {
  expect(weightOf(committee, [0])).toBe(9);
  expect(weightOf(committee, [1, 2, 3, 4])).toBe(4);
  expect(weightOf(committee, [])).toBe(0);
  expectError(() => weightOf(committee, [1, 1]), 'argument-invalid', { reason: 'a member twice' });
  expectError(() => weightOf(committee, [5]), 'argument-invalid', { reason: 'not a member' });
});

test('a bitmap puts the lowest index first', () => {
  expect(bytesToHex(signersToBitmap([0, 3, 9], 11))).toBe('0902');
  expect(bytesToHex(signersToBitmap([], 103))).toBe('00'.repeat(13));
  expectError(() => signersToBitmap([11], 11), 'argument-invalid');
  expectError(() => signersToBitmap([-1], 11), 'argument-invalid');
});

test('a bitmap may be short, but not long and not name strangers', () => {
  expect(bitmapToSigners(Uint8Array.of(9, 2), 11)).toEqual([0, 3, 9]);
  expect(bitmapToSigners(Uint8Array.of(9), 11)).toEqual([0, 3]);
  expect(bitmapToSigners(new Uint8Array(), 11)).toEqual([]);
  expect(bitmapToSigners(Uint8Array.of(9, 8), 11)).toBeUndefined();
  expect(bitmapToSigners(Uint8Array.of(9, 2, 0), 11)).toBeUndefined();
});

test('signers survive the way there and back', () => {
  const any = fc.integer({ min: 1, max: 150 }).chain((memberCount) =>
    fc.record({
      memberCount: fc.constant(memberCount),
      signers: fc.uniqueArray(fc.integer({ min: 0, max: memberCount - 1 })),
    }),
  );
  fc.assert(
    fc.property(any, ({ memberCount, signers }) => {
      const back = bitmapToSigners(signersToBitmap(signers, memberCount), memberCount);
      expect(back).toEqual(signers.toSorted((a, b) => a - b));
    }),
  );
});
