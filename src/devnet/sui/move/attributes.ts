/** The dynamic field with the attributes, of a Blob and of a PooledBlob alike. */
import type { Metadata } from '../../../chain/layouts/blob.ts';
import { type Call, check } from './call.ts';
import { insertOrUpdate, newMetadata, remove, removeIfExists } from './metadata.ts';
import type { Address, TypeTag } from './native.ts';

/** The object that has attributes, and how its module aborts. */
export interface Attributed {
  readonly id: Address;
  readonly module: string;
  readonly duplicate: number;
  readonly missing: number;
}

const FIELD_NAME = new TextEncoder().encode('metadata');
const NAME_TYPE: TypeTag = { vector: 'u8' };

export function hasAttributes({ context }: Call, { id }: Attributed): boolean {
  return context.fields.has(id, NAME_TYPE, FIELD_NAME);
}

export function addAttributes(call: Call, owner: Attributed, metadata: Metadata): void {
  check(call, !hasAttributes(call, owner), owner.module, owner.duplicate, 'add_metadata');
  call.context.fields.add(owner.id, NAME_TYPE, FIELD_NAME, call.types.metadata, metadata);
}

export function takeAttributes(call: Call, owner: Attributed): Metadata {
  check(call, hasAttributes(call, owner), owner.module, owner.missing, 'take_metadata');
  return call.context.fields.remove(owner.id, NAME_TYPE, FIELD_NAME, call.types.metadata);
}

export function replaceAttributes(
  call: Call,
  owner: Attributed,
  metadata: Metadata,
): Metadata | null {
  const old = hasAttributes(call, owner) ? takeAttributes(call, owner) : null;
  addAttributes(call, owner, metadata);
  return old;
}

/** What `delete` and `burn` do first. */
export function dropAttributes(call: Call, owner: Attributed): void {
  if (hasAttributes(call, owner)) takeAttributes(call, owner);
}

export function setAttribute(call: Call, owner: Attributed, key: string, value: string): void {
  if (!hasAttributes(call, owner)) addAttributes(call, owner, newMetadata());
  insertOrUpdate(call, borrow(call, owner), key, value);
}

export function removeAttribute(call: Call, owner: Attributed, key: string): [string, string] {
  check(call, hasAttributes(call, owner), owner.module, owner.missing, 'metadata');
  return remove(call, borrow(call, owner), key);
}

export function removeAttributeIfExists(call: Call, owner: Attributed, key: string): string | null {
  return hasAttributes(call, owner) ? removeIfExists(call, borrow(call, owner), key) : null;
}

function borrow(call: Call, { id }: Attributed): Metadata {
  return call.context.fields.borrowMut(id, NAME_TYPE, FIELD_NAME, call.types.metadata);
}
