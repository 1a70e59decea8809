import { Address, Element, U32, VecMap } from '../../chain/layouts/base.ts';
import {
  ActiveSet,
  NodeMetadata,
  PoolExchangeRate,
  StakedWal,
  StakingInner,
  StakingPool,
  StorageNodeCap,
} from '../../chain/layouts/staking.ts';
import { seededId } from './faucet.ts';
import type { GenesisObjects, Typed } from './genesis-objects.ts';
import { type GenesisPlan, nodeCapId, nodeStakeId } from './genesis-plan.ts';
import { addExtended, addVersioned } from './genesis-system.ts';
import { FLAT } from './move/exchange-rate.ts';

const MAX_ACTIVE = 111;

type GenesisNode = GenesisPlan['nodes'][number];

/** Pools with stake in proportion to their shards, so that later committees have the same weights. */
export function addStaking(objects: GenesisObjects, plan: GenesisPlan): void {
  const { types, ids, seed, epoch, nodes, startMs } = plan;
  const pools = { id: seededId(seed, 'staking pools'), size: BigInt(nodes.length) };
  for (const node of nodes) addNode(objects, plan, node, pools.id);
  const keys = { type: types.publicKeys, layout: VecMap(Address, Element) };
  const state: StakingInner = {
    n_shards: plan.shardCount,
    epoch_duration: BigInt(plan.epochDurationMs),
    first_epoch_start: BigInt(startMs),
    pools,
    epoch,
    active_set: addExtended(
      objects,
      plan,
      'active set',
      { type: types.activeSet, layout: ActiveSet },
      activeSet(plan),
    ),
    next_committee: null,
    committee: {
      contents: nodes.map(({ nodeId, shards }) => ({ key: nodeId, value: [...shards] })),
    },
    previous_committee: { contents: [] },
    next_epoch_params: null,
    epoch_state: { $kind: 'EpochChangeDone', EpochChangeDone: BigInt(startMs) },
    next_epoch_public_keys: addExtended(objects, plan, 'next keys', keys, { contents: [] }),
  };
  const inner = { type: types.stakingInner, layout: StakingInner };
  addVersioned(objects, plan, ids.stakingObjectId, types.staking, inner, state);
}

const stakeOf = (plan: GenesisPlan, { shards }: GenesisNode) =>
  BigInt(shards.length) * plan.stakePerShard;

function activeSet(plan: GenesisPlan): ActiveSet {
  const nodes = plan.nodes.map((node) => ({
    node_id: node.nodeId,
    staked_amount: stakeOf(plan, node),
  }));
  const total_stake = nodes.reduce((sum, { staked_amount }) => sum + staked_amount, 0n);
  return { max_size: Math.max(MAX_ACTIVE, nodes.length), threshold_stake: 0n, nodes, total_stake };
}

function addNode(
  objects: GenesisObjects,
  plan: GenesisPlan,
  node: GenesisNode,
  table: string,
): void {
  const { types, seed, epoch } = plan;
  const { nodeId, operator } = node;
  const owner = { kind: 'address', address: operator } as const;
  const idType: Typed<string> = { type: types.id, layout: Address };
  const poolType = { type: types.stakingPool, layout: StakingPool };
  objects.objectField(table, idType, nodeId, poolType, addPool(objects, plan, node));
  const cap: StorageNodeCap = {
    id: nodeCapId(seed, nodeId),
    node_id: nodeId,
    last_epoch_sync_done: epoch,
    last_event_blob_attestation: null,
    deny_list_root: 0n,
    deny_list_sequence: 0n,
    deny_list_size: 0n,
  };
  objects.add({ type: types.nodeCap, layout: StorageNodeCap }, cap, owner);
  const staked: StakedWal = {
    id: nodeStakeId(seed, nodeId),
    state: { $kind: 'Staked', Staked: true },
    node_id: nodeId,
    principal: { value: stakeOf(plan, node) },
    activation_epoch: epoch,
  };
  objects.add({ type: types.stakedWal, layout: StakedWal }, staked, owner);
}

function addPool(objects: GenesisObjects, plan: GenesisPlan, node: GenesisNode): StakingPool {
  const { types, seed, epoch, shardCount } = plan;
  const { nodeId, name, networkAddress, publicKey, networkPublicKey, shards, operator } = node;
  const rates = seededId(seed, `rates ${nodeId}`);
  const epochType: Typed<number> = { type: 'u32', layout: U32 };
  const rateType = { type: types.exchangeRate, layout: PoolExchangeRate };
  objects.field(rates, epochType, epoch, rateType, FLAT);
  const metadata: NodeMetadata = {
    image_url: '',
    project_url: '',
    description: 'a node of a local development network',
    extra_fields: { contents: [] },
  };
  const metadataType = { type: types.nodeMetadata, layout: NodeMetadata };
  const stake = stakeOf(plan, node);
  return {
    id: nodeId,
    state: { $kind: 'Active', Active: true },
    voting_params: {
      storage_price: plan.storagePrice,
      write_price: plan.writePrice,
      node_capacity: (plan.capacity * BigInt(shards.length)) / BigInt(shardCount),
    },
    node_info: {
      name,
      node_id: nodeId,
      network_address: networkAddress,
      public_key: { bytes: publicKey },
      next_epoch_public_key: null,
      network_public_key: networkPublicKey,
      metadata: addExtended(objects, plan, `metadata ${nodeId}`, metadataType, metadata),
    },
    activation_epoch: epoch,
    latest_epoch: epoch,
    wal_balance: stake,
    num_shares: stake,
    pending_shares_withdraw: { contents: [] },
    pre_active_withdrawals: { contents: [] },
    pending_commission_rate: { contents: [] },
    commission_rate: plan.commissionRate,
    exchange_rates: { id: rates, size: 1n },
    pending_stake: { contents: [] },
    rewards_pool: { value: 0n },
    commission: { value: 0n },
    commission_receiver: { $kind: 'ObjectID', ObjectID: nodeCapId(seed, nodeId) },
    governance_authorized: { $kind: 'Address', Address: operator },
    extra_fields: { id: seededId(seed, `extra ${nodeId}`), size: 0n },
  };
}
