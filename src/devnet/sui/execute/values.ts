import type { TypeTag } from '../move/native.ts';
import { STD, SUI_FRAMEWORK } from '../move/native.ts';
import type { Registry } from '../types/registry.ts';
import { formatType } from '../types/type-tag.ts';
import { type ArgumentFault, badArgument, ExecutionFailure } from './failure.ts';
import type { LiveObject } from './session.ts';
import { type Argument, sameBytes } from './transaction.ts';

/** Something that an argument can name. */
export type Place =
  | { readonly kind: 'pure'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'gas' | 'object';
      readonly live: LiveObject;
      /** may be changed and taken: owned, or shared and declared mutable */
      readonly mutable: boolean;
      taken: boolean;
    }
  | { readonly kind: 'result'; readonly type: TypeTag; value: unknown; taken: boolean };

/** The inputs and results of a running transaction, with the rules for using each of them. */
export class Values {
  readonly inputs: readonly Place[];
  readonly results: Place[][] = [];
  readonly gas: Place;
  private readonly registry: Registry;
  /** places that the present command has borrowed, and whether for writing */
  private readonly borrowed = new Map<Place, boolean>();

  constructor(registry: Registry, inputs: readonly Place[], gas: Place) {
    this.registry = registry;
    this.inputs = inputs;
    this.gas = gas;
  }

  /** Ends all borrows. */
  nextCommand(): void {
    this.borrowed.clear();
  }

  place(position: number, argument: Argument): Place {
    switch (argument.$kind) {
      case 'GasCoin':
        return this.gas;
      case 'Input':
        return this.inputs[argument.Input] ?? refuseIndex(position, argument.Input);
      case 'Result': {
        const list = this.results[argument.Result] ?? refuseIndex(position, argument.Result);
        if (list.length !== 1) throw badArgument(position, 'InvalidResultArity');
        return list[0] as Place;
      }
      case 'NestedResult': {
        const [index, subresult] = argument.NestedResult;
        const list = this.results[index] ?? refuseIndex(position, index);
        return list[subresult] ?? refuseIndex(position, index, subresult);
      }
    }
  }

  typeOf(place: Place): TypeTag | undefined {
    if (place.kind === 'pure') return undefined;
    return place.kind === 'result' ? place.type : place.live.type;
  }

  /** By value. @param type expected, or undefined for any */
  take(
    position: number,
    argument: Argument,
    type: TypeTag | undefined,
  ): { type: TypeTag; value: unknown } {
    const place = this.place(position, argument);
    if (place.kind === 'pure') return this.pure(position, place.bytes, type);
    this.check(position, place, type);
    if (this.borrowed.has(place)) throw badArgument(position, 'CannotMoveBorrowedValue');
    if (place.kind === 'gas') throw badArgument(position, 'InvalidGasCoinUsage');
    return this.move(position, place);
  }

  /** By value, the gas coin included: for TransferObjects alone. */
  takeForTransfer(position: number, argument: Argument): { type: TypeTag; value: unknown } {
    const place = this.place(position, argument);
    if (place.kind === 'pure') throw badArgument(position, 'InvalidUsageOfPureArg');
    this.check(position, place, undefined);
    if (this.borrowed.has(place)) throw badArgument(position, 'CannotMoveBorrowedValue');
    return this.move(position, place);
  }

  /** By reference. */
  borrow(
    position: number,
    argument: Argument,
    type: TypeTag | undefined,
    mutable: boolean,
  ): { type: TypeTag; value: unknown } {
    const place = this.place(position, argument);
    if (place.kind === 'pure') return this.pure(position, place.bytes, type);
    this.check(position, place, type);
    const other = this.borrowed.get(place);
    if (other !== undefined && (other || mutable)) {
      throw badArgument(position, 'InvalidReferenceArgument');
    }
    this.borrowed.set(place, mutable);
    if (place.kind === 'result') return place;
    if (mutable && !place.mutable) throw badArgument(position, 'InvalidObjectByMutRef');
    if (mutable) place.live.dirty = true;
    return { type: place.live.type, value: place.live.value };
  }

  /** The first result that may not be forgotten. */
  leftover(): { result: number; subresult: number } | undefined {
    for (const [result, list] of this.results.entries()) {
      for (const [subresult, place] of list.entries()) {
        if (place.kind !== 'result' || place.taken) continue;
        if (!this.registry.abilities(place.type).has('drop')) return { result, subresult };
      }
    }
    return undefined;
  }

  private check(position: number, place: Exclude<Place, { kind: 'pure' }>, type?: TypeTag): void {
    if (place.taken) throw badArgument(position, 'InvalidValueUsage');
    const actual = this.typeOf(place);
    if (type !== undefined && actual && formatType(actual) !== formatType(type)) {
      throw badArgument(position, 'TypeMismatch');
    }
  }

  private move(position: number, place: Exclude<Place, { kind: 'pure' }>) {
    if (place.kind === 'result') {
      if (!this.registry.abilities(place.type).has('copy')) {
        place.taken = true;
        return place;
      }
      const layout = this.registry.layout(place.type);
      return { type: place.type, value: layout.parse(layout.serialize(place.value).toBytes()) };
    }
    if (!place.mutable) throw badArgument(position, 'InvalidObjectByValue');
    place.taken = true;
    place.live.owner = undefined;
    return { type: place.live.type, value: place.live.value };
  }

  private pure(position: number, bytes: Uint8Array, type: TypeTag | undefined) {
    if (type === undefined || !mayBePure(type)) {
      throw badArgument(position, 'InvalidUsageOfPureArg');
    }
    return { type, value: this.parsePure(position, bytes, type) };
  }

  private parsePure(position: number, bytes: Uint8Array, type: TypeTag): unknown {
    const layout = this.registry.layout(type);
    try {
      const value = layout.parse(bytes);
      const again = layout.serialize(value, { maxSize: bytes.length + 64 }).toBytes();
      if (sameBytes(again, bytes)) return value;
    } catch {
      // Too short, or not a value of the type.
    }
    throw badArgument(position, 'InvalidBCSBytes');
  }
}

const PURE_STRUCTS = new Set([
  `${STD}::string::String`,
  `${STD}::ascii::String`,
  `${SUI_FRAMEWORK}::object::ID`,
]);

function mayBePure(type: TypeTag): boolean {
  if (typeof type === 'string') return true;
  if ('vector' in type) return mayBePure(type.vector);
  const name = `${type.address}::${type.module}::${type.name}`;
  if (name === `${STD}::option::Option`) return type.typeArguments.every(mayBePure);
  return PURE_STRUCTS.has(name);
}

function refuseIndex(position: number, index: number, subresult?: number): never {
  const fault: ArgumentFault =
    subresult === undefined ? 'IndexOutOfBounds' : 'SecondaryIndexOutOfBounds';
  throw new ExecutionFailure({
    kind: 'CommandArgumentError',
    argument: position,
    fault,
    index,
    ...(subresult === undefined ? {} : { subresult }),
  });
}
