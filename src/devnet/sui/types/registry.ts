import { bcs } from '@mysten/bcs';
import { Address as AddressLayout, Bytes, U64, U128, U256 } from '../../../chain/layouts/sui.ts';
import type {
  Ability,
  Address,
  Layout,
  MoveType,
  NativeFunction,
  NativePackage,
  Primitive,
  StructDefinition,
  TypeTag,
} from '../move/native.ts';
import { formatType } from './type-tag.ts';

const PRIMITIVE_LAYOUTS: Readonly<Record<Primitive, Layout>> = {
  bool: bcs.bool(),
  u8: bcs.u8(),
  u16: bcs.u16(),
  u32: bcs.u32(),
  u64: U64,
  u128: U128,
  u256: U256,
  address: AddressLayout,
};
const VALUE_ABILITIES: ReadonlySet<Ability> = new Set<Ability>(['copy', 'drop', 'store']);

export interface FoundFunction {
  readonly package: NativePackage;
  /** of the called package id */
  readonly version: number;
  readonly function: NativeFunction;
  /** position within its module */
  readonly index: number;
}

/** A published version of a package. */
export interface FoundPackage {
  readonly package: NativePackage;
  readonly id: Address;
  readonly version: number;
}

/** A type that no package of this chain defines. */
export class UnknownTypeError extends Error {
  override readonly name = 'UnknownTypeError';
  constructor(type: string) {
    super(`the local chain has no type ${type}`);
  }
}

/** All packages of the chain: finds functions, layouts and abilities. */
export class Registry {
  private readonly packages = new Map<Address, FoundPackage>();
  private readonly structs = new Map<string, StructDefinition>();
  private readonly functions = new Map<string, { function: NativeFunction; index: number }>();
  private readonly layouts = new Map<string, Layout>();

  constructor(packages: readonly NativePackage[]) {
    for (const entry of packages) this.add(entry);
  }

  /** Makes further versions callable; with the package's first version it also brings its types. */
  add(entry: NativePackage): void {
    for (const { id, version } of entry.versions) {
      this.packages.set(id, { package: entry, id, version });
    }
    for (const definition of entry.structs) {
      this.structs.set(`${entry.originalId}::${definition.module}::${definition.name}`, definition);
    }
    const counts = new Map<string, number>();
    for (const definition of entry.functions) {
      const index = counts.get(definition.module) ?? 0;
      counts.set(definition.module, index + 1);
      const key = `${entry.originalId}::${definition.module}::${definition.name}`;
      this.functions.set(key, { function: definition, index });
    }
  }

  package(id: Address): FoundPackage | undefined {
    return this.packages.get(id);
  }

  allPackages(): readonly FoundPackage[] {
    return [...this.packages.values()];
  }

  findFunction(packageId: Address, module: string, name: string): FoundFunction | undefined {
    const found = this.packages.get(packageId);
    if (!found) return undefined;
    const entry = this.functions.get(`${found.package.originalId}::${module}::${name}`);
    return entry && { package: found.package, version: found.version, ...entry };
  }

  struct(tag: TypeTag): StructDefinition | undefined {
    if (typeof tag === 'string' || 'vector' in tag) return undefined;
    return this.structs.get(`${tag.address}::${tag.module}::${tag.name}`);
  }

  structNamed(originalId: Address, module: string, name: string): StructDefinition | undefined {
    return this.structs.get(`${originalId}::${module}::${name}`);
  }

  /** @throws UnknownTypeError */
  layout(tag: TypeTag): Layout {
    if (typeof tag === 'string') return PRIMITIVE_LAYOUTS[tag];
    const name = formatType(tag);
    const known = this.layouts.get(name);
    if (known) return known;
    const layout = this.makeLayout(tag, name);
    this.layouts.set(name, layout);
    return layout;
  }

  private makeLayout(tag: Exclude<TypeTag, string>, name: string): Layout {
    if ('vector' in tag) return tag.vector === 'u8' ? Bytes : bcs.vector(this.layout(tag.vector));
    const definition = this.struct(tag);
    const parameters = definition?.typeParameters ?? [];
    if (!definition || parameters.length !== tag.typeArguments.length) {
      throw new UnknownTypeError(name);
    }
    // The layout of a phantom argument is never used, and its type may live outside of this chain.
    const inside = tag.typeArguments.map((argument, i) =>
      parameters[i]?.phantom ? PRIMITIVE_LAYOUTS.bool : this.layout(argument),
    );
    return definition.layout(inside);
  }

  /** @throws UnknownTypeError */
  abilities(tag: TypeTag): ReadonlySet<Ability> {
    if (typeof tag === 'string') return VALUE_ABILITIES;
    if ('vector' in tag) return this.abilities(tag.vector);
    const definition = this.struct(tag);
    if (!definition) throw new UnknownTypeError(formatType(tag));
    const abilities = new Set(definition.abilities);
    for (const [i, argument] of tag.typeArguments.entries()) {
      if (definition.typeParameters?.[i]?.phantom) continue;
      const inside = this.abilities(argument);
      for (const ability of [...abilities]) {
        if (!inside.has(ability === 'key' ? 'store' : ability)) abilities.delete(ability);
      }
    }
    return abilities;
  }
}

/** A type of a signature with its parameters filled in, without a reference round it. */
export function substitute(type: MoveType, typeArguments: readonly TypeTag[]): TypeTag {
  if (typeof type === 'string') return type;
  if ('vector' in type) return { vector: substitute(type.vector, typeArguments) };
  if ('parameter' in type) {
    const found = typeArguments[type.parameter];
    if (found === undefined) throw new UnknownTypeError(`#${type.parameter}`);
    return found;
  }
  if ('reference' in type) return substitute(type.reference, typeArguments);
  if ('mutable' in type) return substitute(type.mutable, typeArguments);
  const inside = type.typeArguments.map((argument) => substitute(argument, typeArguments));
  return { address: type.address, module: type.module, name: type.name, typeArguments: inside };
}
