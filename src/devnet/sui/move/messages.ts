import { INTENT, INTENT_VERSION, WALRUS_APP_ID } from '../../../protocol/messages.ts';
import { type Call, check } from './call.ts';
import type { Address } from './native.ts';
import { Peel } from './peel.ts';

const MODULE = 'messages';
const INCORRECT_APP_ID = 0;
const INCORRECT_EPOCH = 1;
const INVALID_TYPE = 2;
const INCORRECT_VERSION = 3;
const INVALID_PERSISTENCE = 4;

/** A message whose signature was checked, after its header was. */
export interface CertifiedMessage {
  readonly intent: number;
  readonly epoch: number;
  readonly body: Peel;
}

/** `objectId` is undefined for a permanent blob. */
export interface CertifiedBlob {
  readonly blobId: bigint;
  readonly objectId: Address | undefined;
}

export function openMessage(call: Call, bytes: Uint8Array, epoch: number): CertifiedMessage {
  const abortUnless = (condition: boolean, code: number) =>
    check(call, condition, MODULE, code, 'new_certified_message');
  const body = new Peel(call, bytes);
  const intent = body.u8();
  abortUnless(body.u8() === INTENT_VERSION, INCORRECT_VERSION);
  abortUnless(body.u8() === WALRUS_APP_ID, INCORRECT_APP_ID);
  abortUnless(body.u32() === epoch, INCORRECT_EPOCH);
  return { intent, epoch, body };
}

/** Bytes after the message are not looked at, as in the contract. */
export function certifiedBlob(call: Call, message: CertifiedMessage): CertifiedBlob {
  const body = expectIntent(call, message, INTENT.blobCertificate, 'certify_blob_message');
  const blobId = body.u256();
  const kind = body.u8();
  check(call, kind <= 1, MODULE, INVALID_PERSISTENCE, 'peel_blob_persistence_type');
  return { blobId, objectId: kind === 1 ? body.address() : undefined };
}

export function invalidBlobId(call: Call, message: CertifiedMessage): bigint {
  return expectIntent(call, message, INTENT.invalidBlobId, 'invalid_blob_id_message').u256();
}

export function protocolVersion(call: Call, message: CertifiedMessage) {
  const body = expectIntent(call, message, INTENT.protocolVersion, 'protocol_version_message');
  return { startEpoch: body.u32(), version: body.u64() };
}

export function denyListUpdate(call: Call, message: CertifiedMessage) {
  const body = expectIntent(call, message, INTENT.denyListUpdate, 'deny_list_update_message');
  return { nodeId: body.address(), sequence: body.u64(), size: body.u64(), root: body.u256() };
}

export function deletedDenyListed(call: Call, message: CertifiedMessage): bigint {
  const name = 'deny_list_blob_deleted_message';
  return expectIntent(call, message, INTENT.denyListBlobDeleted, name).u256();
}

/** What a node signs to show that it has the key which it brings. */
export function possessionMessage(
  epoch: number,
  sender: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(7 + sender.length + publicKey.length);
  bytes.set([INTENT.proofOfPossession, INTENT_VERSION, WALRUS_APP_ID]);
  new DataView(bytes.buffer).setUint32(3, epoch, true);
  bytes.set(sender, 7);
  bytes.set(publicKey, 7 + sender.length);
  return bytes;
}

function expectIntent(
  call: Call,
  message: CertifiedMessage,
  intent: number,
  functionName: string,
): Peel {
  check(call, message.intent === intent, MODULE, INVALID_TYPE, functionName);
  return message.body;
}
