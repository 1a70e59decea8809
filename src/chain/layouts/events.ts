import { bcs } from '@mysten/bcs';
import { Address, Bool, Bytes, List, U8, U16, U32, U64, U256 } from './base.ts';

const epoch = U32;
const blob_id = U256;
const object_id = Address;
const storage_pool_id = Address;
const deletable = Bool;
const upgrade = { epoch, package_digest: Bytes };
const denyList = { epoch, root: U256, sequence_number: U64, node_id: Address };
const shards = { epoch, shards: List(U16) };

/** The events of the Walrus package by name, their fields in the order of BCS. */
export const EVENT_LAYOUTS = {
  BlobRegistered: bcs.struct('BlobRegistered', {
    epoch,
    blob_id,
    size: U64,
    encoding_type: U8,
    end_epoch: U32,
    deletable,
    object_id,
  }),
  /** `epoch` is that of the first certification */
  BlobCertified: bcs.struct('BlobCertified', {
    epoch,
    blob_id,
    end_epoch: U32,
    deletable,
    object_id,
    is_extension: Bool,
  }),
  BlobDeleted: bcs.struct('BlobDeleted', {
    epoch,
    blob_id,
    end_epoch: U32,
    object_id,
    was_certified: Bool,
  }),
  InvalidBlobID: bcs.struct('InvalidBlobID', { epoch, blob_id }),
  EpochChangeStart: bcs.struct('EpochChangeStart', { epoch }),
  EpochChangeDone: bcs.struct('EpochChangeDone', { epoch }),
  ShardsReceived: bcs.struct('ShardsReceived', shards),
  EpochParametersSelected: bcs.struct('EpochParametersSelected', { next_epoch: U32 }),
  ShardRecoveryStart: bcs.struct('ShardRecoveryStart', shards),
  ContractUpgraded: bcs.struct('ContractUpgraded', { epoch, package_id: Address, version: U64 }),
  RegisterDenyListUpdate: bcs.struct('RegisterDenyListUpdate', denyList),
  DenyListUpdate: bcs.struct('DenyListUpdate', denyList),
  DenyListBlobDeleted: bcs.struct('DenyListBlobDeleted', { epoch, blob_id }),
  ContractUpgradeProposed: bcs.struct('ContractUpgradeProposed', upgrade),
  ContractUpgradeQuorumReached: bcs.struct('ContractUpgradeQuorumReached', upgrade),
  ProtocolVersionUpdated: bcs.struct('ProtocolVersionUpdated', {
    epoch,
    start_epoch: U32,
    protocol_version: U64,
  }),
  PricesUpdated: bcs.struct('PricesUpdated', { epoch, storage_price: U64, write_price: U64 }),
  StoragePoolCreated: bcs.struct('StoragePoolCreated', {
    epoch,
    storage_pool_id,
    reserved_encoded_capacity_bytes: U64,
    start_epoch: U32,
    end_epoch: U32,
  }),
  PooledBlobRegistered: bcs.struct('PooledBlobRegistered', {
    epoch,
    blob_id,
    unencoded_size: U64,
    encoding_type: U8,
    deletable,
    object_id,
    storage_pool_id,
  }),
  PooledBlobCertified: bcs.struct('PooledBlobCertified', {
    epoch,
    blob_id,
    deletable,
    object_id,
    storage_pool_id,
  }),
  PooledBlobDeleted: bcs.struct('PooledBlobDeleted', {
    epoch,
    blob_id,
    object_id,
    was_certified: Bool,
    storage_pool_id,
  }),
  StoragePoolExtended: bcs.struct('StoragePoolExtended', {
    epoch,
    storage_pool_id,
    new_end_epoch: U32,
  }),
};

export type EventName = keyof typeof EVENT_LAYOUTS;

export type EventFields<Name extends EventName> = (typeof EVENT_LAYOUTS)[Name]['$inferType'];
