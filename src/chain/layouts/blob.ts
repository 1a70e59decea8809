import { bcs } from '@mysten/bcs';
import { Address, Balance, Bool, Table, Text, U8, U32, U64, U256, VecMap } from './base.ts';

/** A reservation of `storage_size` encoded bytes from `start_epoch` up to, not including, `end_epoch`. */
export const Storage = bcs.struct('Storage', {
  id: Address,
  start_epoch: U32,
  end_epoch: U32,
  storage_size: U64,
});

/** A registered blob; `size` is its unencoded length. */
export const Blob = bcs.struct('Blob', {
  id: Address,
  registered_epoch: U32,
  blob_id: U256,
  size: U64,
  encoding_type: U8,
  certified_epoch: bcs.option(U32),
  storage: Storage,
  deletable: Bool,
});

/** Attributes of a blob, in its dynamic field with the name "metadata". */
export const Metadata = bcs.struct('Metadata', { metadata: VecMap(Text, Text) });

/** A blob that anyone may extend, with WAL to extend it from. */
export const SharedBlob = bcs.struct('SharedBlob', { id: Address, blob: Blob, funds: Balance });

/** What the blob ID is the hash of. */
export const BlobIdDerivation = bcs.struct('BlobIdDerivation', {
  encoding_type: U8,
  size: U64,
  root_hash: U256,
});

/** Storage shared by many blobs; its state is in the dynamic field named `version`. */
export const StoragePool = bcs.struct('StoragePool', { id: Address, version: U64 });

export const StoragePoolInner = bcs.struct('StoragePoolInnerV1', {
  storage: Storage,
  used_encoded_bytes: U64,
  blob_count: U64,
  blobs: Table,
});

/** A blob in a storage pool, in its table under the blob ID. */
export const PooledBlob = bcs.struct('PooledBlob', {
  id: Address,
  registered_epoch: U32,
  blob_id: U256,
  unencoded_size: U64,
  encoding_type: U8,
  certified_epoch: bcs.option(U32),
  storage_pool_id: Address,
  deletable: Bool,
});

export type Storage = typeof Storage.$inferType;
export type Blob = typeof Blob.$inferType;
export type Metadata = typeof Metadata.$inferType;
export type SharedBlob = typeof SharedBlob.$inferType;
export type StoragePool = typeof StoragePool.$inferType;
export type StoragePoolInner = typeof StoragePoolInner.$inferType;
export type PooledBlob = typeof PooledBlob.$inferType;
