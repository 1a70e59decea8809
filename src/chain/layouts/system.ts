import { bcs } from '@mysten/bcs';
import {
  Address,
  Balance,
  Element,
  ExtendedField,
  List,
  U16,
  U32,
  U64,
  U256,
  VecMap,
} from './base.ts';

/** The System and the Staking object alike. Their state is in the dynamic field named `version`. */
export const Versioned = bcs.struct('System', {
  id: Address,
  version: U64,
  package_id: Address,
  new_package_id: bcs.option(Address),
});

export const BlsCommitteeMember = bcs.struct('BlsCommitteeMember', {
  public_key: Element, // 96 bytes, uncompressed
  weight: U16,
  node_id: Address,
});

export const BlsCommittee = bcs.struct('BlsCommittee', {
  members: List(BlsCommitteeMember),
  n_shards: U16,
  epoch: U32,
  total_aggregated_key: Element, // 48 bytes, compressed
});

/** What is stored and earned in one epoch. */
export const FutureAccounting = bcs.struct('FutureAccounting', {
  epoch: U32,
  used_capacity: U64,
  rewards_to_distribute: Balance,
});

/** The coming `length` epochs; the current one is at `current_index`. */
export const FutureAccountingRingBuffer = bcs.struct('FutureAccountingRingBuffer', {
  current_index: U32,
  length: U32,
  ring_buffer: List(FutureAccounting),
});

export const EventBlob = bcs.struct('EventBlob', {
  blob_id: U256,
  ending_checkpoint_sequence_number: U64,
});

export const EventBlobCertificationState = bcs.struct('EventBlobCertificationState', {
  latest_certified_blob: bcs.option(EventBlob),
  aggregate_weight_per_blob: VecMap(EventBlob, U16),
});

export const EventBlobAttestation = bcs.struct('EventBlobAttestation', {
  checkpoint_sequence_num: U64,
  epoch: U32,
});

/** Sizes in bytes, prices in FROST per unit of 1 MiB (and epoch, for storage). */
export const SystemStateInner = bcs.struct('SystemStateInnerV1', {
  committee: BlsCommittee,
  total_capacity_size: U64,
  used_capacity_size: U64,
  storage_price_per_unit_size: U64,
  write_price_per_unit_size: U64,
  future_accounting: FutureAccountingRingBuffer,
  event_blob_certification_state: EventBlobCertificationState,
  deny_list_sizes: ExtendedField,
});

export type Versioned = typeof Versioned.$inferType;
export type BlsCommittee = typeof BlsCommittee.$inferType;
export type FutureAccounting = typeof FutureAccounting.$inferType;
export type FutureAccountingRingBuffer = typeof FutureAccountingRingBuffer.$inferType;
export type EventBlobCertificationState = typeof EventBlobCertificationState.$inferType;
export type SystemStateInner = typeof SystemStateInner.$inferType;
