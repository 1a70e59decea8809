import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { insertOrUpdate } from '../../../../src/devnet/sui/move/active-set.ts';
import { apportion, maxShardsPerNode } from '../../../../src/devnet/sui/move/apportionment.ts';
import { initialCommittee, transition } from '../../../../src/devnet/sui/move/shard-committee.ts';
import { bareCall } from '../../../support/devnet/bare-call.ts';

const call = bareCall();
const idOf = (i: number) => `0x${i.toString(16).padStart(64, '0')}`;
const setOf = (stakes: readonly (number | bigint)[]) => ({
  max_size: 2000,
  threshold_stake: 0n,
  nodes: stakes.map((stake, i) => ({ node_id: idOf(i), staked_amount: BigInt(stake) })),
  total_stake: 0n,
});
const shares = (shards: number, stakes: readonly (number | bigint)[], leastLimit = 0) => {
  const given = apportion(call, setOf(stakes), shards, leastLimit);
  return stakes.map((_, i) => given.get(idOf(i)) ?? 0);
};

describe('shards by stake', () => {
  // Numbers that the contract's own tests hold it to.
  const even = [25_000, 25_000, 25_000, 25_000];
  const uneven = [50_000, 30_000, 15_000, 5_000];
  const mixed = [50_000, 50_000, 30_000, 15_000, 15_000, 5_000];
  const cases: [number, number[], number[]][] = [
    [4, even, [1, 1, 1, 1]],
    [778, even, [195, 195, 194, 194]],
    [1000, even, [250, 250, 250, 250]],
    [4, uneven, [2, 2, 0, 0]],
    [777, uneven, [389, 234, 116, 38]],
    [1000, uneven, [500, 300, 150, 50]],
    [4, mixed, [2, 1, 1, 0, 0, 0]],
    [777, mixed, [236, 236, 142, 70, 70, 23]],
    [1000, mixed, [303, 303, 182, 91, 91, 30]],
    [7, even, [2, 2, 2, 1]],
    [6, even, [2, 2, 1, 1]],
    [7, [200, 200, 200, 100], [2, 2, 2, 1]],
    [9, [200, 200, 200, 100, 100, 100], [2, 2, 2, 1, 1, 1]],
    [18, [780_000, 650_000, 520_000, 390_000, 260_000], [6, 5, 4, 2, 1]],
    [0, [100, 90, 80], [0, 0, 0]],
    [5, [1, 0, 0], [4, 1, 0]],
    [3, [1_000_000, 999_999], [2, 1]],
    [500, [1e12, 9e11, 1e11], [250, 225, 25]],
    [1000, [600, 100, 200, 100], [500, 125, 250, 125]],
  ];

  test.each(cases)('%i shards for %j', (shards, stakes, expected) => {
    expect(shares(shards, stakes)).toEqual(expected);
  });

  test('from 20 nodes on, none gets more than a tenth', () => {
    const stakes = Array.from({ length: 21 }, (_, i) => (i === 5 ? 200 : 20));
    expect(shares(1000, stakes)).toEqual(stakes.map((stake) => (stake === 200 ? 100 : 45)));
    expect(maxShardsPerNode(20, 1000)).toBe(100n);
    expect(maxShardsPerNode(10, 1000)).toBe(200n);
    expect(maxShardsPerNode(3, 10)).toBe(7n);
  });

  test('a committee may start above the limit', () => {
    expect(shares(13, [9, 1, 1, 1, 1])).not.toEqual([9, 1, 1, 1, 1]);
    expect(shares(13, [9, 1, 1, 1, 1], 9)).toEqual([9, 1, 1, 1, 1]);
  });

  test('without stake there is no committee', () => {
    expect(() => shares(10, [0, 0, 0])).toThrow('staking_inner 3');
  });

  test('stake in proportion to shards gives those shards', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }),
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        (weights, unit) => {
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const stakes = weights.map((weight) => BigInt(weight) * unit);
          expect(shares(total, stakes, Math.max(...weights))).toEqual(weights);
        },
      ),
    );
  });
});

describe('a change of committee', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 12, maxLength: 12 });
  /** Two ways to deal the same number of shards to twelve nodes. */
  const pairs = fc.tuple(counts, fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }));

  test('keeps every shard exactly once and moves none that need not', () => {
    fc.assert(
      fc.property(pairs, ([before, order]) => {
        const after = before.map((_, i) => before[order[i] ?? 0] ?? 0);
        const distribution = (list: number[]) =>
          new Map(list.map((count, i) => [idOf(i + 1), count] as const).filter(([, c]) => c > 0));
        const from = initialCommittee(distribution(before));
        const to = transition(call, from, distribution(after));
        const shards = to.contents.flatMap(({ value }) => value).sort((a, b) => a - b);
        expect(shards).toEqual(shards.map((_, i) => i));
        expect(to.contents.map(({ key }) => key)).toEqual([...distribution(after).keys()].sort());
        for (const { key, value } of to.contents) {
          const held = from.contents.find((entry) => entry.key === key)?.value ?? [];
          const kept = value.filter((shard) => held.includes(shard)).length;
          expect(kept).toBe(Math.min(held.length, value.length));
        }
      }),
    );
  });

  test('deals in order at first, to nodes by ID', () => {
    const nodes = [3, 2, 1].map((i) => [idOf(i), 2] as const);
    expect(initialCommittee(new Map(nodes)).contents).toEqual([
      { key: idOf(1), value: [0, 1] },
      { key: idOf(2), value: [2, 3] },
      { key: idOf(3), value: [4, 5] },
    ]);
  });

  test('gives what becomes free to those who need it, last first', () => {
    const four = new Map([3, 2, 1, 0].map((i) => [idOf(i), 2] as const));
    const two = new Map([3, 2].map((i) => [idOf(i), 4] as const));
    expect(transition(call, initialCommittee(four), two).contents).toEqual([
      { key: idOf(2), value: [4, 5, 3, 2] },
      { key: idOf(3), value: [6, 7, 1, 0] },
    ]);
  });

  test('has as many shards as before', () => {
    const from = initialCommittee(new Map([[idOf(1), 4]]));
    expect(() => transition(call, from, new Map([[idOf(1), 5]]))).toThrow('committee 0');
  });
});

test('a full active set lets the least stake go for a greater one', () => {
  const set = { ...setOf([10, 9, 8, 7, 6]), max_size: 5, total_stake: 40n };
  expect(insertOrUpdate(set, idOf(9), 6n)).toBe(false);
  expect(insertOrUpdate(set, idOf(9), 11n)).toBe(true);
  expect(set.nodes.map(({ node_id }) => node_id)).toEqual([0, 1, 2, 3, 9].map(idOf));
  expect(set.total_stake).toBe(45n);
  expect(insertOrUpdate(set, idOf(0), 0n)).toBe(false);
  expect(set.nodes.map(({ node_id }) => node_id)).toEqual([9, 1, 2, 3].map(idOf));
  expect(set.total_stake).toBe(35n);
});
