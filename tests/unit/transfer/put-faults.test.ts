import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EncodedBlob } from '../../../src/protocol/blob-summary.ts';
import type { Registration } from '../../../src/transfer/put-types.ts';
import { NODE_FAULTS } from '../../support/devnet/node-faults.ts';
import { TransferWorld } from '../../support/devnet/transfer-world.ts';
import { quickClock } from '../../support/quick-clock.ts';

let world: TransferWorld;
let blob: EncodedBlob;
let bought: Required<Registration>;
let salt = 0;

describe('putBlob with a node of weight 3 of 13 that', () => {
  beforeAll(async () => {
    // A node that heals itself would confirm after all.
    const heal = { deferMs: 3_600_000 };
    world = await TransferWorld.open({ heal }, { clock: quickClock(10) });
  }, 120_000);
  afterAll(() => world.close());
  beforeEach(async () => {
    blob = await world.encode(3_000, ++salt);
    bought = await world.register(blob);
  }, 30_000);
  afterEach(async () => {
    for (const slot of world.network.nodes) await slot.setFaults([]);
  });

  it.each(NODE_FAULTS)(
    '%s: gives a certificate that the contract takes',
    async (_, rules, confirms) => {
      const [bad] = world.network.nodes;
      await bad?.setFaults(rules);
      const outcome = await world.put(blob, { patienceMs: confirms ? 120_000 : 5_000 });
      await world.certify(blob, bought.objectId, outcome);
      const tail = await outcome.tail;
      expect(tail.confirmedWeight).toBe(confirms ? 13 : 10);
      expect(tail.failed.map(({ nodeId }) => nodeId)).toEqual(
        confirms ? [] : [bad?.identity.nodeId],
      );
    },
  );
});
