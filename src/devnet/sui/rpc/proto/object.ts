import type { GrpcTypes } from '@mysten/sui/grpc';
import {
  coinBalance,
  coinTypeOf,
  type LedgerObject,
  objectBcs,
} from '../../ledger/ledger-object.ts';
import type { Registry } from '../../types/registry.ts';
import { wants } from '../read-mask.ts';
import { bcsMessage, ownerMessage } from './common.ts';
import type { FieldMask } from './google.ts';
import { contentsJson } from './json.ts';

/** @param mask only tells which dear parts are needed; whoever answers applies it */
export function objectMessage(
  object: LedgerObject,
  registry: Registry,
  mask?: FieldMask,
): GrpcTypes.Object {
  const json = wants(mask, 'json')
    ? contentsJson(registry, object.type, object.contents)
    : undefined;
  return {
    objectId: object.id,
    version: object.version,
    digest: object.digest,
    owner: ownerMessage(object.owner),
    objectType: object.type,
    hasPublicTransfer: object.publicTransfer,
    contents: bcsMessage(object.type, object.contents),
    previousTransaction: object.previousTransaction,
    storageRebate: object.storageRebate,
    ...(coinTypeOf(object.type) === undefined ? {} : { balance: coinBalance(object.contents) }),
    ...(wants(mask, 'bcs') ? { bcs: bcsMessage('Object', objectBcs(object)) } : {}),
    ...(json ? { json } : {}),
  };
}
