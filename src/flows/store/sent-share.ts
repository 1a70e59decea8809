import { quorumWeight } from '../../protocol/committee.ts';
import type { Journal } from '../../store/journal.ts';
import { SliverSet } from '../../transfer/node-facts.ts';
import type { IntentRun } from './intent-run.ts';

/**
 * How far a job is whose page is gone, by what was written down while it was sent: 0 to 1 of what nodes must
 * hold. Nodes that took more are asked once it goes on.
 */
export async function sentShare(
  journal: Journal,
  runs: readonly IntentRun[],
  shardCount: number,
): Promise<number> {
  const neededSlivers = 2 * quorumWeight(shardCount);
  let [sentBytes, allBytes] = [0, 0];
  for (const { intentId, state } of runs) {
    for (const [at, { extended, encodedBytes }] of state.plan.blobs.entries()) {
      if (extended) continue;
      const nodes = [...(await journal.holdings(intentId, at)).values()];
      const held = nodes.reduce(
        (sum, node) => sum + new SliverSet(shardCount, node.slivers).size,
        0,
      );
      const share = state.certified.has(at) ? 1 : Math.min(1, held / neededSlivers);
      sentBytes += share * encodedBytes;
      allBytes += encodedBytes;
    }
  }
  return allBytes === 0 ? 0 : sentBytes / allBytes;
}
