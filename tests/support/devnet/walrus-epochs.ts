/** Epoch changes of the contract, and a count of all WAL. */
import type { Transaction } from '@mysten/sui/transactions';
import type { Outcome } from '../../../src/devnet/sui/execute/run.ts';
import { ALICE, type WalrusWorld } from './walrus-world.ts';

export const CLOCK = `0x${'6'.padStart(64, '0')}`;

export function epochsOf(world: WalrusWorld) {
  const clock = (tx: Transaction) => world.input(tx, CLOCK, false);
  const staking = (tx: Transaction) => world.input(tx, world.ids.stakingObjectId);
  const system = (tx: Transaction) => world.input(tx, world.ids.systemObjectId);
  return {
    votingEnd: () =>
      world.run((tx) => world.call(tx, 'staking::voting_end', [staking(tx), clock(tx)])),

    initiate: () =>
      world.run((tx) => {
        const treasury = world.input(tx, world.ids.treasuryId);
        const args = [staking(tx), system(tx), treasury, clock(tx)];
        world.call(tx, 'staking::initiate_epoch_change_v2', args);
      }),

    syncDone: (index: number, epoch: number = world.staking.epoch) =>
      world.run(
        (tx) => {
          const cap = world.input(tx, world.nodeCap(index));
          world.call(tx, 'staking::epoch_sync_done', [
            ...[staking(tx), cap, tx.pure.u32(epoch), clock(tx)],
          ]);
        },
        ownerOf(world, world.nodeCap(index)),
      ),

    updatePrices: () =>
      world.run((tx) => world.call(tx, 'staking::update_prices', [staking(tx), system(tx)])),

    /** A function of `staking` that wants the cap of a node. */
    asNode: (index: number, name: string, args: (tx: Transaction) => unknown[]) =>
      world.run(
        (tx) => {
          const cap = world.input(tx, world.nodeCap(index));
          world.call(tx, `staking::${name}`, [staking(tx), cap, ...args(tx)] as never);
        },
        ownerOf(world, world.nodeCap(index)),
      ),

    stake: (nodeId: string, amount: bigint) =>
      world.run((tx) => {
        const [coin] = tx.splitCoins(world.input(tx, world.coin(ALICE)), [amount]);
        const args = [staking(tx), coin as never, tx.pure.id(nodeId)];
        tx.transferObjects([world.call(tx, 'staking::stake_with_pool', args)], ALICE);
      }),

    requestWithdraw: (stakeId: string) =>
      world.run(
        (tx) => {
          const args = [staking(tx), world.input(tx, stakeId)];
          world.call(tx, 'staking::request_withdraw_stake', args);
        },
        ownerOf(world, stakeId),
      ),

    withdraw: (stakeId: string) =>
      world.run(
        (tx) => {
          const args = [staking(tx), world.input(tx, stakeId)];
          tx.transferObjects([world.call(tx, 'staking::withdraw_stake', args)], ALICE);
        },
        ownerOf(world, stakeId),
      ),

    /** Puts the clock forward to the end of the epoch, and everybody does what is due. */
    async advance(): Promise<Outcome> {
      const half = Number(world.staking.epoch_duration) / 2;
      world.clock.ms += Math.ceil(half);
      expectSuccess(await this.votingEnd());
      world.clock.ms += Math.ceil(half);
      const outcome = await this.initiate();
      expectSuccess(outcome);
      for (const [index, { nodeId }] of world.signers.entries()) {
        const members: { key: string }[] = world.staking.committee.contents;
        if (members.some(({ key }) => key === nodeId)) expectSuccess(await this.syncDone(index));
      }
      return outcome;
    },
  };
}

export type Epochs = ReturnType<typeof epochsOf>;

/** All FROST there are: in coins, stakes, pools, accounts, blobs and the exchange. */
export function countWal(world: WalrusWorld): bigint {
  let sum = 0n;
  const { walType } = world.ids;
  for (const object of everything(world)) {
    const value = world.read(object.id);
    if (object.type.endsWith(`::coin::Coin<${walType}>`)) sum += value.balance.value;
    if (object.type.endsWith('::staked_wal::StakedWal')) sum += value.principal.value;
    if (object.type.endsWith('::shared_blob::SharedBlob')) sum += value.funds.value;
    if (object.type.endsWith('::wal_exchange::Exchange')) sum += value.wal.value;
    if (object.type.endsWith('::staking_pool::StakingPool')) {
      sum += value.rewards_pool.value + value.commission.value;
    }
  }
  for (const slot of world.system.future_accounting.ring_buffer) {
    sum += slot.rewards_to_distribute.value;
  }
  return sum;
}

export function walSupply(world: WalrusWorld): bigint {
  const cap = everything(world).find(({ type }) => type.includes('::coin::TreasuryCap<'));
  return world.read(cap?.id ?? '').total_supply.value;
}

/** Every object of the chain, found by following owners. */
function everything(world: WalrusWorld) {
  const { objects } = world.chain.ledger;
  const roots = [...world.accounts, ...Object.values(world.ids)];
  const found = new Map(roots.flatMap((id) => objects.get(id) ?? []).map((o) => [o.id, o]));
  const queue = [...roots];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    for (const object of objects.ownedBy(parent)) {
      found.set(object.id, object);
      queue.push(object.id);
      if (object.type.includes('::StakingInnerV1>')) {
        queue.push(world.read(object.id).value.pools.id);
      }
    }
  }
  return [...found.values()];
}

function ownerOf(world: WalrusWorld, id: string): string {
  const { owner } = world.object(id);
  return owner.kind === 'address' ? owner.address : ALICE;
}

function expectSuccess({ failure }: Outcome): void {
  if (failure) throw failure;
}
