import type {
  Metadata,
  PooledBlob,
  Storage,
  StoragePool,
  StoragePoolInner,
} from '../../../chain/layouts/blob.ts';
import type { Versioned } from '../../../chain/layouts/system.ts';
import {
  addAttributes,
  removeAttribute,
  removeAttributeIfExists,
  replaceAttributes,
  setAttribute,
  takeAttributes,
} from './attributes.ts';
import { type Call, check, moduleOf } from './call.ts';
import type { Coin } from './funds.ts';
import { type MoveType, type NativeFunction, TX_CONTEXT } from './native.ts';
import {
  attributed,
  borrowBlob,
  decreaseByPercent,
  decreaseBySize,
  destroyPool,
  increaseWithStorage,
  poolInner,
  readPool,
} from './storage-pool.ts';
import { systemMut, systemRef } from './system.ts';
import {
  burnExpiredPooledBlob,
  certifyPooledBlob,
  checkActive,
  createStoragePool,
  createStoragePoolWith,
  deletePooledBlob,
  extendStoragePool,
  increasePoolCapacity,
  registerPooledBlob,
} from './system-pools.ts';
import { epochOf } from './system-state-inner.ts';
import { mut, ref, type WalrusTypes } from './types.ts';

const ZERO_EXTRACT_SIZE = 2;

/** The functions of `system` that work on storage pools. */
export function poolFunctionsOfSystem(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'system');
  const { storage, storagePool, bytes } = types;
  const write = mut(types.system);
  const read = ref(types.system);
  const pool = mut(storagePool);
  const payment = mut(types.walCoin);
  return [
    define('create_storage_pool', {
      parameters: [write, 'u64', 'u32', payment, TX_CONTEXT],
      returns: [storagePool],
      run: (call, self: Versioned, capacity: bigint, epochs: number, coin: Coin) =>
        createStoragePool(call, systemMut(call, self), capacity, epochs, coin.balance),
    }),
    define('create_storage_pool_with_storage', {
      parameters: [read, storage, TX_CONTEXT],
      returns: [storagePool],
      run: (call, self: Versioned, reservation: Storage) =>
        createStoragePoolWith(call, systemRef(call, self), reservation),
    }),
    define('register_pooled_blob', {
      parameters: [write, pool, 'u256', 'u256', 'u64', 'u8', 'bool', payment, TX_CONTEXT],
      run: (
        call,
        self: Versioned,
        into: StoragePool,
        blobId: bigint,
        rootHash: bigint,
        size: bigint,
        encodingType: number,
        deletable: boolean,
        coin: Coin,
      ) => {
        const registration = { blobId, rootHash, size, encodingType, deletable };
        registerPooledBlob(call, systemMut(call, self), into, registration, coin.balance);
      },
    }),
    define('certify_pooled_blob', {
      parameters: [read, pool, 'u256', bytes, bytes, bytes],
      run: (
        call,
        self: Versioned,
        holder: StoragePool,
        blobId: bigint,
        signature: Uint8Array,
        bitmap: Uint8Array,
        message: Uint8Array,
      ) => {
        const signed = { signature, bitmap, message };
        certifyPooledBlob(call, systemRef(call, self), holder, blobId, signed);
      },
    }),
    define('delete_pooled_blob', {
      parameters: [read, pool, 'u256'],
      run: (call, self: Versioned, from: StoragePool, blobId: bigint) =>
        deletePooledBlob(call, systemRef(call, self), from, blobId),
    }),
    define('burn_expired_pooled_blob', {
      parameters: [read, pool, 'u256'],
      run: (call, self: Versioned, from: StoragePool, blobId: bigint) =>
        burnExpiredPooledBlob(call, systemRef(call, self), from, blobId),
    }),
    define('extend_storage_pool', {
      parameters: [write, pool, 'u32', payment],
      run: (call, self: Versioned, extended: StoragePool, epochs: number, coin: Coin) =>
        extendStoragePool(call, systemMut(call, self), extended, epochs, coin.balance),
    }),
    define('increase_storage_pool_capacity', {
      parameters: [write, pool, 'u64', payment],
      run: (call, self: Versioned, grown: StoragePool, added: bigint, coin: Coin) =>
        increasePoolCapacity(call, systemMut(call, self), grown, added, coin.balance),
    }),
    define('increase_storage_pool_capacity_with_storage', {
      parameters: [read, pool, storage],
      run: (call, self: Versioned, grown: StoragePool, added: Storage) => {
        const inner = systemRef(call, self);
        checkActive(call, inner, grown, 'increase_storage_pool_capacity_with_storage');
        increaseWithStorage(call, grown, added, epochOf(inner));
      },
    }),
    define('decrease_storage_pool_capacity_by_size', {
      parameters: [read, pool, 'u64', TX_CONTEXT],
      returns: [storage],
      run: (call, self: Versioned, shrunk: StoragePool, size: bigint) => {
        const name = 'decrease_storage_pool_capacity_by_size';
        checkActive(call, systemRef(call, self), shrunk, name);
        return extracted(call, decreaseBySize(call, shrunk, size), name);
      },
    }),
    define('decrease_storage_pool_unused_capacity_by_percent', {
      parameters: [read, pool, 'u8', TX_CONTEXT],
      returns: [storage],
      run: (call, self: Versioned, shrunk: StoragePool, percent: number) => {
        const name = 'decrease_storage_pool_unused_capacity_by_percent';
        checkActive(call, systemRef(call, self), shrunk, name);
        return extracted(call, decreaseByPercent(call, shrunk, percent), name);
      },
    }),
  ];
}

function extracted(call: Call, storage: Storage | null, functionName: string): Storage {
  check(call, storage !== null, 'system', ZERO_EXTRACT_SIZE, functionName);
  return storage;
}

/** The functions of `storage_pool`: what the holder of a pool may do alone. */
export function storagePoolFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'storage_pool');
  const { storagePool, text, metadata } = types;
  const pool = mut(storagePool);
  const getter = (
    name: string,
    type: MoveType,
    get: (inner: StoragePoolInner) => unknown,
  ): NativeFunction =>
    define(name, {
      parameters: [ref(storagePool)],
      returns: [type],
      run: (call, self: StoragePool) => get(readPool(call, self)),
    });
  const find = (call: Call, self: StoragePool, blobId: bigint) =>
    attributed(borrowBlob(call, poolInner(call, self), blobId));
  return [
    getter('start_epoch', 'u32', (inner) => inner.storage.start_epoch),
    getter('end_epoch', 'u32', (inner) => inner.storage.end_epoch),
    getter('reserved_encoded_capacity_bytes', 'u64', (inner) => inner.storage.storage_size),
    getter('used_encoded_bytes', 'u64', (inner) => inner.used_encoded_bytes),
    getter(
      'available_encoded_bytes',
      'u64',
      (inner) => inner.storage.storage_size - inner.used_encoded_bytes,
    ),
    getter('blob_count', 'u64', (inner) => inner.blob_count),
    define('contains_blob', {
      parameters: [ref(storagePool), 'u256'],
      returns: ['bool'],
      run: (call, self: StoragePool, blobId: bigint) =>
        call.context.objectFields.has(readPool(call, self).blobs.id, 'u256', blobId),
    }),
    define('blob_object_id', {
      parameters: [ref(storagePool), 'u256'],
      returns: [types.id],
      run: (call, self: StoragePool, blobId: bigint) => {
        const { id } = readPool(call, self).blobs;
        const { objectFields } = call.context;
        const found: PooledBlob = objectFields.borrow(id, 'u256', blobId, types.pooledBlob);
        return found.id;
      },
    }),
    define('object_id', {
      parameters: [ref(storagePool)],
      returns: [types.id],
      run: (_, self: StoragePool) => self.id,
    }),
    define('destroy', {
      parameters: [storagePool],
      returns: [types.storage],
      run: destroyPool,
    }),
    define('add_blob_metadata', {
      parameters: [pool, 'u256', metadata],
      run: (call, self: StoragePool, blobId: bigint, added: Metadata) =>
        addAttributes(call, find(call, self, blobId), added),
    }),
    define('add_or_replace_blob_metadata', {
      parameters: [pool, 'u256', metadata],
      returns: [types.option(metadata)],
      run: (call, self: StoragePool, blobId: bigint, added: Metadata) =>
        replaceAttributes(call, find(call, self, blobId), added),
    }),
    define('take_blob_metadata', {
      parameters: [pool, 'u256'],
      returns: [metadata],
      run: (call, self: StoragePool, blobId: bigint) =>
        takeAttributes(call, find(call, self, blobId)),
    }),
    define('insert_or_update_blob_metadata_pair', {
      parameters: [pool, 'u256', text, text],
      run: (call, self: StoragePool, blobId: bigint, key: string, value: string) =>
        setAttribute(call, find(call, self, blobId), key, value),
    }),
    define('remove_blob_metadata_pair', {
      parameters: [pool, 'u256', ref(text)],
      returns: [text, text],
      run: (call, self: StoragePool, blobId: bigint, key: string) =>
        removeAttribute(call, find(call, self, blobId), key),
    }),
    define('remove_blob_metadata_pair_if_exists', {
      parameters: [pool, 'u256', ref(text)],
      returns: [types.option(text)],
      run: (call, self: StoragePool, blobId: bigint, key: string) =>
        removeAttributeIfExists(call, find(call, self, blobId), key),
    }),
  ];
}
