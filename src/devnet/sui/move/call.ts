import type { MoveContext, MoveType, NativeFunction, TypeParameter, TypeTag } from './native.ts';
import type { WalrusTypes } from './types.ts';

/** A running function's view of the chain, with the types of the packages at hand. */
export interface Call {
  readonly context: MoveContext;
  readonly types: WalrusTypes;
  readonly typeArguments: readonly TypeTag[];
}

interface Definition<Values extends readonly unknown[]> {
  readonly parameters: readonly MoveType[];
  readonly returns?: readonly MoveType[];
  readonly typeParameters?: readonly TypeParameter[];
  readonly visibility?: 'public' | 'entry';
  /** Gives the value that is returned, a list of them if there are several, anything if there is none. */
  run(call: Call, ...values: Values): unknown;
}

/** Writes down the functions of one Move module. */
export function moduleOf(types: WalrusTypes, module: string) {
  return <Values extends readonly unknown[]>(
    name: string,
    definition: Definition<Values>,
  ): NativeFunction => {
    const { run, returns = [], ...rest } = definition;
    return {
      module,
      name,
      returns,
      ...rest,
      run: (context, typeArguments, values) => {
        // The values are those of `parameters`: the engine has checked it.
        const result = run({ context, types, typeArguments }, ...(values as unknown as Values));
        if (returns.length === 0) return [];
        return returns.length === 1 ? [result] : (result as readonly unknown[]);
      },
    };
  };
}

/** Aborts with `code` of `module` unless `condition` holds. */
export function check(
  call: Call,
  condition: boolean,
  module: string,
  code: number,
  functionName?: string,
): asserts condition {
  if (!condition) call.context.abort(module, code, functionName);
}
