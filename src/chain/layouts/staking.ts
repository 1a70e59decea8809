import { bcs } from '@mysten/bcs';
import {
  Address,
  Balance,
  Bytes,
  Element,
  ExtendedField,
  List,
  Table,
  Text,
  U16,
  U32,
  U64,
  U128,
  U256,
  VecMap,
} from './base.ts';
import { EventBlobAttestation } from './system.ts';

/** Node IDs with their shards, ascending by node ID: the order of `BlsCommittee.members`. */
export const ShardCommittee = VecMap(Address, List(U16));

export const EpochParams = bcs.struct('EpochParams', {
  total_capacity_size: U64,
  storage_price_per_unit_size: U64,
  write_price_per_unit_size: U64,
});

/** Weight synced so far, the time at which the change was done, the same time again. */
export const EpochState = bcs.enum('EpochState', {
  EpochChangeSync: U16,
  EpochChangeDone: U64,
  NextParamsSelected: U64,
});

export const StakingInner = bcs.struct('StakingInnerV1', {
  n_shards: U16,
  epoch_duration: U64, // ms
  first_epoch_start: U64,
  pools: Table,
  epoch: U32,
  active_set: ExtendedField,
  next_committee: bcs.option(ShardCommittee),
  committee: ShardCommittee,
  previous_committee: ShardCommittee,
  next_epoch_params: bcs.option(EpochParams),
  epoch_state: EpochState,
  next_epoch_public_keys: ExtendedField,
});

/** Amounts by the epoch in which they become due. */
export const PendingValues = VecMap(U32, U64);

export const PoolState = bcs.enum('PoolState', { Active: null, Withdrawing: U32, Withdrawn: null });

export const VotingParams = bcs.struct('VotingParams', {
  storage_price: U64,
  write_price: U64,
  node_capacity: U64,
});

export const Authorized = bcs.enum('Authorized', { Address, ObjectID: Address });

export const Authenticated = bcs.enum('Authenticated', { Sender: Address, Object: Address });

export const StorageNodeInfo = bcs.struct('StorageNodeInfo', {
  name: Text,
  node_id: Address,
  network_address: Text, // host:port
  public_key: Element, // 96 bytes
  next_epoch_public_key: bcs.option(Element),
  network_public_key: Bytes, // 33 bytes, of the TLS key
  metadata: ExtendedField,
});

/** Its object ID is the node ID. */
export const StakingPool = bcs.struct('StakingPool', {
  id: Address,
  state: PoolState,
  voting_params: VotingParams,
  node_info: StorageNodeInfo,
  activation_epoch: U32,
  latest_epoch: U32,
  wal_balance: U64,
  num_shares: U64,
  pending_shares_withdraw: PendingValues,
  pre_active_withdrawals: PendingValues,
  pending_commission_rate: PendingValues,
  commission_rate: U16, // in 1/10,000
  exchange_rates: Table,
  pending_stake: PendingValues,
  rewards_pool: Balance,
  commission: Balance,
  commission_receiver: Authorized,
  governance_authorized: Authorized,
  extra_fields: Table,
});

/** WAL per share at the start of an epoch. */
export const PoolExchangeRate = bcs.enum('PoolExchangeRate', {
  Flat: null,
  Variable: bcs.struct('Variable', { wal_amount: U128, share_amount: U128 }),
});

export const ActiveSet = bcs.struct('ActiveSet', {
  max_size: U16,
  threshold_stake: U64,
  nodes: List(bcs.struct('ActiveSetEntry', { node_id: Address, staked_amount: U64 })),
  total_stake: U64,
});

export const NodeMetadata = bcs.struct('NodeMetadata', {
  image_url: Text,
  project_url: Text,
  description: Text,
  extra_fields: VecMap(Text, Text),
});

/** The right of an operator to act for a node. */
export const StorageNodeCap = bcs.struct('StorageNodeCap', {
  id: Address,
  node_id: Address,
  last_epoch_sync_done: U32,
  last_event_blob_attestation: bcs.option(EventBlobAttestation),
  deny_list_root: U256,
  deny_list_sequence: U64,
  deny_list_size: U64,
});

export const StakedWalState = bcs.enum('StakedWalState', {
  Staked: null,
  Withdrawing: bcs.struct('Withdrawing', { withdraw_epoch: U32 }),
});

export const StakedWal = bcs.struct('StakedWal', {
  id: Address,
  state: StakedWalState,
  node_id: Address,
  principal: Balance,
  activation_epoch: U32,
});

export type ShardCommittee = typeof ShardCommittee.$inferType;
export type StakingInner = typeof StakingInner.$inferType;
export type PendingValues = typeof PendingValues.$inferType;
export type StakingPool = typeof StakingPool.$inferType;
export type StorageNodeInfo = typeof StorageNodeInfo.$inferType;
export type PoolExchangeRate = typeof PoolExchangeRate.$inferType;
export type ActiveSet = typeof ActiveSet.$inferType;
export type NodeMetadata = typeof NodeMetadata.$inferType;
export type StorageNodeCap = typeof StorageNodeCap.$inferType;
export type StakedWal = typeof StakedWal.$inferType;
export type Authorized = typeof Authorized.$inferType;
export type Authenticated = typeof Authenticated.$inferType;
