import { blake2b } from '@noble/hashes/blake2.js';
import { type Blob, BlobIdDerivation, type Storage } from '../../../chain/layouts/blob.ts';
import { blobIdToInteger } from '../../../protocol/blob-id.ts';
import { type Attributed, dropAttributes } from './attributes.ts';
import { type Call, check } from './call.ts';
import { encodedBlobLength } from './encoding.ts';
import { emit } from './events.ts';
import type { CertifiedBlob } from './messages.ts';
import { destroyStorage, fusePeriods } from './storage-resource.ts';

const MODULE = 'blob';
const NOT_CERTIFIED = 0;
const NOT_DELETABLE = 1;
const RESOURCE_BOUNDS = 2;
const RESOURCE_SIZE = 3;
const ALREADY_CERTIFIED = 5;
const INVALID_BLOB_ID = 6;
const DUPLICATE_METADATA = 7;
const MISSING_METADATA = 8;
const INVALID_PERSISTENCE = 9;
const INVALID_OBJECT = 10;

export const attributed = (blob: Blob): Attributed => ({
  id: blob.id,
  module: MODULE,
  duplicate: DUPLICATE_METADATA,
  missing: MISSING_METADATA,
});

/** BLAKE2b-256 over encoding type, size and root hash. */
export function deriveBlobId(rootHash: bigint, encodingType: number, size: bigint): bigint {
  const input = BlobIdDerivation.serialize({
    encoding_type: encodingType,
    size,
    root_hash: rootHash,
  });
  return blobIdToInteger(blake2b(input.toBytes(), { dkLen: 32 }));
}

export interface Registration {
  readonly storage: Storage;
  readonly blobId: bigint;
  readonly rootHash: bigint;
  readonly size: bigint;
  readonly encodingType: number;
  readonly deletable: boolean;
}

/** The reservation is swallowed whole. */
export function newBlob(
  call: Call,
  registration: Registration,
  epoch: number,
  shardCount: number,
): Blob {
  const { storage, blobId, rootHash, size, encodingType, deletable } = registration;
  const id = call.context.freshId();
  check(call, epoch >= storage.start_epoch, MODULE, RESOURCE_BOUNDS, 'new');
  check(call, epoch < storage.end_epoch, MODULE, RESOURCE_BOUNDS, 'new');
  const encoded = encodedBlobLength(call, size, encodingType, shardCount);
  check(call, encoded <= storage.storage_size, MODULE, RESOURCE_SIZE, 'new');
  const derived = deriveBlobId(rootHash, encodingType, size);
  check(call, derived === blobId, MODULE, INVALID_BLOB_ID, 'new');
  emit(call, 'BlobRegistered', {
    epoch,
    blob_id: blobId,
    size,
    encoding_type: encodingType,
    end_epoch: storage.end_epoch,
    deletable,
    object_id: id,
  });
  return {
    id,
    registered_epoch: epoch,
    blob_id: blobId,
    size,
    encoding_type: encodingType,
    certified_epoch: null,
    storage,
    deletable,
  };
}

export function certify(call: Call, blob: Blob, epoch: number, message: CertifiedBlob): void {
  const abortUnless = (condition: boolean, code: number) =>
    check(call, condition, MODULE, code, 'certify_with_certified_msg');
  abortUnless(blob.blob_id === message.blobId, INVALID_BLOB_ID);
  abortUnless(blob.certified_epoch === null, ALREADY_CERTIFIED);
  abortUnless(epoch < blob.storage.end_epoch, RESOURCE_BOUNDS);
  abortUnless(blob.deletable === (message.objectId !== undefined), INVALID_PERSISTENCE);
  if (blob.deletable) abortUnless(message.objectId === blob.id, INVALID_OBJECT);
  blob.certified_epoch = epoch;
  emitCertified(call, blob, false);
}

/** @returns the reservation, which becomes an object of its own again */
export function deleteBlob(call: Call, blob: Blob, epoch: number): Storage {
  dropAttributes(call, attributed(blob));
  const { storage } = blob;
  check(call, blob.deletable, MODULE, NOT_DELETABLE, 'delete');
  check(call, storage.end_epoch > epoch, MODULE, RESOURCE_BOUNDS, 'delete');
  call.context.deleteId(blob.id);
  emit(call, 'BlobDeleted', {
    epoch,
    blob_id: blob.blob_id,
    end_epoch: storage.end_epoch,
    object_id: blob.id,
    was_certified: blob.certified_epoch !== null,
  });
  return storage;
}

/** In any state, without a refund and without an event. */
export function burn(call: Call, blob: Blob): void {
  dropAttributes(call, attributed(blob));
  call.context.deleteId(blob.id);
  destroyStorage(call, blob.storage);
}

export function assertCertifiedNotExpired(call: Call, blob: Blob, epoch: number): void {
  const name = 'assert_certified_not_expired';
  check(call, blob.certified_epoch !== null, MODULE, NOT_CERTIFIED, name);
  check(call, epoch < blob.storage.end_epoch, MODULE, RESOURCE_BOUNDS, name);
}

export function extendWithResource(
  call: Call,
  blob: Blob,
  extension: Storage,
  epoch: number,
): void {
  assertCertifiedNotExpired(call, blob, epoch);
  const longer = extension.end_epoch > blob.storage.end_epoch;
  check(call, longer, MODULE, RESOURCE_BOUNDS, 'extend_with_resource');
  fusePeriods(call, blob.storage, extension);
  emitCertified(call, blob, true);
}

/** Extensions name the epoch of the first certification as well. */
export function emitCertified(call: Call, blob: Blob, isExtension: boolean): void {
  emit(call, 'BlobCertified', {
    epoch: blob.certified_epoch ?? 0,
    blob_id: blob.blob_id,
    end_epoch: blob.storage.end_epoch,
    deletable: blob.deletable,
    object_id: blob.id,
    is_extension: isExtension,
  });
}
