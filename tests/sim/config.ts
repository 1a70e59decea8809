import { seededRandom } from '../../src/devnet/seeded-random.ts';
import { faultyShards } from '../../src/protocol/committee.ts';
import { geometryFor } from '../../src/protocol/geometry.ts';
import type { Random } from '../../src/protocol/ports.ts';

export interface SimBlob {
  readonly bytes: number;
  readonly salt: number;
}

/** Kinds of trouble; each is in force in about half of all runs. */
export const FAULTS = [
  ...(['bad-nodes', 'flaky-nodes', 'slow-links', 'lost-requests', 'lost-answers'] as const),
  ...(['node-restarts', 'node-wiped', 'late-facts', 'epoch-ends', 'crash', 'power-loss'] as const),
  ...(['second-tab', 'sleep', 'wrong-clock', 'store-full', 'profile-wiped'] as const),
  ...([
    'chain-slow',
    'chain-drops',
    'chain-refuses',
    'wallet',
    'lock-lost',
    'bad-relay',
    'endless-answers',
    'full-node-mute',
  ] as const),
] as const;
export type FaultName = (typeof FAULTS)[number];

/** Everything that a run is made of. The same one gives the same run. */
export interface SimConfig {
  readonly seed: string;
  /** shards of each node */
  readonly weights: readonly number[];
  readonly blobs: readonly SimBlob[];
  readonly deletable: boolean;
  readonly approvals: 'one' | 'two';
  readonly path: 'direct' | 'relay';
  readonly faults: readonly FaultName[];
  /** nodes that may lie, be silent or lose their disk */
  readonly badNodes: readonly number[];
  /** virtual time during which there are faults */
  readonly spanMs: number;
  /** whether they stay bad when all other faults end */
  readonly staysBad: boolean;
  /** moments of trouble that are left out, by number: a shrunk run has only those that matter */
  readonly without?: readonly number[];
}

const pick = <T>(random: Random, list: readonly T[]) => list[random.below(list.length)] as T;

export function drawConfig(seed: string): SimConfig {
  const random = seededRandom(seed, 'configuration');
  const weights = drawWeights(random);
  const shardCount = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    seed,
    weights,
    blobs: Array.from({ length: 1 + random.below(random.below(4) + 1) }, () => ({
      bytes: pick(random, edgeSizes(shardCount)),
      salt: random.below(2),
    })),
    deletable: random.below(4) === 0,
    approvals: random.below(4) === 0 ? 'two' : 'one',
    path: random.below(4) === 0 ? 'relay' : 'direct',
    faults: FAULTS.filter((name) => seededRandom(seed, `has ${name}`).below(2) === 0),
    badNodes: drawBadNodes(seededRandom(seed, 'bad nodes'), weights),
    staysBad: random.below(2) === 0,
    spanMs: 2_000 + random.below(60_000),
  };
}

function drawWeights(random: Random): readonly number[] {
  const odd = random.below(50) === 0;
  const shardCount = odd ? pick(random, [5, 6, 8, 9]) : pick(random, [4, 4, 4, 4, 7, 7, 10, 13]);
  if (random.below(3) === 0) return Array.from({ length: shardCount }, () => 1);
  const weights: number[] = [];
  for (let left = shardCount; left > 0; ) {
    const weight = 1 + random.below(Math.min(left, Math.ceil(shardCount / 3)));
    weights.push(weight);
    left -= weight;
  }
  return weights;
}

function edgeSizes(shardCount: number): readonly number[] {
  const { rowCount, columnCount, rowBytes } = geometryFor(shardCount, 1);
  const full = rowCount * columnCount * 2; // with the smallest symbols
  return [0, 1, rowBytes, rowBytes + 1, full, full + 1];
}

/** As many as may fail at the same time. */
export function drawBadNodes(random: Random, weights: readonly number[]): readonly number[] {
  let left = faultyShards(weights.reduce((sum, weight) => sum + weight, 0));
  const nodes: number[] = [];
  for (let tries = 0; tries < 2 * weights.length; tries++) {
    const node = random.below(weights.length);
    const weight = weights[node] ?? 0;
    if (weight > left || nodes.includes(node)) continue;
    nodes.push(node);
    left -= weight;
  }
  return nodes.sort((a, b) => a - b);
}
