import { toBase64 } from '@mysten/sui/utils';
import { verifyTransactionSignature } from '@mysten/sui/verify';
import { beforeEach, describe, expect, it } from 'vitest';
import { operatorKey } from '../../../../src/devnet/sui/genesis-plan.ts';
import { WalrusChain } from '../../../../src/devnet/walrus/walrus-chain.ts';
import { SEED, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

describe('transactions of those who run the nodes', () => {
  let world: WalrusWorld;
  let port: WalrusChain;
  beforeEach(async () => {
    world = await WalrusWorld.open();
    port = new WalrusChain(world.chain, world.ids, SEED);
  });

  const vote = (nodeId: string) => port.submit({ kind: 'vote', nodeId, storagePrice: 7n });
  const suiOf = (owner: string) =>
    world
      .owned(owner, world.types.suiCoin)
      .reduce((sum, { id }) => sum + BigInt(world.read(id).balance.value), 0n);

  it('are signed and paid by them', async () => {
    const nodeId = world.nodeId(1);
    const owner = operatorKey(SEED, nodeId).toSuiAddress();
    const before = suiOf(owner);
    const { digest, failure } = await vote(nodeId);
    expect(failure).toBeUndefined();
    const executed = world.chain.ledger.transaction(digest);
    const [signature] = executed?.signatures ?? [];
    const key = await verifyTransactionSignature(
      executed?.tx.bytes as Uint8Array,
      toBase64(signature as Uint8Array),
    );
    expect(key.toSuiAddress()).toBe(owner);
    expect(suiOf(owner)).toBeLessThan(before);
    expect(world.read(nodeId).voting_params.storage_price).toBe(7n);
  });

  it('are others even if they say the same', async () => {
    const [first, second] = [await vote(world.nodeId(0)), await vote(world.nodeId(0))];
    expect(second.failure).toBeUndefined();
    expect(second.digest).not.toBe(first.digest);
  });

  it('pay the price of the day', async () => {
    await world.chain.advanceEpoch(5_000n);
    const { digest, failure } = await vote(world.nodeId(0));
    expect(failure).toBeUndefined();
    const gas = world.chain.ledger.transaction(digest)?.outcome.gas;
    expect(gas?.computationCost).toBe(5_000_000n);
  });

  it('are not what the faults of a full node are meant for', async () => {
    world.chain.faults.set({ failExecutions: [{ kind: 'InvariantViolation' }] });
    expect((await vote(world.nodeId(0))).failure).toBeUndefined();
    expect(world.chain.faults.now.failExecutions).toHaveLength(1);
  });
});
