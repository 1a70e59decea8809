/**
 * How a Move package is written in TypeScript for the local chain: struct definitions with their BCS
 * layouts, and functions that work on the parsed values.
 *
 * In memory a value is exactly what the BCS layout of its type parses to:
 *
 * | Move                          | TypeScript                                       |
 * | ----------------------------- | ------------------------------------------------ |
 * | bool, u8, u16, u32            | boolean, number                                  |
 * | u64, u128, u256               | bigint                                           |
 * | address, `ID`, `UID`          | `0x` and 64 lower-case hex digits                |
 * | `vector<u8>`                  | Uint8Array; other vectors are arrays             |
 * | `String`                      | string                                           |
 * | `Option<T>`                   | T or null                                        |
 * | struct                        | an object with the names of the Move fields      |
 * | `Balance<T>`                  | `{ value: bigint }`                              |
 * | `VecMap<K, V>`                | `{ contents: { key, value }[] }`                 |
 *
 * A function gets references as the very object that is stored, and a mutable reference is changed in
 * place. A failed transaction throws all of them away, so nothing has to be undone.
 */
import type { BcsType } from '@mysten/bcs';

/** `0x` and 64 lower-case hex digits. */
export type Address = string;

export type Ability = 'copy' | 'drop' | 'store' | 'key';

export type Primitive = 'bool' | 'u8' | 'u16' | 'u32' | 'u64' | 'u128' | 'u256' | 'address';

/** A type in a signature; `parameter` is a position in the list of type parameters. */
export type MoveType =
  | Primitive
  | { readonly vector: MoveType }
  | { readonly parameter: number }
  | StructType
  | { readonly reference: MoveType }
  | { readonly mutable: MoveType };

export interface StructType {
  readonly address: Address;
  readonly module: string;
  readonly name: string;
  readonly typeArguments: readonly MoveType[];
}

/** A type without parameters and references: the type of a value. */
export type TypeTag =
  | Primitive
  | { readonly vector: TypeTag }
  | {
      readonly address: Address;
      readonly module: string;
      readonly name: string;
      readonly typeArguments: readonly TypeTag[];
    };

// biome-ignore lint/suspicious/noExplicitAny: a layout reads and writes values of a type known only at run time
export type Layout = BcsType<any, any>;

export interface TypeParameter {
  readonly phantom?: boolean;
  readonly constraints: readonly Ability[];
}

export interface StructDefinition {
  readonly module: string;
  readonly name: string;
  readonly abilities: readonly Ability[];
  readonly typeParameters?: readonly TypeParameter[];
  /** @param typeArguments the layouts of the type arguments; a phantom one must not be used */
  layout(typeArguments: readonly Layout[]): Layout;
}

export interface NativeFunction {
  readonly module: string;
  readonly name: string;
  readonly typeParameters?: readonly TypeParameter[];
  /** As in the Move source; a last `&mut TxContext` (`TX_CONTEXT`) is described but not passed to `run`. */
  readonly parameters: readonly MoveType[];
  readonly returns: readonly MoveType[];
  /** `public` unless told. `entry` functions that are not public only take what Sui lets them take. */
  readonly visibility?: 'public' | 'entry';
  /**
   * @param values one per parameter, parsed. Values passed by value belong to the function: it returns
   *   them, puts them into others, hands them to `context.transfer`, or ends their id with `context.deleteId`.
   * @returns one value per entry of `returns`
   */
  run(
    context: MoveContext,
    typeArguments: readonly TypeTag[],
    // biome-ignore lint/suspicious/noExplicitAny: the types are those of `parameters`, known only at run time
    values: readonly any[],
  ): readonly unknown[];
}

/** One package with all its versions. Types carry the original id, calls name a version's id. */
export interface NativePackage {
  readonly originalId: Address;
  /** Ascending; the first one is the original. Functions behave alike at each of them, except through `context.packageVersion`. */
  readonly versions: readonly { readonly id: Address; readonly version: number }[];
  readonly structs: readonly StructDefinition[];
  readonly functions: readonly NativeFunction[];
}

/** What a function sees of the transaction and of the chain. */
export interface MoveContext {
  readonly sender: Address;
  /** base58 */
  readonly digest: string;
  /** of Sui, not of Walrus */
  readonly epoch: bigint;
  /** the on-chain clock */
  readonly timestampMs: bigint;
  /** the package that the running function belongs to (original id), and the version that was called */
  readonly packageId: Address;
  readonly packageVersion: number;

  /** Signatures count as valid: a log is replayed, and its effects tell whether they were. */
  readonly trusting: boolean;

  /** A new object id, as `object::new`. */
  freshId(): Address;
  /** As `object::delete`: the object with this id ends. Without it a swallowed object counts as wrapped. */
  deleteId(id: Address): void;
  /** @param type of the event struct; `module::Name` means: of the running package */
  emit(type: string | TypeTag, value: object): void;
  /**
   * Ends the transaction.
   *
   * @param module `name` of the running package, or `0x2::name`
   * @param functionName shown in error texts; the running function if left out
   */
  abort(module: string, code: number | bigint, functionName?: string): never;

  transfer(type: TypeTag, value: { id: Address }, recipient: Address): void;
  share(type: TypeTag, value: { id: Address }): void;
  freeze(type: TypeTag, value: { id: Address }): void;

  readonly fields: DynamicFields;
  /** `dynamic_object_field`, as used by `ObjectTable` and `ObjectBag`. */
  readonly objectFields: DynamicFields;
}

/**
 * Dynamic fields of any object of this transaction. Missing and doubled fields abort like `0x2::dynamic_field`
 * (code 1 and 0), a field of another type with code 2.
 */
export interface DynamicFields {
  has(parent: Address, nameType: TypeTag, name: unknown): boolean;
  /** For reading only: changes are lost. */
  // biome-ignore lint/suspicious/noExplicitAny: the type is that of `valueType`
  borrow(parent: Address, nameType: TypeTag, name: unknown, valueType: TypeTag): any;
  /** Changes made to the answer in this transaction are stored. */
  // biome-ignore lint/suspicious/noExplicitAny: the type is that of `valueType`
  borrowMut(parent: Address, nameType: TypeTag, name: unknown, valueType: TypeTag): any;
  add(parent: Address, nameType: TypeTag, name: unknown, valueType: TypeTag, value: unknown): void;
  // biome-ignore lint/suspicious/noExplicitAny: the type is that of `valueType`
  remove(parent: Address, nameType: TypeTag, name: unknown, valueType: TypeTag): any;
}

const ZEROS = '0'.repeat(64);

/** Pads a short address: `0x2` becomes `0x` and 64 digits. */
export function address(short: string): Address {
  return `0x${(ZEROS + short.replace(/^0x/, '').toLowerCase()).slice(-64)}`;
}

export const STD = address('0x1');
export const SUI_FRAMEWORK = address('0x2');

/** A type of a package, for signatures and tags alike. */
export function struct<T extends MoveType = never>(
  packageId: Address,
  module: string,
  name: string,
  ...typeArguments: T[]
): { address: Address; module: string; name: string; typeArguments: T[] } {
  return { address: packageId, module, name, typeArguments };
}

export const vector = <T extends MoveType>(element: T): { vector: T } => ({ vector: element });
export const ref = (type: MoveType): MoveType => ({ reference: type });
export const mut = (type: MoveType): MoveType => ({ mutable: type });
export const typeParameter = (position: number): MoveType => ({ parameter: position });

export const TX_CONTEXT: MoveType = mut(struct(SUI_FRAMEWORK, 'tx_context', 'TxContext'));

/** How an object is held. */
export type Owner =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'object'; readonly parent: Address }
  | { readonly kind: 'shared'; readonly initialVersion: bigint }
  | { readonly kind: 'immutable' };

/** An object that exists from the start (version 1 unless told; a shared one is shared at that version). */
export interface GenesisObject {
  readonly id: Address;
  readonly type: TypeTag;
  readonly owner: Owner;
  readonly version?: bigint;
  /** BCS of the struct */
  readonly contents: Uint8Array;
}

/** What a package brings along when the chain is made. */
export interface GenesisPart {
  readonly packages: readonly NativePackage[];
  readonly objects: readonly GenesisObject[];
}
