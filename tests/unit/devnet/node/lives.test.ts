import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FileDisk } from '../../../../src/devnet/disk/file-disk-door.ts';
import { MemoryDisk } from '../../../../src/devnet/disk/memory-disk.ts';
import { ServiceSlot } from '../../../../src/devnet/service/service-slot.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import { encodedBlob, NodeCalls, register, sliverOf } from '../../../support/devnet/node-calls.ts';
import { startFleet } from '../../../support/devnet/test-fleet.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Sleeps by a clock that a test drives, once it says so; until then in no time. */
async function slowRestarts() {
  const opened: string[] = [];
  const clock = new VirtualClock();
  const onPort = async (index: number, open: boolean) => {
    opened.push(`${index} ${open}`);
  };
  const { fleet } = await startFleet({
    onPort,
    clock: { ...systemClock, sleep: clock.sleep.bind(clock) },
  });
  opened.length = 0;
  return { fleet, clock, opened };
}

describe('the lives of a node', () => {
  it('are one at a time, however often it is started', async () => {
    const { fleet, opened } = await slowRestarts();
    const slot = fleet.slot(0);
    await slot.kill();
    await Promise.all([slot.start(), slot.start(), slot.start()]);
    expect(opened).toEqual(['0 false', '0 true']);
    await fleet.stop();
  });

  it('end when they are ended in the middle of their start', async () => {
    const { fleet, opened } = await slowRestarts();
    const slot = fleet.slot(0);
    await slot.kill();
    await Promise.all([slot.start(), slot.kill()]);
    expect(slot.node).toBeUndefined();
    expect(opened.at(-1)).toBe('0 false');
    await fleet.stop();
  });

  it('do not begin again by themselves after the end of the network', async () => {
    const { fleet, clock, opened } = await slowRestarts();
    const slot = fleet.slot(0);
    const restarted = slot.restart(3_000);
    await fleet.stop();
    opened.length = 0;
    await clock.drive(restarted);
    expect(slot.node).toBeUndefined();
    expect(opened).toEqual([]);
  });

  it('keep nothing of what is wiped between them', async () => {
    const { fleet } = await startFleet();
    const blob = await encodedBlob(500);
    await register(fleet, blob);
    await new NodeCalls(fleet).upload(blob);
    const slot = fleet.slot(0);
    await slot.kill();
    await slot.wipe();
    await slot.start();
    expect(slot.node?.core.store.usage).toEqual({ blobs: 0, slivers: 0 });
    await fleet.stop();
  });
});

describe('the lives of a service', () => {
  it('are one at a time, and none begins after the end', async () => {
    const clock = new VirtualClock();
    let starts = 0;
    const slot = new ServiceSlot({
      ...{ name: 'relay', clock, random: { bytes: () => new Uint8Array(), below: () => 0 } },
      start: async () => {
        starts += 1;
        await clock.sleep(100);
        return { handle: async () => new Response() };
      },
    });
    await clock.drive(Promise.all([slot.start(), slot.start()]));
    expect(starts).toBe(1);
    const restarted = slot.restart(3_000);
    await clock.drive(slot.kill());
    await clock.drive(restarted);
    expect([starts, slot.alive]).toEqual([1, false]);
    const begun = slot.start();
    await clock.drive(Promise.all([begun, slot.kill()]));
    expect([starts, slot.alive]).toEqual([2, false]);
  });
});

describe.each(['in memory', 'in a folder'])('a wipe in the middle of uploads, disk %s', (kind) => {
  it('leaves nothing that is told to be there and is not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'haulout-'));
    folders.push(folder);
    const disk = kind === 'in memory' ? new MemoryDisk() : new FileDisk(folder);
    const { fleet } = await startFleet({ disk });
    const blob = await encodedBlob(3_000);
    await register(fleet, blob);
    const node = new NodeCalls(fleet);
    const pairs = node.pairs(blob);
    const { store } = fleet.slot(0).node?.core ?? {};
    for (let round = 0; round < 20; round++) {
      await node.putMetadata(blob);
      const puts = pairs.flatMap((pair) =>
        (['primary', 'secondary'] as const).map((axis) => node.putSliver(blob, axis, pair)),
      );
      await Promise.all(puts.slice(0, round % puts.length));
      const [, ...answers] = await Promise.all([fleet.slot(0).wipe(), ...puts]);
      // Those that come after the wipe find no metadata.
      for (const { status } of answers) expect([200, 201, 400]).toContain(status);
      for (const axis of ['primary', 'secondary'] as const) {
        for (const pair of store?.pairs(blob.blobId, axis) ?? []) {
          const bytes = await store?.sliver(blob.blobId, axis, pair);
          expect(Buffer.compare(bytes ?? new Uint8Array(), sliverOf(blob, axis, pair))).toBe(0);
        }
      }
    }
    await node.upload(blob);
    expect((await node.confirm(blob)).status).toBe(200);
    await fleet.stop();
  });
});
