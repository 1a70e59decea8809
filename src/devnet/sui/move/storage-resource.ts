import type { Storage } from '../../../chain/layouts/blob.ts';
import { u32, u64 } from './arithmetic.ts';
import { type Call, check, moduleOf } from './call.ts';
import { type NativeFunction, TX_CONTEXT } from './native.ts';
import { mut, ref, type WalrusTypes } from './types.ts';

const MODULE = 'storage_resource';
const INVALID_EPOCH = 0;
const INCOMPATIBLE_EPOCHS = 1;
const INCOMPATIBLE_AMOUNT = 2;
const INVALID_EPOCH_RANGE = 3;

export function createStorage(call: Call, start: number, end: number, size: bigint): Storage {
  check(call, start < end, MODULE, INVALID_EPOCH_RANGE, 'create_storage');
  return { id: call.context.freshId(), start_epoch: start, end_epoch: end, storage_size: size };
}

export function extendEnd(storage: Storage, epochs: number): void {
  storage.end_epoch = u32(storage.end_epoch + epochs);
}

export function increaseSize(storage: Storage, bytes: bigint): void {
  storage.storage_size = u64(storage.storage_size + bytes);
}

export function splitByEpoch(call: Call, storage: Storage, at: number): Storage {
  const inside = at > storage.start_epoch && at < storage.end_epoch;
  check(call, inside, MODULE, INVALID_EPOCH, 'split_by_epoch');
  const rest = { ...storage, id: call.context.freshId(), start_epoch: at };
  storage.end_epoch = at;
  return rest;
}

/** `storage` keeps `size`, the rest is returned. */
export function splitBySize(call: Call, storage: Storage, size: bigint): Storage {
  check(call, storage.storage_size >= size, MODULE, INCOMPATIBLE_AMOUNT, 'split_by_size');
  const rest = {
    ...storage,
    id: call.context.freshId(),
    storage_size: storage.storage_size - size,
  };
  storage.storage_size = size;
  return rest;
}

export function fusePeriods(call: Call, first: Storage, second: Storage): void {
  call.context.deleteId(second.id);
  const same = first.storage_size === second.storage_size;
  check(call, same, MODULE, INCOMPATIBLE_AMOUNT, 'fuse_periods');
  if (first.end_epoch === second.start_epoch) {
    first.end_epoch = second.end_epoch;
  } else {
    const before = first.start_epoch === second.end_epoch;
    check(call, before, MODULE, INCOMPATIBLE_EPOCHS, 'fuse_periods');
    first.start_epoch = second.start_epoch;
  }
}

function fuseAmount(call: Call, first: Storage, second: Storage): void {
  call.context.deleteId(second.id);
  const same = first.start_epoch === second.start_epoch && first.end_epoch === second.end_epoch;
  check(call, same, MODULE, INCOMPATIBLE_EPOCHS, 'fuse_amount');
  increaseSize(first, second.storage_size);
}

/** Ends a reservation without a refund. */
export function destroyStorage(call: Call, storage: Storage): void {
  call.context.deleteId(storage.id);
}

export function storageResourceFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, MODULE);
  const one = [ref(types.storage)];
  const two = [mut(types.storage), types.storage];
  const returns = [types.storage];
  return [
    define('start_epoch', {
      parameters: one,
      returns: ['u32'],
      run: (_, storage: Storage) => storage.start_epoch,
    }),
    define('end_epoch', {
      parameters: one,
      returns: ['u32'],
      run: (_, storage: Storage) => storage.end_epoch,
    }),
    define('size', {
      parameters: one,
      returns: ['u64'],
      run: (_, storage: Storage) => storage.storage_size,
    }),
    define('split_by_epoch', {
      parameters: [mut(types.storage), 'u32', TX_CONTEXT],
      returns,
      run: (call, storage: Storage, epoch: number) => splitByEpoch(call, storage, epoch),
    }),
    define('split_by_size', {
      parameters: [mut(types.storage), 'u64', TX_CONTEXT],
      returns,
      run: (call, storage: Storage, size: bigint) => splitBySize(call, storage, size),
    }),
    define('fuse_periods', {
      parameters: two,
      run: (call, first: Storage, second: Storage) => fusePeriods(call, first, second),
    }),
    define('fuse_amount', {
      parameters: two,
      run: (call, first: Storage, second: Storage) => fuseAmount(call, first, second),
    }),
    define('fuse', {
      parameters: two,
      run: (call, first: Storage, second: Storage) => {
        const fuse = first.start_epoch === second.start_epoch ? fuseAmount : fusePeriods;
        fuse(call, first, second);
      },
    }),
    define('destroy', {
      parameters: [types.storage],
      run: (call, storage: Storage) => destroyStorage(call, storage),
    }),
  ];
}
