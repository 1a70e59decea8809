import { afterEach, describe, expect, it } from 'vitest';
import { PROFILES } from '../../../src/devnet/committee.ts';
import { fraction, seededRandom } from '../../../src/devnet/seeded-random.ts';
import { faultyShards, quorumWeight } from '../../../src/protocol/committee.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import type { Random } from '../../../src/protocol/ports.ts';
import { NODE_FAULTS } from '../../support/devnet/node-faults.ts';
import { settled } from '../../support/devnet/test-fleet.ts';
import { TransferWorld } from '../../support/devnet/transfer-world.ts';
import { quickClock } from '../../support/quick-clock.ts';
import { SOAK } from '../../support/seed.ts';

const SIZES = [0, 1, 89, 90, 91, 3_000];
const COMMITTEES = [
  PROFILES.tiny,
  PROFILES.wide,
  PROFILES.skewed,
  [1, 1, 1, 1],
  [4, 3, 3, 2], // 12 shards: more than 2f is not enough
];
const SEEDS = Array.from({ length: SOAK ? 100 : COMMITTEES.length }, (_, seed) => seed);

let world: TransferWorld;
afterEach(() => world.close());

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)] as T;
}

async function drawn(seed: number, delays: readonly (readonly [number, number])[]) {
  const random = seededRandom(String(seed), 'mixes');
  const weights = COMMITTEES[seed % COMMITTEES.length] as readonly number[];
  const chainDelayMs = pick(random, delays);
  // A node that heals itself would confirm after all.
  const settings = { weights, chainDelayMs, shuffle: true, heal: { deferMs: 600_000 } };
  world = await TransferWorld.open(settings, { clock: quickClock(10) });
  const shardCount = weights.reduce((sum, weight) => sum + weight, 0);
  const blob = await world.encode(pick(random, SIZES), seed);
  const order = weights.map((_, i) => i).sort(() => fraction(random) - 0.5);
  return { random, weights, shardCount, blob, order };
}

describe('putBlob under any mix of faults', { timeout: 120_000 }, () => {
  it.each(SEEDS)(
    'ends with a certificate while they hold f shards or fewer; seed %i',
    async (seed) => {
      const { random, weights, shardCount, blob, order } = await drawn(seed, [
        [0, 0],
        [0, 100],
      ]);
      let left = faultyShards(shardCount);
      const names: string[] = [];
      for (const node of order) {
        if ((weights[node] as number) > left) continue;
        left -= weights[node] as number;
        const [name, rules] = pick(random, NODE_FAULTS);
        names.push(`${node} ${name}`);
        await world.network.nodes[node]?.setFaults(rules);
      }
      const deletable = random.below(2) === 1;
      const { objectId } = await world.register(blob, deletable);
      const registration = deletable ? { objectId } : {};
      const outcome = await world.put(blob, { registration, patienceMs: 20_000 });
      await world.certify(blob, objectId, outcome, deletable);
      const { confirmedWeight, failed } = await outcome.tail;
      const bad = names.map(
        (name) => world.network.nodes[Number.parseInt(name, 10)]?.identity.nodeId,
      );
      for (const { nodeId } of failed) expect(bad, names.join('; ')).toContain(nodeId);
      expect(confirmedWeight).toBeGreaterThanOrEqual(quorumWeight(shardCount));
    },
  );

  it.each(SEEDS)(
    'says precisely what is missing beyond, and goes on later; seed %i',
    async (seed) => {
      // Before they hear of the registration, even liars keep slivers.
      const { random, weights, shardCount, blob, order } = await drawn(seed, [[0, 0]]);
      const failing = NODE_FAULTS.filter(([, , confirms]) => !confirms);
      const bad = new Set<number>();
      const names: string[] = [];
      let good = shardCount;
      for (const node of order) {
        if (good < quorumWeight(shardCount)) break;
        good -= weights[node] as number;
        bad.add(node);
        const [name, rules] = pick(random, failing);
        names.push(`${node} ${name}`);
        await world.network.nodes[node]?.setFaults(rules);
      }
      const { objectId } = await world.register(blob);
      await settled(world.network.fleet);
      const error = await world.put(blob, { patienceMs: 5_000 }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const badIds = [...bad].map((node) => world.network.nodes[node]?.identity.nodeId);
      if (isHauloutError(error, 'quorum-unreached')) {
        expect(error.detail.need).toBe(quorumWeight(shardCount));
        expect(error.detail.have).toBeLessThanOrEqual(good);
        for (const { nodeId } of error.detail.failed ?? []) expect(badIds).toContain(nodeId);
      } else {
        // More than f shards say that the bytes are wrong, which honest nodes are then among.
        expect(isHauloutError(error, 'blob-refused'), `${error}: ${names.join('; ')}`).toBe(true);
      }
      await new Promise((resolve) => setTimeout(resolve, 50)); // what is under way arrives
      for (const slot of world.network.nodes) await slot.setFaults([]);
      const outcome = await world.put(blob);
      await world.certify(blob, objectId, outcome);
      expect((await outcome.tail).failed).toEqual([]);
      for (const [path, count] of world.sliverPuts()) {
        if (!bad.has(Number.parseInt(path, 10))) expect(count, path).toBe(1);
      }
    },
  );
});
