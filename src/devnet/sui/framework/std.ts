import { bcs } from '@mysten/bcs';
import { type NativePackage, ref, STD, struct, typeParameter, vector } from '../move/native.ts';
import { ANY, native } from './native-function.ts';

const T = typeParameter(0);
const OPTION = struct(STD, 'option', 'Option', T);
const STRING = struct(STD, 'string', 'String');
const ASCII = struct(STD, 'ascii', 'String');

const OPTION_IS_SET = 0x40000;
const OPTION_NOT_SET = 0x40001;
const INVALID_UTF8 = 1;
const INVALID_ASCII = 0x10000;

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The parts of `0x1` that a transaction can call. */
export const stdPackage: NativePackage = {
  originalId: STD,
  versions: [{ id: STD, version: 1 }],
  structs: [
    {
      module: 'option',
      name: 'Option',
      abilities: ['copy', 'drop', 'store'],
      typeParameters: [ANY],
      layout: ([inside]) => bcs.option(inside ?? bcs.bool()),
    },
    ...['string', 'ascii'].map((module) => ({
      module,
      name: 'String',
      abilities: ['copy', 'drop', 'store'] as const,
      layout: () => bcs.string(),
    })),
  ],
  functions: [
    native('option', 'none', { typeParameters: [ANY], returns: [OPTION], run: () => [null] }),
    native('option', 'some', {
      typeParameters: [ANY],
      parameters: [T],
      returns: [OPTION],
      run: (_, __, [value]) => [value],
    }),
    native('option', 'is_none', {
      typeParameters: [ANY],
      parameters: [ref(OPTION)],
      returns: ['bool'],
      run: (_, __, [option]) => [option === null],
    }),
    native('option', 'is_some', {
      typeParameters: [ANY],
      parameters: [ref(OPTION)],
      returns: ['bool'],
      run: (_, __, [option]) => [option !== null],
    }),
    native('option', 'destroy_none', {
      typeParameters: [ANY],
      parameters: [OPTION],
      run: (context, _, [option]) => {
        if (option !== null) context.abort('option', OPTION_IS_SET);
        return [];
      },
    }),
    native('option', 'destroy_some', {
      typeParameters: [ANY],
      parameters: [OPTION],
      returns: [T],
      run: (context, _, [option]) => {
        if (option === null) context.abort('option', OPTION_NOT_SET);
        return [option];
      },
    }),
    native('string', 'utf8', {
      parameters: [vector('u8')],
      returns: [STRING],
      run: (context, _, [bytes]) => [decodeUtf8(bytes) ?? context.abort('string', INVALID_UTF8)],
    }),
    native('ascii', 'string', {
      parameters: [vector('u8')],
      returns: [ASCII],
      run: (context, _, [bytes]) => {
        const text: Uint8Array = bytes;
        if (text.some((byte) => byte > 0x7f)) context.abort('ascii', INVALID_ASCII);
        return [String.fromCharCode(...text)];
      },
    }),
  ],
};
