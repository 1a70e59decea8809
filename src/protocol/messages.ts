import { BLOB_ID_BYTES } from './blob-id.ts';
import { HauloutError } from './errors.ts';

/** What a signed message says. The number is its first byte. */
export const INTENT = {
  proofOfPossession: 0,
  blobCertificate: 1,
  invalidBlobId: 2,
  shardSync: 3,
  denyListUpdate: 4,
  denyListBlobDeleted: 5,
  protocolVersion: 6,
} as const;

export const INTENT_VERSION = 0;
export const WALRUS_APP_ID = 3;

/** Intent type, intent version, app ID and the epoch as u32. */
export const HEADER_BYTES = 7;
const OBJECT_ID_BYTES = 32;
const MAX_EPOCH = 0xffffffff;

export interface Confirmation {
  readonly epoch: number;
  /** 32 bytes */
  readonly blobId: Uint8Array;
  /** 32 bytes for a deletable blob; absent for a permanent one */
  readonly objectId?: Uint8Array;
}

/**
 * The bytes with which a storage node confirms that it holds its slivers of a blob.
 *
 * @returns 40 bytes for a permanent blob, 72 for a deletable one
 * @throws HauloutError 'argument-invalid'
 */
export function confirmationMessage({ epoch, blobId, objectId }: Confirmation): Uint8Array {
  checkBytes('blobId', blobId, BLOB_ID_BYTES);
  const message = startMessage(INTENT.blobCertificate, epoch, objectId === undefined ? 33 : 65);
  message.set(blobId, HEADER_BYTES);
  if (objectId === undefined) return message;
  checkBytes('objectId', objectId, OBJECT_ID_BYTES);
  message[HEADER_BYTES + BLOB_ID_BYTES] = 1;
  message.set(objectId, HEADER_BYTES + BLOB_ID_BYTES + 1);
  return message;
}

/**
 * The bytes with which a storage node says that a blob was encoded wrongly by its writer.
 *
 * @returns 39 bytes
 * @throws HauloutError 'argument-invalid'
 */
export function invalidBlobMessage(epoch: number, blobId: Uint8Array): Uint8Array {
  checkBytes('blobId', blobId, BLOB_ID_BYTES);
  const message = startMessage(INTENT.invalidBlobId, epoch, BLOB_ID_BYTES);
  message.set(blobId, HEADER_BYTES);
  return message;
}

export interface SignedHeader {
  readonly intent: number;
  readonly version: number;
  readonly appId: number;
  readonly epoch: number;
  /** what follows the header; a view */
  readonly body: Uint8Array;
}

/** Takes the header off a signed message; undefined if there are not even 7 bytes. */
export function readHeader(message: Uint8Array): SignedHeader | undefined {
  if (message.length < HEADER_BYTES) return undefined;
  const at = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return {
    intent: at.getUint8(0),
    version: at.getUint8(1),
    appId: at.getUint8(2),
    epoch: at.getUint32(3, true),
    body: message.subarray(HEADER_BYTES),
  };
}

/** A confirmation as far as its bytes tell it; undefined if they are of another kind or shape. */
export function readConfirmation(message: Uint8Array): Confirmation | undefined {
  const header = readHeader(message);
  if (header === undefined || header.intent !== INTENT.blobCertificate) return undefined;
  if (header.version !== INTENT_VERSION || header.appId !== WALRUS_APP_ID) return undefined;
  const { epoch, body } = header;
  const blobId = body.subarray(0, BLOB_ID_BYTES);
  const kind = body[BLOB_ID_BYTES];
  if (kind === 0 && body.length === BLOB_ID_BYTES + 1) return { epoch, blobId };
  if (kind !== 1 || body.length !== BLOB_ID_BYTES + 1 + OBJECT_ID_BYTES) return undefined;
  return { epoch, blobId, objectId: body.subarray(BLOB_ID_BYTES + 1) };
}

function startMessage(intent: number, epoch: number, bodyBytes: number): Uint8Array {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > MAX_EPOCH) {
    throw new HauloutError('argument-invalid', { name: 'epoch', reason: 'not a u32' });
  }
  const message = new Uint8Array(HEADER_BYTES + bodyBytes);
  message.set([intent, INTENT_VERSION, WALRUS_APP_ID]);
  new DataView(message.buffer).setUint32(3, epoch, true);
  return message;
}

function checkBytes(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length === length) return;
  throw new HauloutError('argument-invalid', { name, reason: `not ${length} bytes` });
}
