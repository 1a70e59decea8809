import type { Metadata } from '../../../chain/layouts/blob.ts';
import { type Call, moduleOf } from './call.ts';
import type { NativeFunction } from './native.ts';
import { mut, ref, type WalrusTypes } from './types.ts';
import { emptyMap, hasKey, take } from './vec-map.ts';

export const newMetadata = (): Metadata => ({ metadata: emptyMap() });

/** A key that was there moves to the end. */
export function insertOrUpdate(call: Call, self: Metadata, key: string, value: string): void {
  removeIfExists(call, self, key);
  self.metadata.contents.push({ key, value });
}

export function remove(call: Call, self: Metadata, key: string): [string, string] {
  const entry = take(call, self.metadata, key);
  return [entry.key, entry.value];
}

export function removeIfExists(call: Call, self: Metadata, key: string): string | null {
  return hasKey(self.metadata, key) ? take(call, self.metadata, key).value : null;
}

export function metadataFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'metadata');
  const { text } = types;
  return [
    define('new', { parameters: [], returns: [types.metadata], run: newMetadata }),
    define('insert_or_update', {
      parameters: [mut(types.metadata), text, text],
      run: insertOrUpdate,
    }),
    define('remove', {
      parameters: [mut(types.metadata), ref(text)],
      returns: [text, text],
      run: remove,
    }),
    define('remove_if_exists', {
      parameters: [mut(types.metadata), ref(text)],
      returns: [types.option(text)],
      run: removeIfExists,
    }),
  ];
}
