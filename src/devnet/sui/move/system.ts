import type { Blob, Storage } from '../../../chain/layouts/blob.ts';
import type { StorageNodeCap } from '../../../chain/layouts/staking.ts';
import type { SystemStateInner, Versioned } from '../../../chain/layouts/system.ts';
import { deleteBlob, extendWithResource } from './blob.ts';
import { type Call, check, moduleOf } from './call.ts';
import {
  deleteDenyListedBlob,
  registerDenyListUpdate,
  updateDenyList,
  updateProtocolVersion,
} from './deny-list.ts';
import { certifyEventBlob } from './event-blob.ts';
import { type Balance, type Coin, intoBalance } from './funds.ts';
import { type NativeFunction, TX_CONTEXT, vector } from './native.ts';
import {
  addSubsidies,
  addSubsidy,
  certifyBlob,
  epochOf,
  extendBlob,
  invalidateBlobId,
  registerBlob,
  reserveSpace,
  reserveSpaceForEpochs,
  shardsOf,
} from './system-state-inner.ts';
import { mut, ref, type WalrusTypes } from './types.ts';

const WRONG_VERSION = 1;

/** The state of the system, to be changed. Aborts if another version of the package was called. */
export function systemMut(call: Call, system: Versioned): SystemStateInner {
  checkVersion(call, system, 'inner_mut');
  const { systemInner } = call.types;
  return call.context.fields.borrowMut(system.id, 'u64', system.version, systemInner);
}

/** The state of the system, to be read. Aborts if another version of the package was called. */
export function systemRef(call: Call, system: Versioned): SystemStateInner {
  checkVersion(call, system, 'inner');
  const { systemInner } = call.types;
  return call.context.fields.borrow(system.id, 'u64', system.version, systemInner);
}

function checkVersion(call: Call, system: Versioned, functionName: string): void {
  const same = system.version === BigInt(call.context.packageVersion);
  check(call, same, 'system', WRONG_VERSION, functionName);
}

export function systemFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'system');
  const { storage, blob, bytes, nodeCap } = types;
  const write = mut(types.system);
  const read = ref(types.system);
  const payment = mut(types.walCoin);
  const signed = [bytes, bytes, bytes];
  const count = (
    name: string,
    type: 'u16' | 'u32' | 'u64',
    get: (s: SystemStateInner) => unknown,
  ) =>
    define(name, {
      parameters: [read],
      returns: [type],
      run: (call, self: Versioned) => get(systemRef(call, self)),
    });
  return [
    define('reserve_space', {
      parameters: [write, 'u64', 'u32', payment, TX_CONTEXT],
      returns: [storage],
      run: (call, self: Versioned, amount: bigint, epochs: number, coin: Coin) =>
        reserveSpace(call, systemMut(call, self), amount, epochs, coin.balance),
    }),
    define('reserve_space_for_epochs', {
      parameters: [write, 'u64', 'u32', 'u32', payment, TX_CONTEXT],
      returns: [storage],
      run: (call, self: Versioned, amount: bigint, start: number, end: number, coin: Coin) =>
        reserveSpaceForEpochs(call, systemMut(call, self), amount, start, end, coin.balance),
    }),
    define('register_blob', {
      parameters: [write, storage, 'u256', 'u256', 'u64', 'u8', 'bool', payment, TX_CONTEXT],
      returns: [blob],
      run: (
        call,
        self: Versioned,
        reservation: Storage,
        blobId: bigint,
        rootHash: bigint,
        size: bigint,
        encodingType: number,
        deletable: boolean,
        coin: Coin,
      ) => {
        const registration = { blobId, rootHash, size, encodingType, deletable };
        const inner = systemMut(call, self);
        return registerBlob(call, inner, { storage: reservation, ...registration }, coin.balance);
      },
    }),
    define('certify_blob', {
      parameters: [read, mut(blob), ...signed],
      run: (
        call,
        self: Versioned,
        certified: Blob,
        signature: Uint8Array,
        bitmap: Uint8Array,
        message: Uint8Array,
      ) => certifyBlob(call, systemRef(call, self), certified, { signature, bitmap, message }),
    }),
    define('delete_blob', {
      parameters: [read, blob],
      returns: [storage],
      run: (call, self: Versioned, deleted: Blob) =>
        deleteBlob(call, deleted, epochOf(systemRef(call, self))),
    }),
    define('extend_blob_with_resource', {
      parameters: [read, mut(blob), storage],
      run: (call, self: Versioned, extended: Blob, extension: Storage) =>
        extendWithResource(call, extended, extension, epochOf(systemRef(call, self))),
    }),
    define('extend_blob', {
      parameters: [write, mut(blob), 'u32', payment],
      run: (call, self: Versioned, extended: Blob, epochs: number, coin: Coin) =>
        extendBlob(call, systemMut(call, self), extended, epochs, coin.balance),
    }),
    define('invalidate_blob_id', {
      parameters: [read, ...signed],
      returns: ['u256'],
      run: (
        call,
        self: Versioned,
        signature: Uint8Array,
        bitmap: Uint8Array,
        message: Uint8Array,
      ) => invalidateBlobId(call, systemRef(call, self), { signature, bitmap, message }),
    }),
    define('certify_event_blob', {
      parameters: [write, mut(nodeCap), 'u256', 'u256', 'u64', 'u8', 'u64', 'u32', TX_CONTEXT],
      run: (
        call,
        self: Versioned,
        cap: StorageNodeCap,
        blobId: bigint,
        rootHash: bigint,
        size: bigint,
        encodingType: number,
        checkpoint: bigint,
        epoch: number,
      ) => {
        const attestation = { blobId, rootHash, size, encodingType, checkpoint, epoch };
        certifyEventBlob(call, systemMut(call, self), cap, attestation);
      },
    }),
    define('add_subsidy', {
      parameters: [write, types.walCoin, 'u32'],
      run: (call, self: Versioned, subsidy: Coin, epochs: number) =>
        addSubsidy(call, systemMut(call, self), intoBalance(call, subsidy), epochs),
    }),
    define('add_per_epoch_subsidies', {
      parameters: [write, vector(types.walBalance)],
      run: (call, self: Versioned, subsidies: Balance[]) =>
        addSubsidies(call, systemMut(call, self), subsidies),
    }),
    define('update_protocol_version', {
      parameters: [write, ref(nodeCap), ...signed],
      run: (
        call,
        self: Versioned,
        cap: StorageNodeCap,
        signature: Uint8Array,
        bitmap: Uint8Array,
        message: Uint8Array,
      ) => updateProtocolVersion(call, systemRef(call, self), cap, { signature, bitmap, message }),
    }),
    define('register_deny_list_update', {
      parameters: [write, ref(nodeCap), 'u256', 'u64'],
      run: (call, self: Versioned, cap: StorageNodeCap, root: bigint, sequence: bigint) =>
        registerDenyListUpdate(call, systemMut(call, self), cap, root, sequence),
    }),
    define('update_deny_list', {
      parameters: [write, mut(nodeCap), ...signed],
      run: (
        call,
        self: Versioned,
        cap: StorageNodeCap,
        signature: Uint8Array,
        bitmap: Uint8Array,
        message: Uint8Array,
      ) => updateDenyList(call, systemMut(call, self), cap, { signature, bitmap, message }),
    }),
    define('delete_deny_listed_blob', {
      parameters: [read, ...signed],
      run: (
        call,
        self: Versioned,
        signature: Uint8Array,
        bitmap: Uint8Array,
        message: Uint8Array,
      ) => deleteDenyListedBlob(call, systemRef(call, self), { signature, bitmap, message }),
    }),
    count('epoch', 'u32', epochOf),
    count('n_shards', 'u16', shardsOf),
    count('total_capacity_size', 'u64', (inner) => inner.total_capacity_size),
    count('used_capacity_size', 'u64', (inner) => inner.used_capacity_size),
    define('version', {
      parameters: [read],
      returns: ['u64'],
      run: (_, self: Versioned) => self.version,
    }),
  ];
}
