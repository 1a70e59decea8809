import { hexToBytes } from '@noble/hashes/utils.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { blobIdFromInteger } from '../../../../src/protocol/blob-id.ts';
import { type Calls, callsOf, expectAbort, madeUp } from '../../../support/devnet/walrus-calls.ts';
import { countWal, epochsOf, walSupply } from '../../../support/devnet/walrus-epochs.ts';
import { ALICE, HOUR_MS, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

let world: WalrusWorld;
let calls: Calls;
beforeAll(async () => {
  world = await WalrusWorld.open({ epochDurationMs: HOUR_MS });
  calls = callsOf(world);
});

/** A message of the current epoch with numbers, bytes and integers (little-endian) after its header. */
function message(intent: number, ...parts: (Uint8Array | [value: bigint, bytes: number])[]) {
  const { epoch } = world.system.committee;
  const bytes = [intent, 0, 3, epoch, 0, 0, 0];
  for (const part of parts) {
    if (part instanceof Uint8Array) bytes.push(...part);
    else {
      for (let i = 0, rest = part[0]; i < part[1]; i++, rest >>= 8n)
        bytes.push(Number(rest & 255n));
    }
  }
  return Uint8Array.from(bytes);
}

/** A function of `system` for a node, called by its operator. */
const asNode = (index: number, name: string, args: (tx: Tx) => unknown[], sign?: Uint8Array) => {
  const cap = world.nodeCap(index);
  const { owner } = world.object(cap);
  const signed = sign && world.certificate(sign);
  return world.run(
    (tx) => {
      const certificate = signed
        ? [signed.signature, signed.bitmap, signed.message].map((b) => tx.pure.vector('u8', b))
        : [];
      const all = [calls.system(tx), world.input(tx, cap), ...args(tx), ...certificate];
      world.call(tx, `system::${name}`, all as never);
    },
    owner.kind === 'address' ? owner.address : '',
  );
};
type Tx = Parameters<Parameters<WalrusWorld['run']>[0]>[0];

describe('event blobs', () => {
  const blob = madeUp(5n, 3000n);
  const attest = (index: number, checkpoint: number, epoch = 1, attested = blob) =>
    asNode(index, 'certify_event_blob', (tx) => [
      ...[tx.pure.u256(attested.blobId), tx.pure.u256(attested.rootHash)],
      ...[tx.pure.u64(attested.size), tx.pure.u8(1), tx.pure.u64(checkpoint), tx.pure.u32(epoch)],
    ]);

  test('count as certified when nodes of a quorum name the same one', async () => {
    expectAbort(await attest(0, 10, 2), 'system_state_inner', 3);
    for (const index of [0, 1]) expect((await attest(index, 10)).events).toEqual([]);
    const state = world.system.event_blob_certification_state;
    expect(state.aggregate_weight_per_blob.contents[0].value).toBe(6);
    expectAbort(await attest(0, 10), 'system_state_inner', 7);
    expectAbort(await attest(0, 11), 'system_state_inner', 6); // the last one is open
    const outcome = await attest(2, 10);
    expect(world.events(outcome).map(({ name }) => name)).toEqual([
      'BlobRegistered',
      'BlobCertified',
    ]);
    expect(world.events(outcome)[1]?.value).toMatchObject({ end_epoch: 54, deletable: false });
    expect(world.system.event_blob_certification_state).toMatchObject({
      latest_certified_blob: { blob_id: blob.blobId, ending_checkpoint_sequence_number: 10n },
      aggregate_weight_per_blob: { contents: [] },
    });
    expect(world.system.used_capacity_size).toBe(blob.encoded);
    expect((await attest(3, 10)).events).toEqual([]); // late
    expect((await attest(0, 11)).failure).toBeUndefined();
  });

  test('must be what their ID says', async () => {
    const lie = { ...blob, rootHash: 1n };
    for (const index of [1, 2, 3]) await attest(index, 20, 1, lie);
    expectAbort(await attest(4, 20, 1, lie), 'blob', 6, 'new');
  });
});

describe('deny lists', () => {
  test('are announced in order', async () => {
    const announce = (sequence: number) =>
      asNode(0, 'register_deny_list_update', (tx) => [tx.pure.u256(7), tx.pure.u64(sequence)]);
    expectAbort(await announce(0), 'system_state_inner', 9);
    expect(world.events(await announce(1))).toEqual([
      {
        name: 'RegisterDenyListUpdate',
        value: { epoch: 1, root: 7n, sequence_number: 1n, node_id: world.nodeId(0) },
      },
    ]);
  });

  test('cost the node what it denies', async () => {
    const update = (node: number, sequence: bigint, size: bigint) =>
      message(4, hexToBytes(world.nodeId(node).slice(2)), [sequence, 8], [size, 8], [9n, 32]);
    const put = (index: number, bytes: Uint8Array) =>
      asNode(index, 'update_deny_list', () => [], bytes);
    expectAbort(await put(0, update(1, 1n, 5n)), 'system_state_inner', 10);
    expectAbort(await put(0, update(0, 0n, 5n)), 'system_state_inner', 9);
    expectAbort(await put(0, message(4)), 'bcs', 0);
    expectAbort(await put(0, message(6, [1n, 8])), 'messages', 2);
    const used = world.system.used_capacity_size;
    const outcome = await put(0, update(0, 1n, used)); // everything
    expect(world.events(outcome)).toMatchObject([
      { name: 'DenyListUpdate', value: { root: 9n, sequence_number: 1n } },
    ]);
    expect(world.read(world.nodeCap(0))).toMatchObject({ deny_list_size: used });
    expectAbort(await put(0, update(0, 1n, used)), 'system_state_inner', 9);
    await world.mustRun((tx) => {
      const [coin] = tx.splitCoins(calls.wal(tx), [1_000_000n]);
      const args = [calls.system(tx), coin as never, tx.pure.u32(1)];
      world.call(tx, 'system::add_subsidy', args);
    });
    await epochsOf(world).advance();
    const earned = [0, 1].map((i) => world.read(world.nodeId(i)).rewards_pool.value);
    expect(earned[0]).toBe(0n);
    expect(earned[1]).toBe((970_000n * 3n) / 10n - (((970_000n * 3n) / 10n) * 500n) / 10_000n);
    expect(countWal(world)).toBe(walSupply(world));
  });

  test('a denied blob is deleted on the word of one honest node', async () => {
    const signed = world.certificate(message(5, blobIdFromInteger(77n)), [0, 3]);
    const outcome = await world.run((tx) => {
      const parts = [signed.signature, signed.bitmap, signed.message];
      const args = [calls.system(tx), ...parts.map((bytes) => tx.pure.vector('u8', bytes))];
      world.call(tx, 'system::delete_deny_listed_blob', args);
    }, ALICE);
    expect(world.events(outcome)).toEqual([
      { name: 'DenyListBlobDeleted', value: { epoch: 2, blob_id: 77n } },
    ]);
  });
});

test('a protocol version begins in this epoch or a later one', async () => {
  const announce = (start: bigint) =>
    asNode(1, 'update_protocol_version', () => [], message(6, [start, 4], [8n, 8]));
  expectAbort(await announce(1n), 'system_state_inner', 12);
  expect(world.events(await announce(3n))).toEqual([
    { name: 'ProtocolVersionUpdated', value: { epoch: 2, start_epoch: 3, protocol_version: 8n } },
  ]);
});

test('nodes outside of the committee have no say', async () => {
  const epochs = epochsOf(world);
  await epochs.requestWithdraw(world.nodeStake(4));
  await epochs.advance();
  const blob = madeUp(9n);
  const attested = await asNode(4, 'certify_event_blob', (tx) => [
    ...[tx.pure.u256(blob.blobId), tx.pure.u256(blob.rootHash), tx.pure.u64(blob.size)],
    ...[tx.pure.u8(1), tx.pure.u64(50), tx.pure.u32(3)],
  ]);
  expectAbort(attested, 'system_state_inner', 8);
  const announced = await asNode(4, 'register_deny_list_update', (tx) => [
    ...[tx.pure.u256(7), tx.pure.u64(1)],
  ]);
  expectAbort(announced, 'system_state_inner', 8);
});
