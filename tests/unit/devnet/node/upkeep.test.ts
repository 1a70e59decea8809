import { expect, it } from 'vitest';
import { assignShards, makeIdentities } from '../../../../src/devnet/committee.ts';
import { MemoryDisk } from '../../../../src/devnet/disk/memory-disk.ts';
import { NodeFleet } from '../../../../src/devnet/fleet.ts';
import { BlobStore } from '../../../../src/devnet/node/blob-store.ts';
import { ChainDouble, committeeOf, objectIdOf } from '../../../support/devnet/chain-double.ts';
import {
  EVENT,
  encodedBlob,
  expectFailure,
  NodeCalls,
  register,
} from '../../../support/devnet/node-calls.ts';
import {
  factCommittee,
  fleetOptions,
  settled,
  startFleet,
} from '../../../support/devnet/test-fleet.ts';

it('a blob that is removed is gone, with what came meanwhile', async () => {
  const disk = new MemoryDisk();
  const store = new BlobStore(disk);
  await store.putSliver('blob', 'primary', 0, new Uint8Array(8));
  const { remove } = disk;
  disk.remove = async (path) => {
    await store.putSliver('blob', 'secondary', 1, new Uint8Array(8));
    await remove.call(disk, path);
  };
  await store.removeBlob('blob');
  expect(disk.usedBytes).toBe(0);
  expect(store.has('blob', 'secondary', 1)).toBe(false);
  expect(store.blobs()).toEqual([]);
});

it('what a wipe took with it before anybody was told of it is written again', async () => {
  const disk = new MemoryDisk();
  const store = new BlobStore(disk);
  const { write } = disk;
  let told = () => {};
  disk.write = async (path, bytes) => {
    await write.call(disk, path, bytes);
    await new Promise<void>((resolve) => {
      told = resolve;
    });
    disk.write = write;
  };
  const put = store.putSliver('blob', 'primary', 0, new Uint8Array(8));
  await Promise.resolve();
  await store.wipe();
  told();
  await put;
  expect(store.has('blob', 'primary', 0)).toBe(true);
  expect(await store.sliver('blob', 'primary', 0)).toEqual(new Uint8Array(8));
});

it('a node makes room at the end of an epoch for what has expired or was deleted', async () => {
  const { fleet, committee } = await startFleet();
  const [kept, ended, deleted] = [
    await encodedBlob(500),
    await encodedBlob(500, 2),
    await encodedBlob(500, 3),
  ];
  await register(fleet, kept, { endEpoch: 9 });
  await register(fleet, ended, { endEpoch: 2 });
  await register(fleet, deleted, { endEpoch: 9, deletable: true, objectId: objectIdOf('deleted') });
  const node = new NodeCalls(fleet);
  for (const blob of [kept, ended, deleted]) await node.upload(blob);
  const { blobId } = deleted;
  fleet.tell({ type: 'deleted', blobId, objectId: objectIdOf('deleted'), event: EVENT });
  await settled(fleet);
  const { store } = fleet.slot(0).node?.core ?? {};
  expect(store?.usage.blobs).toBe(3);
  const current = { ...factCommittee(committee), epoch: 2 };
  const previous = factCommittee(committee);
  fleet.tell({ type: 'epoch', state: 'sync', current, previous });
  await settled(fleet);
  expect(store?.usage.blobs).toBe(3);
  fleet.tell({ type: 'epoch', state: 'done', current, previous });
  await settled(fleet);
  expect(store?.blobs()).toEqual([kept.blobId]);
  expect((await node.confirm(kept)).status).toBe(200);
});

it('a node with a full disk stands still and misses nothing', async () => {
  class FullDisk extends MemoryDisk {
    full = false;
    override async append(path: string, bytes: Uint8Array): Promise<void> {
      await super.append(path, this.full ? bytes.subarray(0, 9) : bytes);
      if (this.full) throw new Error('no space left on device');
    }
    override async write(path: string, bytes: Uint8Array): Promise<void> {
      if (this.full) throw new Error('no space left on device');
      return super.write(path, bytes);
    }
  }
  const disk = new FullDisk();
  const { fleet } = await startFleet({ disk });
  const [blob, next] = [await encodedBlob(500), await encodedBlob(500, 2)];
  await register(fleet, blob);
  disk.full = true;
  const node = new NodeCalls(fleet);
  const refused = await node.putMetadata(blob);
  expect(refused.status).toBe(500);
  expect(await refused.text()).not.toContain('space');
  const { blobId, unencodedBytes: size } = next;
  const about = { blobId, objectId: '0x2', deletable: false, endEpoch: 9, size, event: EVENT };
  fleet.tell({ type: 'registered', ...about });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await node.putMetadata(next)).status).toBe(400);
  disk.full = false;
  await settled(fleet);
  expect((await node.putMetadata(blob)).status).toBe(201);
  expect((await node.putMetadata(next)).status).toBe(201);
  // The parts of lines that found room did not spoil what came after them.
  await fleet.stop();
  await fleet.start();
  expect(fleet.slot(0).node?.core.registry.isRegistered(blobId)).toBe(true);
});

it('a node forgets a blob that was marked as invalid', async () => {
  const { fleet } = await startFleet();
  const blob = await encodedBlob(500);
  await register(fleet, blob);
  const node = new NodeCalls(fleet);
  await node.upload(blob);
  expect((await node.confirm(blob)).status).toBe(200);
  fleet.tell({ type: 'invalid', blobId: blob.blobId, event: EVENT });
  await settled(fleet);
  const answers = [
    await node.get(`/v1/blobs/${blob.blobId}/metadata`),
    await node.getSliver(blob, 'primary', node.pairs(blob)[0] as number),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  const refused = await node.confirm(blob);
  await expectFailure(refused, 400, 'FAILED_PRECONDITION', 'NOT_REGISTERED');
  expect(fleet.slot(0).node?.core.store.blobs()).toEqual([]);
});

it('a vote is repeated while the chain is away, and after a failure', async () => {
  const identities = makeIdentities('vote', 5);
  const addresses = identities.map(({ name }) => `${name}.test:9185`);
  const weights = [3, 3, 3, 2, 2];
  const committee = committeeOf(1, identities, assignShards(weights), addresses);
  const chain = new ChainDouble(committee);
  let calls = 0;
  const submit = chain.submit.bind(chain);
  chain.submit = async (call) => {
    calls += 1;
    if (calls <= 5) throw new Error('the chain is away');
    if (calls <= 10) return { digest: '', failure: 'InsufficientGas' as never };
    return submit(call);
  };
  let now = 0;
  const clock = {
    wall: () => now,
    monotonic: () => now,
    async sleep(ms: number) {
      await new Promise((resolve) => setImmediate(resolve));
      now += ms;
    },
  };
  const source = { kind: 'follow', port: chain } as const;
  const fleet = new NodeFleet(await fleetOptions({ identities, source, clock }));
  await fleet.start();
  await settled(fleet);
  chain.changeEpoch(committeeOf(2, identities, assignShards(weights), addresses).members);
  for (let i = 0; i < 500 && chain.state().epochState.kind !== 'done'; i++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(chain.state().epochState.kind).toBe('done');
  await fleet.stop();
});
