import { blobIdFromInteger, formatBlobId } from '../../protocol/blob-id.ts';
import { bitmapToSigners } from '../../protocol/committee.ts';
import { encodedLength } from '../../protocol/geometry.ts';
import type { Argument } from '../layouts/transaction.ts';
import type { Machine } from './machine.ts';

import { demand, refuse } from './refuse.ts';
import type { BlobValue, PoolLog, StoragePiece, StorageValue, Value } from './values.ts';

/** A Move function that our transactions call, and what it does to values. */
export interface KnownFunction {
  readonly of: 'walrus' | 'exchange';
  readonly parameters: number;
  run(machine: Machine, args: readonly Argument[], where: string, packageId: string): Value;
}

const NOTHING: Value = { is: 'nothing' };
const ENCODING_TYPE = 1;

export const FUNCTIONS: Readonly<Record<string, KnownFunction | undefined>> = {
  'system::reserve_space': walrus(4, (machine, [system, amount, epochs, coin], where) => {
    machine.system(system, true, where);
    payment(machine, coin, where);
    const from = {
      kind: 'new',
      bytes: machine.size(amount, where),
      epochs: machine.pure(epochs, 'u32', where),
    } as const;
    return { is: 'storage', from, end: undefined };
  }),

  'system::reserve_space_for_epochs': walrus(5, (machine, args, where) => {
    const [system, amount, start, end, coin] = args;
    machine.system(system, true, where);
    payment(machine, coin, where);
    const extension = {
      bytes: machine.size(amount, where),
      startEpoch: machine.pure(start, 'u32', where),
      endEpoch: machine.pure(end, 'u32', where),
    };
    return { is: 'storage', from: { kind: 'period', extension }, end: undefined };
  }),

  'system::register_blob': walrus(8, registerBlob),

  'system::certify_blob': walrus(5, (machine, args, where) => {
    const [system, blob, signature, bitmap, message] = args;
    machine.system(system, false, where);
    const object = machine.owned(blob, 'blob', where);
    const bits = machine.bytes(bitmap, where);
    const { memberCount } = machine.contract;
    const signers = bitmapToSigners(bits, memberCount);
    demand(signers !== undefined && bits.length === Math.ceil(memberCount / 8), where);
    const certificate = {
      signers,
      message: machine.bytes(message, where),
      signature: machine.bytes(signature, where),
    };
    machine.deeds.certified.push({ blob: object.ref, certificate });
    return NOTHING;
  }),

  'system::extend_blob': walrus(4, (machine, [system, blob, epochs, coin], where) => {
    machine.system(system, true, where);
    payment(machine, coin, where);
    const { ref } = machine.owned(blob, 'blob', where);
    machine.deeds.extended.push({ blob: ref, epochs: machine.pure(epochs, 'u32', where) });
    return NOTHING;
  }),

  'system::delete_blob': walrus(2, (machine, [system, blob], where) => {
    machine.system(system, false, where);
    const object = machine.owned(blob, 'blob', where);
    object.end = 'used';
    machine.deeds.deleted.push(object.ref);
    const freed: StorageValue = { is: 'storage', from: { kind: 'freed' }, end: undefined };
    machine.deeds.freed.push(freed);
    return freed;
  }),

  'blob::insert_or_update_metadata_pair': walrus(3, (machine, [blob, key, value], where) => {
    const object = machine.value(blob, where);
    demand(object.is === 'blob' && object.end === undefined, where);
    object.attributes.push([machine.text(key, where), machine.text(value, where)]);
    return NOTHING;
  }),

  'storage_resource::split_by_size': walrus(2, (machine, [storage, size], where) => {
    const { of, pool } = piece(machine, storage, where);
    const rest: StorageValue = { is: 'storage', from: { kind: 'piece', pool }, end: undefined };
    pool.steps.push({ step: 'size', of, keep: machine.size(size, where), rest });
    return rest;
  }),

  'storage_resource::split_by_epoch': walrus(2, (machine, [storage, epoch], where) => {
    const { of, pool } = piece(machine, storage, where);
    const rest: StorageValue = { is: 'storage', from: { kind: 'piece', pool }, end: undefined };
    pool.steps.push({ step: 'epoch', of, at: machine.pure(epoch, 'u32', where), rest });
    return rest;
  }),

  'storage_resource::fuse_amount': walrus(2, (machine, [storage, other], where) => {
    const { pool } = piece(machine, storage, where);
    const part = machine.owned(other, 'storage', where);
    demand(pool.steps.length === 0 && !machine.deeds.pools.has(part), where);
    demand(part !== pool.parts[0], where);
    part.end = 'used';
    pool.parts.push(part);
    return NOTHING;
  }),

  'storage_resource::fuse_periods': walrus(2, (machine, [storage, other], where) => {
    const { of, pool } = piece(machine, storage, where);
    const added = machine.value(other, where);
    demand(added.is === 'storage' && added.from.kind === 'period', where);
    demand(added.end === undefined, where);
    added.end = 'used';
    pool.steps.push({ step: 'extend', of, extension: added.from.extension });
    return NOTHING;
  }),

  'wal_exchange::exchange_all_for_wal': {
    of: 'exchange',
    parameters: 2,
    run(machine, [exchange, sui], where, packageId) {
      const object = machine.value(exchange, where);
      demand(object.is === 'shared' && object.mutable, where);
      demand(object.objectId !== machine.contract.systemObjectId, where);
      const coin = machine.value(sui, where);
      demand(coin.is === 'sui' && coin.end === undefined, where);
      coin.end = 'used';
      const { objectId, initialVersion: initialSharedVersion } = object;
      const payMist = coin.mist;
      const bought = { is: 'bought-wal', end: undefined } as const;
      machine.deeds.exchanges.push({
        ...{ objectId, packageId, initialSharedVersion, payMist },
        bought,
      });
      return bought;
    },
  },
};

function walrus(parameters: number, run: KnownFunction['run']): KnownFunction {
  return { of: 'walrus', parameters, run };
}

function registerBlob(machine: Machine, args: readonly Argument[], where: string): Value {
  const [system, storage, id, root, size, encoding, deletable, coin] = args;
  machine.system(system, true, where);
  payment(machine, coin, where);
  demand(machine.pure(encoding, 'u8', where) === ENCODING_TYPE, where);
  const unencodedBytes = machine.size(size, where);
  const encodedBytes = lengthOf(unencodedBytes, machine.contract.shardCount, where);
  const blob = {
    blobId: formatBlobId(blobIdFromInteger(machine.pure(id, 'u256', where))),
    rootHash: blobIdFromInteger(machine.pure(root, 'u256', where)),
    unencodedBytes,
    encodedBytes,
    deletable: machine.pure(deletable, 'bool', where),
  };
  const from = takeStorage(machine, storage, encodedBytes, where);
  const registered: BlobValue = {
    ...{ is: 'blob', blob, storage: from, attributes: [], end: undefined },
  };
  machine.deeds.blobs.push(registered);
  return registered;
}

/** The Storage that a blob swallows. A new one must be just as long as the blob needs. */
function takeStorage(
  machine: Machine,
  argument: Argument | undefined,
  encodedBytes: number,
  where: string,
): { epochs: number } | { pool: PoolLog } {
  const value = machine.value(argument, where);
  if (value.is === 'storage' && value.from.kind === 'new') {
    demand(value.end === undefined && value.from.bytes === encodedBytes, where);
    value.end = 'used';
    return { epochs: value.from.epochs };
  }
  const { of, pool } = piece(machine, argument, where);
  of.end = 'used';
  pool.steps.push({ step: 'take', of, encodedBytes });
  return { pool };
}

/** An owned Storage, or what was split off one. */
function piece(
  machine: Machine,
  argument: Argument | undefined,
  where: string,
): { of: StoragePiece; pool: PoolLog } {
  const value = machine.value(argument, where);
  if (value.is === 'storage') {
    demand(value.from.kind === 'piece' && value.end === undefined, where);
    return { of: value, pool: value.from.pool };
  }
  const of = machine.owned(argument, 'storage', where);
  const known = machine.deeds.pools.get(of);
  const pool = known ?? { parts: [of], steps: [] };
  machine.deeds.pools.set(of, pool);
  return { of, pool };
}

function payment(machine: Machine, argument: Argument | undefined, where: string): void {
  const value = machine.value(argument, where);
  demand(value.is === 'payment' && value.end === undefined, where);
}

function lengthOf(unencodedBytes: number, shardCount: number, where: string): number {
  try {
    return encodedLength(unencodedBytes, shardCount);
  } catch (cause) {
    return refuse(where, { cause });
  }
}
