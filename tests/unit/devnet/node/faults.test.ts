import { describe, expect, it } from 'vitest';
import type { FaultAction } from '../../../../src/devnet/faults/rules.ts';
import { bodyOf, expectLink, faultCase } from '../../../support/devnet/fault-case.ts';
import { EVENT, encodedBlob, NodeCalls, register } from '../../../support/devnet/node-calls.ts';
import { settled } from '../../../support/devnet/test-fleet.ts';

const on = faultCase();
const { set, sliver, good } = on;

describe('faults of the connection', () => {
  it('refuse', async () => {
    await set({ type: 'refuse' });
    await expectLink(sliver(), 'refused');
    await on.fleet.setFaults(0, []);
    expect((await sliver()).status).toBe(200);
  });

  it('blackhole: no answer, until the node is gone', async () => {
    await set({ type: 'blackhole' });
    const waiting = expectLink(sliver(), 'reset');
    const first = await Promise.race([
      waiting,
      new Promise((resolve) => setTimeout(resolve, 30, 'silence')),
    ]);
    expect(first).toBe('silence');
    await on.fleet.slot(0).restart();
    await waiting;
  });

  it('drop: a part of the body, then the end', async () => {
    for (const [how, end] of [
      ['fin', 'closed'],
      ['rst', 'reset'],
    ] as const) {
      await set({ type: 'drop', fraction: 0.25, how });
      const response = await sliver();
      expect(response.headers.get('content-length')).toBe(String(good().length));
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const { value } = await reader.read();
      expect(value).toEqual(good().subarray(0, Math.floor(good().length / 4)));
      await expectLink(reader.read(), end);
    }
  });

  it('dropUpload', async () => {
    const fresh = await encodedBlob(1_000, 3);
    await register(on.fleet, fresh);
    await set({ type: 'dropUpload' }, { method: 'PUT' });
    await expectLink(on.node.putMetadata(fresh), 'reset');
    expect(on.fleet.log.since().at(-1)?.bytesIn).toBe(fresh.metadata.length); // it came in one piece
    await on.fleet.setFaults(0, []);
    expect((await on.node.putMetadata(fresh)).status).toBe(201);
  });

  it('restart: gone, then back with what it had', async () => {
    await set({ type: 'restart', ms: 20 }, { times: 1 });
    await expectLink(sliver(), 'reset');
    await expectLink(sliver(), 'refused');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await sliver()).status).toBe(200);
  });
});

describe('a node that dies', () => {
  it('gives no answer to what it was asked before', async () => {
    await set({ type: 'delay', ms: 40 });
    const waiting = expectLink(sliver(), 'reset');
    await new Promise((resolve) => setTimeout(resolve, 10));
    await on.fleet.slot(0).kill();
    await waiting;
    await expectLink(sliver(), 'refused');
  });
});

describe('faults of time', () => {
  const timed = async (action: FaultAction) => {
    await set(action);
    const begin = performance.now();
    expect(await bodyOf(await sliver())).toEqual(good());
    return performance.now() - begin;
  };

  it('delay before, at the first byte, and by size', async () => {
    expect(await timed({ type: 'delay', ms: 40 })).toBeGreaterThan(35);
    expect(await timed({ type: 'delay', firstByte: [40, 50] })).toBeGreaterThan(35);
    expect(await timed({ type: 'delay', perKiB: 80 })).toBeGreaterThan(
      (good().length / 1_024) * 70,
    );
  });

  it('throttle down and up', async () => {
    expect(await timed({ type: 'throttle', down: 10_000 })).toBeGreaterThan(
      good().length / 10 - 10,
    );
    await set({ type: 'throttle', up: 20_000 });
    const fresh = await encodedBlob(1_000, 3);
    await register(on.fleet, fresh);
    const begin = performance.now();
    expect((await on.node.putMetadata(fresh)).status).toBe(201);
    expect(performance.now() - begin).toBeGreaterThan(fresh.metadata.length / 20 - 10);
    expect(on.fleet.log.since().at(-1)?.bytesIn).toBe(fresh.metadata.length);
  });

  it('lag: facts come later', async () => {
    await set({ type: 'lag', ms: 50 });
    const fresh = await encodedBlob(1_000, 3);
    const size = fresh.unencodedBytes;
    const { blobId } = fresh;
    on.fleet.tell({
      ...{ type: 'registered', blobId, objectId: '0x1', deletable: false },
      ...{ endEpoch: 9, size, event: EVENT },
    });
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect((await on.node.putMetadata(fresh)).status).toBe(400);
    expect((await new NodeCalls(on.fleet, 1).putMetadata(fresh)).status).toBe(201);
    await settled(on.fleet);
    expect((await on.node.putMetadata(fresh)).status).toBe(201);
  });

  it('hold: until it is released by name', async () => {
    for (const what of ['request', 'answer'] as const) {
      await set({ type: 'hold', name: 'gate', what }, { method: 'PUT' });
      const fresh = await encodedBlob(1_000, what === 'request' ? 3 : 4);
      await register(on.fleet, fresh);
      let settledAlready = false;
      const waiting = on.node.putMetadata(fresh).finally(() => {
        settledAlready = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(settledAlready).toBe(false);
      const { store } = on.fleet.slot(0).node?.core ?? {};
      expect(store?.hasMetadata(fresh.blobId)).toBe(what === 'answer');
      expect(on.fleet.slot(0).engine.held).toEqual(['gate']);
      expect(on.fleet.slot(0).engine.release('other')).toBe(0);
      expect(on.fleet.slot(0).engine.release('gate')).toBe(1);
      expect((await waiting).status).toBe(201);
    }
  });
});
