/** What the system does with storage pools. */
import type { Storage, StoragePool } from '../../../chain/layouts/blob.ts';
import type { SystemStateInner } from '../../../chain/layouts/system.ts';
import { u32 } from './arithmetic.ts';
import type { Registration } from './blob.ts';
import { type SignedBytes, verifyQuorum } from './bls-aggregate.ts';
import { type Call, check } from './call.ts';
import { encodedBlobLength } from './encoding.ts';
import { emit } from './events.ts';
import type { Balance } from './funds.ts';
import { certifiedBlob } from './messages.ts';
import {
  addBlob,
  borrowBlob,
  burnPooled,
  certifyPooled,
  createPool,
  deletePooled,
  newPooledBlob,
  poolInner,
  removeBlob,
} from './storage-pool.ts';
import { extendEnd, increaseSize } from './storage-resource.ts';
import {
  accountCapacity,
  checkEpochs,
  epochOf,
  INVALID_EPOCHS_AHEAD,
  INVALID_RESOURCE_SIZE,
  MODULE,
  payForEpochs,
  payForWrite,
  reserveSpace,
  shardsOf,
} from './system-state-inner.ts';

export function createStoragePool(
  call: Call,
  inner: SystemStateInner,
  bytes: bigint,
  epochs: number,
  payment: Balance,
): StoragePool {
  const storage = reserveSpace(call, inner, bytes, epochs, payment);
  return createStoragePoolWith(call, inner, storage);
}

export function createStoragePoolWith(
  call: Call,
  inner: SystemStateInner,
  storage: Storage,
): StoragePool {
  const name = 'create_storage_pool_with_storage';
  const epoch = epochOf(inner);
  check(call, storage.storage_size > 0n, MODULE, INVALID_RESOURCE_SIZE, name);
  check(call, storage.start_epoch <= epoch, MODULE, INVALID_EPOCHS_AHEAD, name);
  check(call, storage.end_epoch > epoch, MODULE, INVALID_EPOCHS_AHEAD, name);
  const pool = createPool(call, storage);
  emit(call, 'StoragePoolCreated', {
    epoch,
    storage_pool_id: pool.id,
    reserved_encoded_capacity_bytes: storage.storage_size,
    start_epoch: storage.start_epoch,
    end_epoch: storage.end_epoch,
  });
  return pool;
}

export function registerPooledBlob(
  call: Call,
  inner: SystemStateInner,
  pool: StoragePool,
  registration: Omit<Registration, 'storage'>,
  payment: Balance,
): void {
  const name = 'register_pooled_blob';
  const epoch = epochOf(inner);
  const { storage } = poolInner(call, pool);
  check(call, epoch >= storage.start_epoch, MODULE, INVALID_EPOCHS_AHEAD, name);
  check(call, epoch < storage.end_epoch, MODULE, INVALID_EPOCHS_AHEAD, name);
  const blob = newPooledBlob(call, pool.id, registration, epoch);
  const { size, encodingType } = registration;
  addBlob(call, pool, blob, encodedBlobLength(call, size, encodingType, shardsOf(inner)));
  payForWrite(call, inner, size, encodingType, payment);
}

export function certifyPooledBlob(
  call: Call,
  inner: SystemStateInner,
  pool: StoragePool,
  blobId: bigint,
  signed: SignedBytes,
): void {
  const message = certifiedBlob(call, verifyQuorum(call, inner.committee, signed));
  const state = poolInner(call, pool);
  const blob = borrowBlob(call, state, blobId);
  certifyPooled(call, blob, epochOf(inner), state.storage.end_epoch, message);
}

export function deletePooledBlob(
  call: Call,
  inner: SystemStateInner,
  pool: StoragePool,
  blobId: bigint,
): void {
  checkActive(call, inner, pool, 'delete_pooled_blob');
  deletePooled(call, removeBlob(call, pool, blobId, shardsOf(inner)), epochOf(inner));
}

export function burnExpiredPooledBlob(
  call: Call,
  inner: SystemStateInner,
  pool: StoragePool,
  blobId: bigint,
): void {
  const expired = poolInner(call, pool).storage.end_epoch <= epochOf(inner);
  check(call, expired, MODULE, INVALID_EPOCHS_AHEAD, 'burn_expired_pooled_blob');
  burnPooled(call, removeBlob(call, pool, blobId, shardsOf(inner)));
}

export function extendStoragePool(
  call: Call,
  inner: SystemStateInner,
  pool: StoragePool,
  epochs: number,
  payment: Balance,
): void {
  const name = 'extend_storage_pool';
  check(call, epochs > 0, MODULE, INVALID_EPOCHS_AHEAD, name);
  const { storage } = checkActive(call, inner, pool, name);
  const begin = storage.end_epoch - epochOf(inner);
  const end = u32(begin + epochs);
  checkEpochs(call, inner, end, name);
  payForEpochs(call, inner, storage.storage_size, begin, end, payment);
  accountCapacity(call, inner, storage.storage_size, begin, end);
  extendEnd(storage, epochs);
  emit(call, 'StoragePoolExtended', {
    epoch: epochOf(inner),
    storage_pool_id: pool.id,
    new_end_epoch: storage.end_epoch,
  });
}

export function increasePoolCapacity(
  call: Call,
  inner: SystemStateInner,
  pool: StoragePool,
  bytes: bigint,
  payment: Balance,
): void {
  const name = 'increase_storage_pool_capacity';
  check(call, bytes > 0n, MODULE, INVALID_RESOURCE_SIZE, name);
  const { storage } = checkActive(call, inner, pool, name);
  const remaining = storage.end_epoch - epochOf(inner);
  payForEpochs(call, inner, bytes, 0, remaining, payment);
  accountCapacity(call, inner, bytes, 0, remaining);
  increaseSize(storage, bytes);
}

/** Aborts if the pool has expired. */
export function checkActive(
  call: Call,
  inner: SystemStateInner,
  pool: StoragePool,
  functionName: string,
) {
  const state = poolInner(call, pool);
  const active = state.storage.end_epoch > epochOf(inner);
  check(call, active, MODULE, INVALID_EPOCHS_AHEAD, functionName);
  return state;
}
