import { afterEach, describe, expect, it } from 'vitest';
import type { ChainCommittee } from '../../../../src/devnet/chain-port.ts';
import { assignShards, makeIdentities, PROFILES } from '../../../../src/devnet/committee.ts';
import { NodeFleet } from '../../../../src/devnet/fleet.ts';
import { InThreadVerifier } from '../../../../src/devnet/verify/in-thread.ts';
import { ThreadedVerifier } from '../../../../src/devnet/verify/threads-door.ts';
import type { Verifier } from '../../../../src/devnet/verify/verifier.ts';
import type { EncodedBlob } from '../../../../src/protocol/blob-summary.ts';
import { readConfirmation } from '../../../../src/protocol/messages.ts';
import { ChainDouble, committeeOf, objectIdOf } from '../../../support/devnet/chain-double.ts';
import {
  encodedBlob,
  expectFailure,
  NodeCalls,
  sliverOf,
} from '../../../support/devnet/node-calls.ts';
import { fleetOptions, kernelModule, settled } from '../../../support/devnet/test-fleet.ts';
import { SOAK } from '../../../support/seed.ts';

const WEIGHTS = [3, 3, 3, 2, 2];
let fleet: NodeFleet;
let chain: ChainDouble;
let committee: ChainCommittee;
afterEach(() => fleet.stop());

async function start(change = {}) {
  const identities = makeIdentities('heal', 5);
  const addresses = identities.map(({ name }) => `${name}.test:9185`);
  committee = committeeOf(1, identities, assignShards(WEIGHTS), addresses);
  chain = new ChainDouble(committee);
  fleet = new NodeFleet(
    await fleetOptions({ identities, source: { kind: 'follow', port: chain }, ...change }),
  );
  await fleet.start();
  await settled(fleet);
}

/** Registers, uploads and certifies as a client would, leaving some nodes out. */
async function store(blob: EncodedBlob, leaveOut: readonly number[] = []) {
  const objectId = objectIdOf(blob.blobId.slice(0, 12));
  const { blobId, unencodedBytes: size } = blob;
  const epoch = chain.state().epoch;
  const about = { epoch, blobId, endEpoch: 20, deletable: false, objectId };
  chain.emit({ kind: 'blob-registered', ...about, size, encodingType: 1 });
  await settled(fleet);
  for (const { identity } of fleet.slots) {
    if (!leaveOut.includes(identity.index)) await new NodeCalls(fleet, identity.index).upload(blob);
  }
  chain.emit({ kind: 'blob-certified', ...about, isExtension: false });
}

/** The same shards, dealt to other nodes. */
function dealt(shards: readonly (readonly number[])[]): ChainCommittee['members'] {
  const identities = fleet.slots.map(({ identity }) => identity);
  const addresses = identities.map(({ name }) => `${name}.test:9185`);
  return committeeOf(2, identities, shards, addresses).members;
}

async function expectComplete(index: number, blob: EncodedBlob) {
  const node = new NodeCalls(fleet, index);
  const owned = chain
    .state()
    .current.members.find(({ nodeId }) => nodeId === fleet.slot(index).identity.nodeId);
  expect(owned).toBeDefined();
  const { store } = fleet.slot(index).node?.core ?? {};
  const pairs = store?.pairs(blob.blobId, 'primary') ?? [];
  expect(pairs).toHaveLength(owned?.weight as number);
  for (const axis of ['primary', 'secondary'] as const) {
    for (const pair of pairs) {
      const answer = await node.getSliver(blob, axis, pair);
      expect(answer.status).toBe(200);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      expect(Buffer.compare(bytes, sliverOf(blob, axis, pair)), `${axis} ${pair}`).toBe(0);
    }
  }
  expect((await node.confirm(blob)).status).toBe(200);
}

const peerPaths = () =>
  fleet.log
    .since()
    .filter(({ peer }) => peer)
    .map(({ path }) => path);

describe('a node that missed a blob', () => {
  it('recovers it from the symbols of the others after the certification', async () => {
    await start();
    const blob = await encodedBlob(5_000);
    await store(blob, [3]);
    await settled(fleet);
    await expectComplete(3, blob);
    expect(peerPaths().some((path) => path.includes('/recoverySymbols'))).toBe(true);
  });

  it('waits while the writer may still be sending', async () => {
    await start({ heal: { deferMs: 5_000, sliverMs: 0, retryMs: 5 } });
    await store(await encodedBlob(5_000), [3]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(peerPaths()).toEqual([]);
  });

  it('leaves out what liars give, and tries again until there is enough', async () => {
    await start();
    const blob = await encodedBlob(5_000);
    await fleet.setFaults(0, [
      { match: { route: 'symbols' }, action: { type: 'corrupt', where: 'random' } },
    ]);
    await fleet.setFaults(1, [
      { match: { times: 3, route: 'symbols' }, action: { type: 'status', status: 503 } },
    ]);
    await fleet.setFaults(2, [{ match: { route: 'metadata' }, action: { type: 'wrongLength' } }]);
    await fleet.setFaults(4, [{ match: { times: 1, method: 'GET' }, action: { type: 'drop' } }]);
    await store(blob, [3]);
    await settled(fleet);
    await expectComplete(3, blob);
  });

  it('finds the good symbols among bad ones, with not one to spare', async () => {
    const inThread = new InThreadVerifier(await kernelModule());
    const kinds: string[] = [];
    const verifier: Verifier = {
      run(task) {
        kinds.push(task.kind);
        return inThread.run(task);
      },
      close: () => inThread.close(),
    };
    await start({ verifier });
    // Large symbols, so that the bit that is flipped hits one of them and not its proof.
    const blob = await encodedBlob(500_000);
    const rule = { match: { route: 'symbols' }, action: { type: 'corrupt' } } as const;
    for (const index of [0, 1]) await fleet.setFaults(index, [rule]);
    await store(blob, [3]);
    await settled(fleet);
    for (const index of [0, 1]) await fleet.setFaults(index, []);
    await expectComplete(3, blob);
    expect(kinds).toContain('recover'); // the one that looks at proofs
  });

  it('does not wait for a node that never answers', async () => {
    await start({ settings: { peerPatienceMs: 50 } });
    const blob = await encodedBlob(5_000);
    await fleet.setFaults(0, [{ action: { type: 'blackhole' } }]);
    const objectId = objectIdOf(blob.blobId.slice(0, 12));
    const { blobId, unencodedBytes: size } = blob;
    const about = { epoch: 1, blobId, endEpoch: 20, deletable: false, objectId };
    chain.emit({ kind: 'blob-registered', ...about, size, encodingType: 1 });
    await settled(fleet);
    for (const index of [1, 2, 4]) await new NodeCalls(fleet, index).upload(blob);
    chain.emit({ kind: 'blob-certified', ...about, isExtension: false });
    const node3 = () => fleet.slot(3).node?.core.store.usage.slivers;
    for (const end = Date.now() + 10_000; node3() !== 4 && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expectComplete(3, blob);
  });

  it('gets everything back after it lost its disk', async () => {
    await start();
    const blobs = [await encodedBlob(5_000), await encodedBlob(77, 2)];
    for (const blob of blobs) await store(blob);
    await settled(fleet);
    await fleet.slot(1).node?.wipe();
    expect(fleet.slot(1).node?.core.store.usage.slivers).toBe(0);
    await settled(fleet);
    for (const blob of blobs) await expectComplete(1, blob);
  });
});

describe('an epoch change', () => {
  // Node 0 loses all, node 1 has those of node 0, node 2 gives one to node 3.
  const NEXT = [[], [0, 1, 2, 3, 4, 5], [6, 7], [8, 9, 10], [11, 12]];

  it('moves shards to their new owners, who then vote', async () => {
    await start();
    const blobs = [await encodedBlob(5_000), await encodedBlob(1, 2)];
    for (const blob of blobs) await store(blob);
    await settled(fleet);
    chain.changeEpoch(dealt(NEXT));
    await settled(fleet);
    for (const blob of blobs) for (const index of [1, 2, 3, 4]) await expectComplete(index, blob);
    const votes = chain.calls.filter(({ kind }) => kind === 'epoch-sync-done');
    expect(new Set(votes.map(({ nodeId }) => nodeId)).size).toBe(votes.length);
    expect(votes.length).toBeGreaterThanOrEqual(4);
    expect(chain.state().epochState.kind).toBe('done');
    // They came from the old owners, without recovery.
    expect(peerPaths().filter((path) => path.includes('recoverySymbols'))).toEqual([]);
    expect(peerPaths().length).toBeGreaterThan(0);
    // Who lost shards has forgotten them.
    expect(fleet.slot(0).node?.core.shards.all()).toEqual([]);
    expect(fleet.slot(0).node?.core.store.usage.slivers).toBe(0);
    const gone = await new NodeCalls(fleet, 0).getSliver(blobs[0] as EncodedBlob, 'primary', 0);
    await expectFailure(gone, 400, 'FAILED_PRECONDITION', 'SHARD_NOT_ASSIGNED');
  });

  it('lets old owners serve reads, and nobody but new owners take writes, until it is done', async () => {
    await start({ heal: { deferMs: 0, sliverMs: 100_000, retryMs: 5 } });
    const blob = await encodedBlob(5_000);
    await store(blob);
    await settled(fleet);
    const [old, heir] = [new NodeCalls(fleet, 0), new NodeCalls(fleet, 1)];
    const pair = old.pairs(blob)[0] as number;
    chain.changeEpoch(dealt(NEXT));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await old.getSliver(blob, 'primary', pair)).status).toBe(200);
    const refused = await old.putSliver(blob, 'primary', pair);
    await expectFailure(refused, 400, 'FAILED_PRECONDITION', 'SHARD_NOT_ASSIGNED');
    const missing = await heir.getSliver(blob, 'primary', pair);
    await expectFailure(missing, 404, 'NOT_FOUND', 'SLIVER_NOT_FOUND');
    await expectFailure(await heir.confirm(blob), 400, 'FAILED_PRECONDITION', 'MISSING_SLIVERS');
    expect((await heir.putSliver(blob, 'primary', pair)).status).toBe(201);
    const health = await heir.get('/v1/health');
    const { success } = (await health.json()) as { success: { data: { shardSummary: unknown } } };
    expect(success.data.shardSummary).toMatchObject({
      owned: 6,
      ownedShardStatus: { ready: 3, inTransfer: 3 },
    });
    // A node whose shards all stay confirms in the new epoch at once.
    const answer = await new NodeCalls(fleet, 4).confirm(blob);
    const { success: confirmed } = (await answer.json()) as {
      success: { data: { signed: { serializedMessage: string } } };
    };
    const message = Buffer.from(confirmed.data.signed.serializedMessage, 'base64');
    expect(readConfirmation(Uint8Array.from(message))?.epoch).toBe(2);
  });

  it('heals shards whose owner is gone for ever, from the symbols of the others', async () => {
    await start();
    const blobs = [
      await encodedBlob(5_000),
      await encodedBlob(200_000, 2),
      await encodedBlob(0, 3),
    ];
    for (const blob of blobs) await store(blob);
    await settled(fleet);
    await fleet.slot(0).kill();
    chain.changeEpoch(dealt(NEXT));
    await settled(fleet, 30_000);
    expect(chain.state().epochState.kind).toBe('done');
    for (const blob of blobs) for (const index of [1, 2, 3, 4]) await expectComplete(index, blob);
    expect(peerPaths().some((path) => path.includes('recoverySymbols'))).toBe(true);
    const { shards } = fleet.slot(1).node?.core ?? {};
    expect(shards?.withStatus('ready')).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('does not ask an old owner again and again that gives nothing', async () => {
    await start({ heal: { deferMs: 0, sliverMs: 1, retryMs: 5 } });
    const blob = await encodedBlob(5_000);
    await store(blob);
    await settled(fleet);
    const fails = { type: 'status', status: 500 } as const;
    await fleet.setFaults(0, [{ match: { method: 'GET', route: 'sliver' }, action: fails }]);
    chain.changeEpoch(dealt(NEXT));
    await settled(fleet);
    const asked = fleet.log.since().filter(({ node, fault }) => node === 0 && fault === 'status');
    expect(asked).toHaveLength(3); // of the six slivers that node 1 has to have
    await expectComplete(1, blob);
  });

  it('takes nothing wrong from an old owner that lies', async () => {
    const lies = [
      { type: 'corrupt', where: 'data' },
      { type: 'corrupt', where: 'index' },
      { type: 'corrupt', where: 'symbolSize' },
      { type: 'otherSliver' },
      { type: 'truncate' },
    ] as const;
    for (const action of lies) {
      await start();
      const blob = await encodedBlob(5_000);
      await store(blob);
      await settled(fleet);
      await fleet.setFaults(0, [{ match: { route: 'sliver' }, action }]);
      chain.changeEpoch(dealt(NEXT));
      await settled(fleet);
      await fleet.setFaults(0, []);
      for (const index of [1, 2, 3, 4]) await expectComplete(index, blob);
      expect(peerPaths().some((path) => path.includes('recoverySymbols'))).toBe(true);
    }
  });

  it('goes on after the new owner died in the middle', async () => {
    await start({ heal: { deferMs: 0, sliverMs: 4, retryMs: 5 } });
    const blob = await encodedBlob(5_000);
    await store(blob);
    await settled(fleet);
    chain.changeEpoch(dealt(NEXT));
    await new Promise((resolve) => setTimeout(resolve, 12));
    await fleet.slot(1).restart();
    await settled(fleet);
    await expectComplete(1, blob);
    expect(chain.state().epochState.kind).toBe('done');
  });

  it('is caught up with by a node that was down', async () => {
    await start();
    const blob = await encodedBlob(5_000);
    await store(blob);
    await settled(fleet);
    await fleet.slot(3).kill();
    const late = await encodedBlob(3_000, 2);
    await store(late, [3]);
    chain.changeEpoch(dealt(NEXT));
    await settled(fleet);
    await fleet.slot(3).start();
    await settled(fleet);
    for (const each of [blob, late]) await expectComplete(3, each);
  });
});

describe.runIf(SOAK)('at n = 1000', () => {
  it('nine nodes heal the shards of a tenth that is gone for ever', async () => {
    const weights = PROFILES['handful-real'];
    const identities = makeIdentities('heal', 10);
    const addresses = identities.map(({ name }) => `${name}.test:9185`);
    const shards = assignShards(weights);
    chain = new ChainDouble(committeeOf(1, identities, shards, addresses));
    const verifier = new ThreadedVerifier(await kernelModule(), 2);
    const source = { kind: 'follow', port: chain } as const;
    fleet = new NodeFleet(await fleetOptions({ weights, identities, source, verifier }));
    await fleet.start();
    await settled(fleet);
    const blob = await encodedBlob(1 << 20, 1, 1_000);
    await store(blob);
    await settled(fleet, 60_000);
    await fleet.slot(0).kill();
    const [lost = [], ...others] = shards;
    const heirs = others.map((own, i) => [...own, ...lost.filter((shard) => shard % 9 === i)]);
    const sorted = [[], ...heirs.map((own) => own.sort((a, b) => a - b))];
    const begin = performance.now();
    chain.changeEpoch(committeeOf(2, identities, sorted, addresses).members);
    await settled(fleet, 500_000);
    console.log(
      `healed 200 slivers of 1 MiB in ${((performance.now() - begin) / 1_000).toFixed(1)} s`,
    );
    expect(chain.state().epochState.kind).toBe('done');
    for (const index of [1, 5, 9]) await expectComplete(index, blob);
    await verifier.close();
  }, 600_000);
});
