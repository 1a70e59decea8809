import { afterEach, describe, expect, it } from 'vitest';
import { quiet } from '../../support/devnet/local-network.ts';
import { TransferWorld } from '../../support/devnet/transfer-world.ts';

let world: TransferWorld;
afterEach(() => world.close());

describe('putBlob over the end of an epoch', { timeout: 180_000 }, () => {
  it('keeps slivers, collects confirmations again, and sends only what no node had', async () => {
    world = await TransferWorld.open({ shuffle: true });
    const blob = await world.encode(5_000);
    const { objectId } = await world.register(blob);
    let asked = 0;
    let changed: Promise<unknown> | undefined;
    const job = world.job(blob);
    const outcome = await world.put(blob, {
      async slivers(pair, axis) {
        if (++asked > 8) {
          changed ??= world.network.epochs.advance();
          await changed;
        }
        return job.slivers(pair, axis);
      },
    });
    await changed;
    expect(outcome.committee.epoch).toBe(2);
    await world.certify(blob, objectId, outcome);
    const confirmed = world.facts.flatMap((fact) => (fact.kind === 'confirmation' ? [fact] : []));
    expect(confirmed.filter(({ epoch }) => epoch === 2).length).toBeGreaterThan(2);
    await outcome.tail;
    for (const count of world.sliverPuts().values()) expect(count).toBe(1);
  });

  it('drops confirmations of an earlier epoch, and the slivers stay where they are', async () => {
    world = await TransferWorld.open({ shuffle: true });
    const blob = await world.encode(5_000);
    const { objectId } = await world.register(blob);
    await (await world.put(blob)).tail;
    await world.network.epochs.advance();
    await quiet(world.network);
    const before = world.network.fleet.log.next;
    const outcome = await world.put(blob);
    expect(outcome.committee.epoch).toBe(2);
    await world.certify(blob, objectId, outcome);
    await outcome.tail;
    expect(world.sliverPuts(before).size).toBe(0);
  });

  it('follows shards to a new owner, and reads the committee again when its own is old', async () => {
    world = await TransferWorld.open();
    const blob = await world.encode(5_000);
    const { objectId } = await world.register(blob);
    const old = world.network.life.port.state().current;
    await world.network.epochs.retire(world.network.nodes[0]?.identity.nodeId ?? '');
    await world.network.epochs.advance();
    await quiet(world.network);
    let reads = 0;
    const outcome = await world.put(blob, {
      committee: async (stale) => {
        reads += 1;
        return stale === undefined ? old : world.network.life.port.state().current;
      },
    });
    expect(outcome.committee.epoch).toBe(2);
    expect(reads).toBe(2);
    await world.certify(blob, objectId, outcome);
    expect((await outcome.tail).confirmedWeight).toBe(13);
  });
});
