import type { Call } from '../../../src/devnet/sui/move/call.ts';
import type { DynamicFields, MoveContext } from '../../../src/devnet/sui/move/native.ts';
import { walrusTypes } from '../../../src/devnet/sui/move/types.ts';

/** A call of a contract's function without a chain around it: fields in a map, aborts as errors. */
export function bareCall(): Call {
  const values = new Map<string, unknown>();
  const keyOf = (parent: string, name: unknown) => `${parent} ${JSON.stringify(name)}`;
  let ids = 0;
  const abort: MoveContext['abort'] = (module, code) => {
    throw new Error(`${module} ${code}`);
  };
  const need = (parent: string, name: unknown) => {
    if (!values.has(keyOf(parent, name))) abort('0x2::dynamic_field', 1);
    return values.get(keyOf(parent, name));
  };
  const fields: DynamicFields = {
    has: (parent, _, name) => values.has(keyOf(parent, name)),
    borrow: (parent, _, name) => need(parent, name),
    borrowMut: (parent, _, name) => need(parent, name),
    add: (parent, _, name, __, value) => {
      if (values.has(keyOf(parent, name))) abort('0x2::dynamic_field', 0);
      values.set(keyOf(parent, name), value);
    },
    remove: (parent, _, name) => {
      const value = need(parent, name);
      values.delete(keyOf(parent, name));
      return value;
    },
  };
  const context = {
    ...{ fields, objectFields: fields, abort },
    sender: `0x${'5e'.repeat(32)}`,
    freshId: () => `0x${(++ids).toString(16).padStart(64, '0')}`,
    deleteId: () => {},
    emit: () => {},
  };
  const id = `0x${'0'.repeat(64)}`;
  const types = walrusTypes({ walrus: id, wal: id, exchange: id });
  return { context: context as unknown as MoveContext, types, typeArguments: [] };
}
