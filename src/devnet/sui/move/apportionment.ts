import type { ActiveSet } from '../../../chain/layouts/staking.ts';
import { divideRoundingUp } from './arithmetic.ts';
import { type Call, check } from './call.ts';
import type { Distribution } from './shard-committee.ts';

const NO_STAKE = 3;
const NODES_FOR_LIMIT = 20n;
const LIMIT_DIVISOR = 10n;

/** The most shards that one node can get: a tenth, more if there are fewer than 20 nodes. */
export function maxShardsPerNode(nodeCount: number, shardCount: number): bigint {
  const nodes = BigInt(nodeCount);
  const shards = BigInt(shardCount);
  if (nodes >= NODES_FOR_LIMIT) return shards / LIMIT_DIVISOR;
  return divideRoundingUp(shards * NODES_FOR_LIMIT, nodes * LIMIT_DIVISOR);
}

/**
 * Gives out shards by stake after D'Hondt. Of nodes with equal claims the one that is earlier in the
 * set comes first. Nodes without a shard are left out.
 *
 * @param leastLimit raises the limit per node, for committees that began above it
 */
export function apportion(
  call: Call,
  { nodes }: ActiveSet,
  shardCount: number,
  leastLimit: number,
): Distribution {
  const total = nodes.reduce((sum, node) => sum + node.staked_amount, 0n);
  check(call, total > 0n, 'staking_inner', NO_STAKE, 'dhondt');
  const contractLimit = maxShardsPerNode(nodes.length, shardCount);
  const limit = contractLimit > BigInt(leastLimit) ? contractLimit : BigInt(leastLimit);
  const certain = total / BigInt(shardCount + 1) + 1n;
  const shards = nodes.map(({ staked_amount }) => {
    const count = staked_amount / certain;
    return count < limit ? count : limit;
  });
  let left = BigInt(shardCount) - shards.reduce((sum, count) => sum + count, 0n);
  for (; left > 0n; left--) {
    let best = -1;
    let highest = -1n;
    for (const [i, node] of nodes.entries()) {
      const count = shards[i] ?? limit;
      if (count === limit) continue;
      // Quotients have 64 binary digits after the point in the contract.
      const quotient = (node.staked_amount << 64n) / (count + 1n);
      if (quotient > highest) {
        highest = quotient;
        best = i;
      }
    }
    if (best < 0) call.context.abort('apportionment_queue', 0, 'pop_max');
    shards[best] = (shards[best] ?? 0n) + 1n;
  }
  const entries = nodes.map(({ node_id }, i) => [node_id, Number(shards[i])] as const);
  return new Map(entries.filter(([, count]) => count > 0));
}
