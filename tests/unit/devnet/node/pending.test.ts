import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeFleet } from '../../../../src/devnet/fleet.ts';
import { PENDING_OFF, PENDING_ON, PendingCache } from '../../../../src/devnet/node/pending.ts';
import type { EncodedBlob } from '../../../../src/protocol/blob-summary.ts';
import {
  encodedBlob,
  expectData,
  expectFailure,
  NodeCalls,
  register,
} from '../../../support/devnet/node-calls.ts';
import { type FleetChange, startFleet } from '../../../support/devnet/test-fleet.ts';

const PRECONDITION = [400, 'FAILED_PRECONDITION'] as const;

describe('uploads before registration', () => {
  let fleet: NodeFleet;
  let node: NodeCalls;
  let blob: EncodedBlob;
  let pair: number;
  beforeEach(async () => {
    blob = await encodedBlob(1_000);
  });
  const start = async (change: FleetChange = {}) => {
    ({ fleet } = await startFleet(change));
    node = new NodeCalls(fleet);
    pair = node.pairs(blob)[0] as number;
  };

  it('are kept: 202, then 200, and are stored with the registration', async () => {
    await start();
    await expectData(
      await node.putMetadata(blob, { pending: true }),
      'metadata buffered pending registration',
      202,
    );
    await expectData(await node.putMetadata(blob, { pending: true }), 'metadata already stored');
    await expectData(
      await node.putSliver(blob, 'primary', pair, { pending: true }),
      'sliver buffered pending registration',
      202,
    );
    await expectData(await node.putSliver(blob, 'primary', pair), 'sliver already stored');
    expect((await node.get(`/v1/blobs/${blob.blobId}/metadata`)).status).toBe(404);
    await register(fleet, blob);
    expect((await node.get(`/v1/blobs/${blob.blobId}/metadata`)).status).toBe(200);
    expect((await node.getSliver(blob, 'primary', pair)).status).toBe(200);
    const store = fleet.slot(0).node?.core.store;
    expect(store?.usage).toEqual({ blobs: 1, slivers: 1 });
    expect(fleet.slot(0).node?.core.pending.usage).toEqual({ metadata: 0, slivers: 0, bytes: 0 });
  });

  it('are verified all the same', async () => {
    await start();
    await node.putMetadata(blob, { pending: true });
    const bytes = (await encodedBlob(1_000, 5)).primarySlivers[pair] as Uint8Array;
    const answer = await node.putSliver(blob, 'primary', pair, { bytes, pending: true });
    await expectFailure(answer, 400, 'INVALID_ARGUMENT', 'INVALID_SLIVER');
  });

  it('are refused where the feature is off', async () => {
    await start({ pending: PENDING_OFF });
    const answer = await node.putMetadata(blob, { pending: true });
    await expectFailure(answer, ...PRECONDITION, 'CACHE_SATURATED');
  });

  it.each([
    ['metadata', { metadata: 0 }],
    ['slivers', { slivers: 0 }],
    ['bytes', { bytes: 10 }],
    ['bytes of a sliver', { sliverBytes: 10 }],
  ])('are refused over the limit of %s', async (what, limit) => {
    await start({ pending: { ...PENDING_ON, ...limit } });
    const metadata = await node.putMetadata(blob, { pending: true });
    if (what === 'metadata') {
      await expectFailure(metadata, ...PRECONDITION, 'CACHE_SATURATED');
    } else {
      const answer = await node.putSliver(blob, 'primary', pair, { pending: true });
      await expectFailure(answer, ...PRECONDITION, 'CACHE_SATURATED');
    }
  });

  it('are lost with the node’s life', async () => {
    await start();
    await node.upload(blob, true);
    await fleet.slot(0).restart();
    await register(fleet, blob);
    const answer = await node.putSliver(blob, 'primary', pair);
    await expectFailure(answer, ...PRECONDITION, 'METADATA_NOT_FOUND');
  });
});

describe('the buffer', () => {
  const make = (ttlMs: number) => {
    const clock = { now: 0, monotonic: () => clock.now };
    return { clock, cache: new PendingCache({ ...PENDING_ON, ttlMs }, clock) };
  };
  const sliver = { axis: 'primary', pair: 0, bytes: new Uint8Array(7) } as const;

  it('forgets a blob some time after its last sliver', () => {
    const { clock, cache } = make(100);
    expect(cache.addMetadata('a', new Uint8Array(1))).toBe(true);
    clock.now = 90;
    expect(cache.addSliver('a', sliver)).toBe(true);
    clock.now = 190;
    expect(cache.has('a', 'primary', 0)).toBe(true);
    clock.now = 191;
    expect(cache.has('a', 'primary', 0)).toBe(false);
    expect(cache.usage).toEqual({ metadata: 0, slivers: 0, bytes: 0 });
  });

  it('keeps copies, and no slivers without metadata', () => {
    const { cache } = make(100);
    expect(cache.addSliver('a', sliver)).toBe(false);
    const metadata = new Uint8Array([1]);
    cache.addMetadata('a', metadata);
    metadata[0] = 2;
    expect(cache.metadata('a')).toEqual(new Uint8Array([1]));
  });
});
