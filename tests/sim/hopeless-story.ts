import { faultyShards } from '../../src/protocol/committee.ts';
import { isHauloutError } from '../../src/protocol/errors.ts';
import { putStory } from './put-story.ts';
import type { Story } from './story.ts';

/**
 * More nodes than a committee can do without are silent for ever: nobody can succeed, and whoever tries says so
 * within its bound.
 */
export const hopelessStory: Story['begin'] = async (world) => {
  const { weights } = world.config;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let node = 0, silent = 0; silent <= faultyShards(total); node++) {
    silent += weights[node] ?? 0;
    world.neverHeals.add(node);
    const rules = [{ action: { type: 'blackhole' } }] as const;
    world.rules.set(node, rules);
    await world.network.nodes[node]?.setFaults(rules);
  }
  const { client, check } = await putStory(world, 'once');
  return {
    client,
    check,
    isDone: () => typeof world.session.end === 'object' && isHauloutError(world.session.end.error),
    audit: async () => undefined,
  };
};
