import type { Call } from './call.ts';
import type { Address, TypeTag } from './native.ts';

/** The value of `extended_field::Key`, a struct without fields. */
export const EXTENDED_KEY = { dummy_field: false };

/** Makes a field of its own for a value. */
export function newField(call: Call, type: TypeTag, value: unknown): { id: Address } {
  const id = call.context.freshId();
  call.context.fields.add(id, call.types.extendedKey, EXTENDED_KEY, type, value);
  return { id };
}

/** The value, to be read. */
export function readField<T>(call: Call, { id }: { id: Address }, type: TypeTag): T {
  return call.context.fields.borrow(id, call.types.extendedKey, EXTENDED_KEY, type);
}

/** The value, to be changed. */
export function borrowField<T>(call: Call, { id }: { id: Address }, type: TypeTag): T {
  return call.context.fields.borrowMut(id, call.types.extendedKey, EXTENDED_KEY, type);
}
