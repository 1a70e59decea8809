import {
  type NativeFunction,
  ref,
  SUI_FRAMEWORK,
  struct,
  type TypeTag,
  typeParameter,
} from '../move/native.ts';
import { ANY, native, OBJECT } from './native-function.ts';

const T = typeParameter(0);
const CLOCK = struct(SUI_FRAMEWORK, 'clock', 'Clock');
const CONTEXT = ref(struct(SUI_FRAMEWORK, 'tx_context', 'TxContext'));

const first = (types: readonly TypeTag[]): TypeTag => types[0] ?? 'bool';

/** `transfer`, `object`, `clock` and `tx_context`, as far as a transaction can call them. */
export const objectFunctions: readonly NativeFunction[] = [
  native('transfer', 'public_transfer', {
    typeParameters: [OBJECT],
    parameters: [T, 'address'],
    run: (context, types, [value, recipient]) => {
      context.transfer(first(types), value, recipient);
      return [];
    },
  }),
  native('transfer', 'public_share_object', {
    typeParameters: [OBJECT],
    parameters: [T],
    run: (context, types, [value]) => {
      context.share(first(types), value);
      return [];
    },
  }),
  native('transfer', 'public_freeze_object', {
    typeParameters: [OBJECT],
    parameters: [T],
    run: (context, types, [value]) => {
      context.freeze(first(types), value);
      return [];
    },
  }),
  native('object', 'id', {
    typeParameters: [{ constraints: ['key'] }],
    parameters: [ref(T)],
    returns: [struct(SUI_FRAMEWORK, 'object', 'ID')],
    run: (_, __, [value]) => [value.id],
  }),
  native('object', 'id_from_address', {
    parameters: ['address'],
    returns: [struct(SUI_FRAMEWORK, 'object', 'ID')],
    run: (_, __, [value]) => [value],
  }),
  native('clock', 'timestamp_ms', {
    parameters: [ref(CLOCK)],
    returns: ['u64'],
    run: (_, __, [clock]) => [clock.timestamp_ms],
  }),
  native('tx_context', 'sender', {
    parameters: [CONTEXT],
    returns: ['address'],
    run: (context) => [context.sender],
  }),
  native('tx_context', 'epoch', {
    parameters: [CONTEXT],
    returns: ['u64'],
    run: (context) => [context.epoch],
  }),
];

const VEC_MAP = struct(SUI_FRAMEWORK, 'vec_map', 'VecMap', T, typeParameter(1));
const KEY_EXISTS = 0;
const COPYABLE = { constraints: ['copy'] } as const;

/** Values of simple types by content. */
const keyOf = (value: unknown): string => (value instanceof Uint8Array ? value.join() : `${value}`);

export const vecMapFunctions: readonly NativeFunction[] = [
  native('vec_map', 'empty', {
    typeParameters: [COPYABLE, ANY],
    returns: [VEC_MAP],
    run: () => [{ contents: [] }],
  }),
  native('vec_map', 'insert', {
    typeParameters: [COPYABLE, ANY],
    parameters: [{ mutable: VEC_MAP }, T, typeParameter(1)],
    run: (context, _, [map, key, value]) => {
      const entries: { key: unknown; value: unknown }[] = map.contents;
      if (entries.some((entry) => keyOf(entry.key) === keyOf(key))) {
        context.abort('vec_map', KEY_EXISTS);
      }
      entries.push({ key, value });
      return [];
    },
  }),
  native('vec_map', 'length', {
    typeParameters: [COPYABLE, ANY],
    parameters: [ref(VEC_MAP)],
    returns: ['u64'],
    run: (_, __, [map]) => [BigInt(map.contents.length)],
  }),
];
