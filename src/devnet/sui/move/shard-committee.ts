/** Module `committee`: which node has which shards. */
import type { ShardCommittee } from '../../../chain/layouts/staking.ts';
import { type Call, check } from './call.ts';
import type { Address } from './native.ts';
import { hasKey, lookUp } from './vec-map.ts';

/** How many shards each node is to have. */
export type Distribution = ReadonlyMap<Address, number>;

/** Deals all shards in order, to nodes ascending by ID. */
export function initialCommittee(distribution: Distribution): ShardCommittee {
  let shard = 0;
  const contents = [...distribution]
    .sort(([a], [b]) => compareIds(a, b))
    .map(([key, count]) => ({ key, value: Array.from({ length: count }, () => shard++) }));
  return { contents };
}

/** Moves as few shards as it takes to come from one committee to a distribution. */
export function transition(
  call: Call,
  from: ShardCommittee,
  distribution: Distribution,
): ShardCommittee {
  const wanted = new Map(distribution);
  const next: ShardCommittee['contents'] = [];
  const free: number[] = [];
  const growing: Address[] = [];
  for (const { key, value } of from.contents) {
    const count = wanted.get(key) ?? 0;
    wanted.delete(key);
    if (count === 0) {
      free.push(...value);
    } else if (value.length >= count) {
      next.push({ key, value: value.slice(0, count) });
      free.push(...value.slice(count).reverse());
    } else {
      growing.push(key);
    }
  }
  const before = from.contents.reduce((sum, { value }) => sum + value.length, 0);
  const after = [...distribution.values()].reduce((sum, count) => sum + count, 0);
  check(call, before === after, 'committee', 0, 'transition');
  for (const key of [...wanted.keys(), ...growing]) {
    const count = distribution.get(key) ?? 0;
    if (count === 0) continue;
    const shards = [...(lookUp(from, key) ?? [])];
    while (shards.length < count) shards.push(free.pop() as number);
    next.push({ key, value: shards });
  }
  return { contents: next.sort((a, b) => compareIds(a.key, b.key)) };
}

/** Members of `after` that are not in `before`, ascending. */
export function newcomers(before: ShardCommittee, after: ShardCommittee): Address[] {
  return after.contents.map(({ key }) => key).filter((key) => !hasKey(before, key));
}

/** IDs are hex of one length: their order as text is that as numbers. */
export function compareIds(a: Address, b: Address): number {
  return a < b ? -1 : Number(a > b);
}
