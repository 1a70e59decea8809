import type { Blob, Metadata } from '../../../chain/layouts/blob.ts';
import {
  addAttributes,
  removeAttribute,
  removeAttributeIfExists,
  replaceAttributes,
  setAttribute,
  takeAttributes,
} from './attributes.ts';
import { attributed, burn, deriveBlobId } from './blob.ts';
import { moduleOf } from './call.ts';
import { encodedBlobLength } from './encoding.ts';
import type { NativeFunction } from './native.ts';
import { mut, ref, type WalrusTypes } from './types.ts';

/** What anyone who holds a Blob may do with it, without the System object. */
export function blobFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'blob');
  const { text, metadata } = types;
  const blob = types.blob;
  const read = [ref(blob)];
  return [
    define('object_id', { parameters: read, returns: [types.id], run: (_, b: Blob) => b.id }),
    define('registered_epoch', {
      parameters: read,
      returns: ['u32'],
      run: (_, b: Blob) => b.registered_epoch,
    }),
    define('blob_id', { parameters: read, returns: ['u256'], run: (_, b: Blob) => b.blob_id }),
    define('size', { parameters: read, returns: ['u64'], run: (_, b: Blob) => b.size }),
    define('encoding_type', {
      parameters: read,
      returns: ['u8'],
      run: (_, b: Blob) => b.encoding_type,
    }),
    define('is_deletable', {
      parameters: read,
      returns: ['bool'],
      run: (_, b: Blob) => b.deletable,
    }),
    define('end_epoch', {
      parameters: read,
      returns: ['u32'],
      run: (_, b: Blob) => b.storage.end_epoch,
    }),
    define('encoded_size', {
      parameters: [ref(blob), 'u16'],
      returns: ['u64'],
      run: (call, b: Blob, shardCount: number) =>
        encodedBlobLength(call, b.size, b.encoding_type, shardCount),
    }),
    define('derive_blob_id', {
      parameters: ['u256', 'u8', 'u64'],
      returns: ['u256'],
      run: (_, root: bigint, type: number, size: bigint) => deriveBlobId(root, type, size),
    }),
    define('burn', { parameters: [blob], run: burn }),
    define('add_metadata', {
      parameters: [mut(blob), metadata],
      run: (call, b: Blob, added: Metadata) => addAttributes(call, attributed(b), added),
    }),
    define('add_or_replace_metadata', {
      parameters: [mut(blob), metadata],
      returns: [types.option(metadata)],
      run: (call, b: Blob, added: Metadata) => replaceAttributes(call, attributed(b), added),
    }),
    define('take_metadata', {
      parameters: [mut(blob)],
      returns: [metadata],
      run: (call, b: Blob) => takeAttributes(call, attributed(b)),
    }),
    define('insert_or_update_metadata_pair', {
      parameters: [mut(blob), text, text],
      run: (call, b: Blob, key: string, value: string) =>
        setAttribute(call, attributed(b), key, value),
    }),
    define('remove_metadata_pair', {
      parameters: [mut(blob), ref(text)],
      returns: [text, text],
      run: (call, b: Blob, key: string) => removeAttribute(call, attributed(b), key),
    }),
    define('remove_metadata_pair_if_exists', {
      parameters: [mut(blob), ref(text)],
      returns: [types.option(text)],
      run: (call, b: Blob, key: string) => removeAttributeIfExists(call, attributed(b), key),
    }),
  ];
}
