import type { MoveType, NativeFunction, TypeParameter } from '../move/native.ts';

/** A shorter way to write a function down; everything but names and `run` may be left out. */
export function native(
  module: string,
  name: string,
  parts: {
    typeParameters?: readonly TypeParameter[];
    parameters?: readonly MoveType[];
    returns?: readonly MoveType[];
    run: NativeFunction['run'];
  },
): NativeFunction {
  return { module, name, parameters: [], returns: [], ...parts };
}

export const ANY: TypeParameter = { constraints: [] };
export const PHANTOM: TypeParameter = { constraints: [], phantom: true };
export const STORED: TypeParameter = { constraints: ['store'] };
export const OBJECT: TypeParameter = { constraints: ['key', 'store'] };
