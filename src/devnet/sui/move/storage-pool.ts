import type {
  PooledBlob,
  Storage,
  StoragePool,
  StoragePoolInner,
} from '../../../chain/layouts/blob.ts';
import { u64 } from './arithmetic.ts';
import { type Attributed, dropAttributes } from './attributes.ts';
import { deriveBlobId, type Registration } from './blob.ts';
import { type Call, check } from './call.ts';
import { encodedBlobLength } from './encoding.ts';
import { emit } from './events.ts';
import type { CertifiedBlob } from './messages.ts';
import type { Address } from './native.ts';
import { destroyStorage, increaseSize, splitBySize } from './storage-resource.ts';

const MODULE = 'storage_pool';
const NOT_DELETABLE = 0;
const RESOURCE_BOUNDS = 1;
const ALREADY_CERTIFIED = 2;
const INVALID_BLOB_ID = 3;
const INVALID_PERSISTENCE = 4;
const INVALID_OBJECT = 5;
const INSUFFICIENT_CAPACITY = 6;
const NOT_EMPTY = 7;
const INVALID_BLOB_SIZE = 8;
const INVALID_BLOB_COUNT = 9;
const WRONG_VERSION = 10;
const INCOMPATIBLE_END_EPOCH = 11;
const DUPLICATE_METADATA = 12;
const MISSING_METADATA = 13;
const INVALID_PERCENT = 14;

const VERSION = 1n;

export const attributed = (blob: PooledBlob): Attributed => ({
  id: blob.id,
  module: MODULE,
  duplicate: DUPLICATE_METADATA,
  missing: MISSING_METADATA,
});

export function poolInner(call: Call, pool: StoragePool): StoragePoolInner {
  check(call, pool.version === VERSION, MODULE, WRONG_VERSION, 'inner_mut');
  const { storagePoolInner } = call.types;
  return call.context.fields.borrowMut(pool.id, 'u64', pool.version, storagePoolInner);
}

/** For functions that only read: their pool may be a read-only object. */
export function readPool(call: Call, pool: StoragePool): StoragePoolInner {
  check(call, pool.version === VERSION, MODULE, WRONG_VERSION, 'inner');
  const { storagePoolInner } = call.types;
  return call.context.fields.borrow(pool.id, 'u64', pool.version, storagePoolInner);
}

export function createPool({ context, types }: Call, storage: Storage): StoragePool {
  const pool = { id: context.freshId(), version: VERSION };
  const blobs = { id: context.freshId(), size: 0n };
  const inner: StoragePoolInner = { storage, used_encoded_bytes: 0n, blob_count: 0n, blobs };
  context.fields.add(pool.id, 'u64', VERSION, types.storagePoolInner, inner);
  return pool;
}

/** Gives back the reservation of an empty pool. */
export function destroyPool(call: Call, pool: StoragePool): Storage {
  const { context, types } = call;
  const inner: StoragePoolInner = context.fields.remove(
    pool.id,
    'u64',
    pool.version,
    types.storagePoolInner,
  );
  check(call, inner.blob_count === 0n, MODULE, NOT_EMPTY, 'destroy');
  context.deleteId(inner.blobs.id);
  context.deleteId(pool.id);
  return inner.storage;
}

export function newPooledBlob(
  call: Call,
  poolId: Address,
  registration: Omit<Registration, 'storage'>,
  epoch: number,
): PooledBlob {
  const { blobId, rootHash, size, encodingType, deletable } = registration;
  const derived = deriveBlobId(rootHash, encodingType, size);
  check(call, derived === blobId, MODULE, INVALID_BLOB_ID, 'new_pooled_blob');
  const id = call.context.freshId();
  const fields = { blob_id: blobId, unencoded_size: size, encoding_type: encodingType, deletable };
  emit(call, 'PooledBlobRegistered', { epoch, ...fields, object_id: id, storage_pool_id: poolId });
  return {
    id,
    registered_epoch: epoch,
    ...fields,
    certified_epoch: null,
    storage_pool_id: poolId,
  };
}

export function addBlob(call: Call, pool: StoragePool, blob: PooledBlob, encoded: bigint): void {
  const inner = poolInner(call, pool);
  inner.blob_count += 1n;
  inner.used_encoded_bytes = u64(inner.used_encoded_bytes + encoded);
  const fits = inner.used_encoded_bytes <= inner.storage.storage_size;
  check(call, fits, MODULE, INSUFFICIENT_CAPACITY, 'add_blob');
  const { context, types } = call;
  context.objectFields.add(inner.blobs.id, 'u256', blob.blob_id, types.pooledBlob, blob);
  inner.blobs.size += 1n;
}

export function removeBlob(
  call: Call,
  pool: StoragePool,
  blobId: bigint,
  shardCount: number,
): PooledBlob {
  const inner = poolInner(call, pool);
  const { unencoded_size, encoding_type } = borrowBlob(call, inner, blobId);
  const encoded = encodedBlobLength(call, unencoded_size, encoding_type, shardCount);
  const counted = inner.used_encoded_bytes >= encoded;
  check(call, counted, MODULE, INVALID_BLOB_SIZE, 'remove_blob');
  inner.used_encoded_bytes -= encoded;
  check(call, inner.blob_count >= 1n, MODULE, INVALID_BLOB_COUNT, 'remove_blob');
  inner.blob_count -= 1n;
  inner.blobs.size -= 1n;
  const { context, types } = call;
  return context.objectFields.remove(inner.blobs.id, 'u256', blobId, types.pooledBlob);
}

/** The blob in the pool's table; changes to it are stored. Aborts as the table if it is not there. */
export function borrowBlob(call: Call, inner: StoragePoolInner, blobId: bigint): PooledBlob {
  const { context, types } = call;
  return context.objectFields.borrowMut(inner.blobs.id, 'u256', blobId, types.pooledBlob);
}

export function certifyPooled(
  call: Call,
  blob: PooledBlob,
  epoch: number,
  endEpoch: number,
  message: CertifiedBlob,
): void {
  const abortUnless = (condition: boolean, code: number) =>
    check(call, condition, MODULE, code, 'certify');
  abortUnless(blob.blob_id === message.blobId, INVALID_BLOB_ID);
  abortUnless(epoch < endEpoch, RESOURCE_BOUNDS);
  abortUnless(blob.certified_epoch === null, ALREADY_CERTIFIED);
  blob.certified_epoch = epoch;
  abortUnless(blob.deletable === (message.objectId !== undefined), INVALID_PERSISTENCE);
  if (blob.deletable) abortUnless(message.objectId === blob.id, INVALID_OBJECT);
  const { blob_id, deletable, storage_pool_id } = blob;
  emit(call, 'PooledBlobCertified', {
    epoch,
    blob_id,
    deletable,
    object_id: blob.id,
    storage_pool_id,
  });
}

export function deletePooled(call: Call, blob: PooledBlob, epoch: number): void {
  dropAttributes(call, attributed(blob));
  check(call, blob.deletable, MODULE, NOT_DELETABLE, 'delete_blob_object');
  call.context.deleteId(blob.id);
  emit(call, 'PooledBlobDeleted', {
    epoch,
    blob_id: blob.blob_id,
    object_id: blob.id,
    was_certified: blob.certified_epoch !== null,
    storage_pool_id: blob.storage_pool_id,
  });
}

export function burnPooled(call: Call, blob: PooledBlob): void {
  dropAttributes(call, attributed(blob));
  call.context.deleteId(blob.id);
}

export function increaseWithStorage(
  call: Call,
  pool: StoragePool,
  added: Storage,
  epoch: number,
): void {
  const name = 'increase_capacity_with_storage';
  const { storage } = poolInner(call, pool);
  check(call, added.start_epoch <= epoch, MODULE, RESOURCE_BOUNDS, name);
  const sameEnd = added.end_epoch === storage.end_epoch;
  check(call, sameEnd, MODULE, INCOMPATIBLE_END_EPOCH, name);
  increaseSize(storage, added.storage_size);
  destroyStorage(call, added);
}

/** @returns null if nothing was to be taken */
export function decreaseBySize(call: Call, pool: StoragePool, bytes: bigint): Storage | null {
  if (bytes === 0n) return null;
  const { storage, used_encoded_bytes } = poolInner(call, pool);
  const unused = storage.storage_size - used_encoded_bytes;
  check(call, unused >= bytes, MODULE, INSUFFICIENT_CAPACITY, 'decrease_capacity_by_size');
  return splitBySize(call, storage, storage.storage_size - bytes);
}

export function decreaseByPercent(call: Call, pool: StoragePool, percent: number): Storage | null {
  const name = 'decrease_unused_capacity_by_percent';
  check(call, percent <= 100, MODULE, INVALID_PERCENT, name);
  const { storage, used_encoded_bytes } = poolInner(call, pool);
  const unused = storage.storage_size - used_encoded_bytes;
  return decreaseBySize(call, pool, (unused * BigInt(percent)) / 100n);
}
