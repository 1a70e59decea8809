import { GrpcTypes } from '@mysten/sui/grpc';
import type { SuiChain } from '../chain.ts';
import type {
  Ability,
  MoveType,
  NativeFunction,
  NativePackage,
  StructDefinition,
  TypeParameter,
} from '../move/native.ts';
import { notFound } from '../status.ts';
import type { FoundPackage } from '../types/registry.ts';
import { parseAddress } from '../types/type-tag.ts';
import { methodsOf } from './service.ts';

/** The packages, as far as the local chain has them: no bytecode, and only the functions that it can run. */
export function packageService(chain: SuiChain) {
  const { registry } = chain.ledger;
  const find = (id: string | undefined): FoundPackage => {
    const found = registry.package(parseAddress(id, 'package_id'));
    if (!found) throw notFound(`Package ${id} not found`);
    return found;
  };
  return methodsOf(GrpcTypes.MovePackageService, {
    unary: {
      GetPackage: ({ packageId }: GrpcTypes.GetPackageRequest) => ({
        package: packageMessage(find(packageId)),
      }),
      GetDatatype: ({ packageId, moduleName, name }: GrpcTypes.GetDatatypeRequest) => {
        const found = find(packageId).package;
        const definition = found.structs.find(
          (each) => each.module === moduleName && each.name === name,
        );
        if (!definition) throw notFound(`Datatype ${moduleName}::${name} not found`);
        return { datatype: datatypeMessage(found, definition) };
      },
      GetFunction: ({ packageId, moduleName = '', name = '' }: GrpcTypes.GetFunctionRequest) => {
        const { id } = find(packageId);
        const found = registry.findFunction(id, moduleName, name);
        if (!found) throw notFound(`Function ${id}::${moduleName}::${name} not found`);
        return { function: functionMessage(found.function) };
      },
      ListPackageVersions: ({ packageId }: GrpcTypes.ListPackageVersionsRequest) => ({
        versions: find(packageId).package.versions.map(({ id, version }) => ({
          packageId: id,
          version: BigInt(version),
        })),
      }),
    },
  });
}

function packageMessage({ package: entry, id, version }: FoundPackage): GrpcTypes.Package {
  const names = new Set([...entry.structs, ...entry.functions].map(({ module }) => module));
  return {
    storageId: id,
    originalId: entry.originalId,
    version: BigInt(version),
    modules: [...names].sort().map((module) => ({
      name: module,
      datatypes: entry.structs
        .filter((each) => each.module === module)
        .map((each) => datatypeMessage(entry, each)),
      functions: entry.functions.filter((each) => each.module === module).map(functionMessage),
    })),
    typeOrigins: entry.structs.map(({ module, name }) => ({
      moduleName: module,
      datatypeName: name,
      packageId: entry.originalId,
    })),
    linkage: [],
  };
}

function datatypeMessage(
  entry: NativePackage,
  { module, name, abilities, typeParameters }: StructDefinition,
): GrpcTypes.DatatypeDescriptor {
  return {
    typeName: `${entry.originalId}::${module}::${name}`,
    definingId: entry.originalId,
    module,
    name,
    abilities: abilities.map(abilityMessage),
    typeParameters: (typeParameters ?? []).map(parameterMessage),
    kind: GrpcTypes.DatatypeDescriptor_DatatypeKind.STRUCT,
    fields: [],
    variants: [],
  };
}

function functionMessage(entry: NativeFunction): GrpcTypes.FunctionDescriptor {
  const { FunctionDescriptor_Visibility: Visibility } = GrpcTypes;
  const entryOnly = entry.visibility === 'entry';
  return {
    name: entry.name,
    visibility: entryOnly ? Visibility.PRIVATE : Visibility.PUBLIC,
    isEntry: entryOnly,
    typeParameters: (entry.typeParameters ?? []).map(parameterMessage),
    parameters: entry.parameters.map(signatureMessage),
    returns: entry.returns.map(signatureMessage),
  };
}

const parameterMessage = ({ constraints, phantom }: TypeParameter): GrpcTypes.TypeParameter => ({
  constraints: constraints.map(abilityMessage),
  isPhantom: phantom ?? false,
});

function abilityMessage(ability: Ability): GrpcTypes.Ability {
  const { Ability: Abilities } = GrpcTypes;
  const table = {
    copy: Abilities.COPY,
    drop: Abilities.DROP,
    store: Abilities.STORE,
    key: Abilities.KEY,
  };
  return table[ability];
}

function signatureMessage(type: MoveType): GrpcTypes.OpenSignature {
  const { OpenSignature_Reference: Reference } = GrpcTypes;
  if (typeof type === 'object' && 'reference' in type) {
    return { reference: Reference.IMMUTABLE, body: bodyMessage(type.reference) };
  }
  if (typeof type === 'object' && 'mutable' in type) {
    return { reference: Reference.MUTABLE, body: bodyMessage(type.mutable) };
  }
  return { body: bodyMessage(type) };
}

function bodyMessage(type: MoveType): GrpcTypes.OpenSignatureBody {
  const { OpenSignatureBody_Type: Type } = GrpcTypes;
  if (typeof type === 'string') {
    const names = {
      ...{ bool: Type.BOOL, u8: Type.U8, u16: Type.U16, u32: Type.U32, u64: Type.U64 },
      ...{ u128: Type.U128, u256: Type.U256, address: Type.ADDRESS },
    };
    return { type: names[type], typeParameterInstantiation: [] };
  }
  if ('vector' in type) {
    return { type: Type.VECTOR, typeParameterInstantiation: [bodyMessage(type.vector)] };
  }
  if ('parameter' in type) {
    return {
      type: Type.TYPE_PARAMETER,
      typeParameter: type.parameter,
      typeParameterInstantiation: [],
    };
  }
  if ('module' in type) {
    return {
      type: Type.DATATYPE,
      typeName: `${type.address}::${type.module}::${type.name}`,
      typeParameterInstantiation: type.typeArguments.map(bodyMessage),
    };
  }
  throw new Error('a reference inside of a type');
}
