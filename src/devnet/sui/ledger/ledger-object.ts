import { toBase58 } from '@mysten/bcs';
import { bcs } from '@mysten/sui/bcs';
import { blake2b } from '@noble/hashes/blake2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { storageCost } from '../execute/gas.ts';
import type { Address, Owner, TypeTag } from '../move/native.ts';
import { SUI_FRAMEWORK } from '../move/native.ts';
import { formatType, parseType } from '../types/type-tag.ts';

/** One version of an object. */
export interface LedgerObject {
  readonly id: Address;
  readonly version: bigint;
  /** base58 */
  readonly digest: string;
  /** in the spelling of `formatType` */
  readonly type: string;
  readonly owner: Owner;
  /** the type has `store`: anybody may transfer it */
  readonly publicTransfer: boolean;
  /** BCS of the struct */
  readonly contents: Uint8Array;
  /** base58 digest */
  readonly previousTransaction: string;
  /** MIST paid for its storage */
  readonly storageRebate: bigint;
}

export const SUI_TYPE = `${SUI_FRAMEWORK}::sui::SUI`;
export const GAS_COIN_TYPE = `${SUI_FRAMEWORK}::coin::Coin<${SUI_TYPE}>`;
export const CLOCK_ID = `0x${'6'.padStart(64, '0')}`;

/** Hash of a tagged BCS value, as everywhere in Sui. Base58. */
export function taggedDigest(tag: string, bytes: Uint8Array): string {
  const hash = blake2b.create({ dkLen: 32 });
  hash.update(utf8ToBytes(`${tag}::`));
  hash.update(bytes);
  return toBase58(hash.digest());
}

/** The type argument of a `Coin<T>`, or undefined for anything else. */
export function coinTypeOf(type: string): string | undefined {
  const prefix = `${SUI_FRAMEWORK}::coin::Coin<`;
  return type.startsWith(prefix) ? type.slice(prefix.length, -1) : undefined;
}

/** The balance inside a coin's contents: id, then u64. */
export function coinBalance(contents: Uint8Array): bigint {
  return new DataView(contents.buffer, contents.byteOffset, contents.length).getBigUint64(32, true);
}

export function ownerToBcs(owner: Owner): (typeof bcs.Owner)['$inferInput'] {
  switch (owner.kind) {
    case 'address':
      return { AddressOwner: owner.address };
    case 'object':
      return { ObjectOwner: owner.parent };
    case 'shared':
      return { Shared: { initialSharedVersion: owner.initialVersion } };
    case 'immutable':
      return { Immutable: true };
  }
}

type MoveObjectTypeInput = (typeof bcs.MoveObjectType)['$inferInput'];
const typeMemo = new Map<string, MoveObjectTypeInput>();

function objectTypeToBcs(type: string): MoveObjectTypeInput {
  const known = typeMemo.get(type);
  if (known) return known;
  const made = makeObjectType(type);
  typeMemo.set(type, made);
  return made;
}

function makeObjectType(type: string): MoveObjectTypeInput {
  if (type === GAS_COIN_TYPE) return { GasCoin: true };
  const coin = coinTypeOf(type);
  if (coin !== undefined) return { Coin: coin };
  const tag = bcs.TypeTag.serialize(type).toBytes();
  // A struct tag is a type tag without the variant byte in front.
  return { Other: bcs.StructTag.parse(tag.subarray(1)) };
}

/** BCS of the whole object, as wallets and full nodes exchange it. */
export function objectBcs(object: Omit<LedgerObject, 'digest'>): Uint8Array {
  return bcs.Object.serialize(
    {
      data: {
        Move: {
          type: objectTypeToBcs(object.type),
          hasPublicTransfer: object.publicTransfer,
          version: object.version,
          contents: object.contents,
        },
      },
      owner: ownerToBcs(object.owner),
      previousTransaction: object.previousTransaction,
      storageRebate: object.storageRebate,
    },
    { initialSize: object.contents.length + 256, maxSize: 16 << 20 },
  ).toBytes();
}

export function sealObject(object: Omit<LedgerObject, 'digest'>): LedgerObject {
  return { ...object, digest: taggedDigest('Object', objectBcs(object)) };
}

/** Seals an object whose storage is paid for now. */
export function sealPaidObject(
  object: Omit<LedgerObject, 'digest' | 'storageRebate'>,
): LedgerObject {
  const bytes = objectBcs({ ...object, storageRebate: 0n });
  const storageRebate = storageCost(bytes.length);
  // The rebate is the last field: its value does not change the length.
  new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(bytes.length - 8, storageRebate, true);
  return { ...object, storageRebate, digest: taggedDigest('Object', bytes) };
}

export const tagOf = (object: { type: string }): TypeTag => parseType(object.type);
export const sameType = (a: TypeTag, b: TypeTag): boolean => formatType(a) === formatType(b);
