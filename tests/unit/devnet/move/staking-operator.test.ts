import { hexToBytes } from '@noble/hashes/utils.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { CLOCK_ID } from '../../../../src/devnet/sui/ledger/ledger-object.ts';
import { possessionMessage } from '../../../../src/devnet/sui/move/messages.ts';
import { publicKeyOf, signMessage } from '../../../../src/protocol/certificate.ts';
import { type Calls, callsOf, expectAbort, madeUp } from '../../../support/devnet/walrus-calls.ts';
import { type Epochs, epochsOf } from '../../../support/devnet/walrus-epochs.ts';
import {
  ALICE,
  HOUR_MS,
  secretKey,
  WAL,
  WalrusWorld,
} from '../../../support/devnet/walrus-world.ts';

let world: WalrusWorld;
let calls: Calls;
let epochs: Epochs;
beforeEach(async () => {
  world = await WalrusWorld.open({ epochDurationMs: HOUR_MS, stakePerShard: 100n * WAL });
  calls = callsOf(world);
  epochs = epochsOf(world);
});

const walOf = (owner: string) =>
  world
    .owned(owner, world.types.walCoin)
    .reduce((sum, { id }) => sum + world.read(id).balance.value, 0n);

describe('operators', () => {
  const asAlice = (build: Parameters<WalrusWorld['run']>[0]) => world.run(build, ALICE);

  test('a new node registers with proof of its key, and joins with stake', async () => {
    const secret = secretKey(99);
    const { compressed } = publicKeyOf(secret);
    interface Candidate {
      readonly networkKey?: Uint8Array;
      readonly publicKey?: Uint8Array;
      readonly name?: string;
      readonly address?: string;
      readonly commission?: number;
    }
    const register = (
      proof: Uint8Array,
      {
        networkKey = new Uint8Array(33).fill(2),
        publicKey = compressed,
        name = 'new',
        address = '127.0.0.1:9',
        commission = 0,
      }: Candidate = {},
    ) =>
      asAlice((tx) => {
        const metadata = world.call(tx, 'node_metadata::new', [
          ...['', '', ''].map((text) => tx.pure.string(text)),
        ] as never);
        const texts = [tx.pure.string(name), tx.pure.string(address)];
        const keys = [publicKey, networkKey, proof].map((bytes) => tx.pure.vector('u8', bytes));
        const numbers = [tx.pure.u16(commission), tx.pure.u64(1), tx.pure.u64(1), tx.pure.u64(1)];
        const args = [calls.staking(tx), ...texts, metadata, ...keys, ...numbers];
        tx.transferObjects([world.call(tx, 'staking::register_candidate', args as never)], ALICE);
      });
    const proof = (epoch: number) =>
      signMessage(secret, possessionMessage(epoch, hexToBytes(ALICE.slice(2)), compressed));
    expectAbort(await register(proof(2)), 'staking_pool', 4);
    const refused = async (candidate: Candidate, module: string, code: number) =>
      expectAbort(await register(proof(1), candidate), module, code);
    await refused({ publicKey: compressed.subarray(1) }, 'messages', 6);
    await refused({ networkKey: new Uint8Array(32) }, 'storage_node', 0);
    await refused({ name: 'n'.repeat(101) }, 'staking_pool', 17);
    await refused({ address: 'a'.repeat(260) }, 'staking_pool', 16);
    await refused({ commission: 10_001 }, 'staking_pool', 14);
    expect((await register(proof(1))).failure).toBeUndefined();
    const [cap] = world.owned(ALICE, world.types.nodeCap);
    const nodeId = world.read(cap?.id ?? '').node_id;
    expect(world.read(nodeId)).toMatchObject({ id: nodeId, wal_balance: 0n });
    await epochs.stake(nodeId, 500n * WAL);
    await epochs.advance();
    const members = world.system.committee.members;
    const member = members.find(({ node_id }: { node_id: string }) => node_id === nodeId);
    expect(member.weight).toBeGreaterThan(2);
    expect(member.public_key.bytes).toEqual(publicKeyOf(secret).uncompressed);
    expect(members.map(({ node_id }: { node_id: string }) => node_id)).toEqual(
      world.staking.committee.contents.map(({ key }: { key: string }) => key),
    );
  });

  test('the first way to change the epoch is closed for good', async () => {
    const outcome = await asAlice((tx) => {
      const clock = world.input(tx, CLOCK_ID, false);
      const args = [calls.staking(tx), calls.system(tx), clock];
      world.call(tx, 'staking::initiate_epoch_change', args as never);
    });
    expectAbort(outcome, 'staking', 2);
  });

  test('rewards are those of a pool that exists', async () => {
    const outcome = await asAlice((tx) => {
      const numbers = [tx.pure.u64(1), tx.pure.u32(1), tx.pure.u32(1)];
      const args = [calls.staking(tx), tx.pure.id(ALICE), ...numbers];
      world.call(tx, 'staking::calculate_rewards', args as never);
    });
    expectAbort(outcome, 'staking_inner', 8);
  });

  test('a changed key signs from the next epoch on', async () => {
    const secret = secretKey(77);
    const { compressed, uncompressed } = publicKeyOf(secret);
    const { owner } = world.object(world.nodeCap(0));
    const operator = owner.kind === 'address' ? owner.address : '';
    const proof = signMessage(
      secret,
      possessionMessage(1, hexToBytes(operator.slice(2)), compressed),
    );
    const set = await epochs.asNode(0, 'set_next_public_key', (tx) => [
      ...[tx.pure.vector('u8', compressed), tx.pure.vector('u8', proof)],
    ]);
    expect(set.failure).toBeUndefined();
    const keyNow = () => world.system.committee.members[0].public_key.bytes;
    expect(keyNow()).not.toEqual(uncompressed);
    await epochs.advance();
    expect(keyNow()).toEqual(uncompressed);
    expect(world.read(world.nodeId(0)).node_info).toMatchObject({
      public_key: { bytes: uncompressed },
      next_epoch_public_key: null,
    });
  });

  test('the commission is paid to the cap, half an epoch after it was earned', async () => {
    await calls.newBlob(madeUp(1n), 1);
    const collect = () =>
      epochsCollect(0).then(({ failure }) => {
        expect(failure).toBeUndefined();
        return walOf(ALICE);
      });
    const start = walOf(ALICE);
    await epochs.advance();
    const earned = world.read(world.nodeId(0)).commission.value;
    expect(earned).toBeGreaterThan(0n);
    expect(await collect()).toBe(start); // blocked
    world.clock.ms += HOUR_MS / 2;
    await epochs.votingEnd();
    expect(await collect()).toBe(start + earned);
    expectAbort(await asAlice((tx) => collectAs(tx, 0, 'authenticate_sender')), 'staking_pool', 15);
  });

  /** Collects the commission of a node for ALICE, by its cap. */
  function epochsCollect(index: number) {
    const { owner } = world.object(world.nodeCap(index));
    const operator = owner.kind === 'address' ? owner.address : '';
    return world.run((tx) => collectAs(tx, index, 'authenticate_with_object'), operator);
  }

  function collectAs(
    tx: Parameters<Parameters<WalrusWorld['run']>[0]>[0],
    index: number,
    by: 'authenticate_sender' | 'authenticate_with_object',
  ) {
    const target = `${world.packageId}::auth::${by}` as const;
    const authenticated =
      by === 'authenticate_sender'
        ? tx.moveCall({ target })
        : tx.moveCall({
            target,
            typeArguments: [`${world.ids.originalPackageId}::storage_node::StorageNodeCap`],
            arguments: [world.input(tx, world.nodeCap(index))],
          });
    const args = [calls.staking(tx), tx.pure.id(world.nodeId(index)), authenticated];
    tx.transferObjects([world.call(tx, 'staking::collect_commission', args)], ALICE);
  }
});
