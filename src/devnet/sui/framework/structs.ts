import { bcs } from '@mysten/bcs';
import {
  Balance,
  Bytes,
  Coin,
  field,
  ID,
  Table,
  U64,
  UID,
  vecMap,
} from '../../../chain/layouts/sui.ts';
import type { StructDefinition } from '../move/native.ts';
import { CoinMetadata } from './coin-metadata.ts';
import { ANY, PHANTOM } from './native-function.ts';

const nothing = bcs.struct('Nothing', { dummy: bcs.bool() });

/** A table with entries as dynamic fields; all have the same layout. */
const table = (module: string, name: string, parameters: number): StructDefinition => ({
  module,
  name,
  abilities: ['key', 'store'],
  ...(parameters > 0 ? { typeParameters: Array.from({ length: parameters }, () => PHANTOM) } : {}),
  layout: () => Table,
});

/** The types of `0x2` that objects on this chain are made of. */
export const frameworkStructs: readonly StructDefinition[] = [
  { module: 'object', name: 'ID', abilities: ['copy', 'drop', 'store'], layout: () => ID },
  { module: 'object', name: 'UID', abilities: ['store'], layout: () => UID },
  { module: 'sui', name: 'SUI', abilities: ['drop'], layout: () => nothing },
  {
    module: 'balance',
    name: 'Balance',
    abilities: ['store'],
    typeParameters: [PHANTOM],
    layout: () => Balance,
  },
  {
    module: 'coin',
    name: 'Coin',
    abilities: ['key', 'store'],
    typeParameters: [PHANTOM],
    layout: () => Coin,
  },
  {
    module: 'coin',
    name: 'CoinMetadata',
    abilities: ['key', 'store'],
    typeParameters: [PHANTOM],
    layout: () => CoinMetadata,
  },
  {
    module: 'coin',
    name: 'TreasuryCap',
    abilities: ['key', 'store'],
    typeParameters: [PHANTOM],
    layout: () => bcs.struct('TreasuryCap', { id: UID, total_supply: Balance }),
  },
  {
    module: 'clock',
    name: 'Clock',
    abilities: ['key'],
    layout: () => bcs.struct('Clock', { id: UID, timestamp_ms: U64 }),
  },
  {
    module: 'tx_context',
    name: 'TxContext',
    abilities: ['drop'],
    layout: () => nothing,
  },
  {
    module: 'dynamic_field',
    name: 'Field',
    abilities: ['key'],
    typeParameters: [ANY, ANY],
    layout: ([name, value]) => field(name ?? nothing, value ?? nothing),
  },
  {
    module: 'dynamic_object_field',
    name: 'Wrapper',
    abilities: ['copy', 'drop', 'store'],
    typeParameters: [ANY],
    layout: ([name]) => bcs.struct('Wrapper', { name: name ?? nothing }),
  },
  {
    module: 'vec_map',
    name: 'VecMap',
    abilities: ['copy', 'drop', 'store'],
    typeParameters: [ANY, ANY],
    layout: ([key, value]) => vecMap(key ?? nothing, value ?? nothing),
  },
  {
    module: 'vec_set',
    name: 'VecSet',
    abilities: ['copy', 'drop', 'store'],
    typeParameters: [ANY],
    layout: ([element]) => bcs.struct('VecSet', { contents: bcs.vector(element ?? nothing) }),
  },
  {
    module: 'group_ops',
    name: 'Element',
    abilities: ['copy', 'drop', 'store'],
    typeParameters: [PHANTOM],
    layout: () => bcs.struct('Element', { bytes: Bytes }),
  },
  ...['G1', 'G2', 'UncompressedG1'].map(
    (name): StructDefinition => ({
      module: 'bls12381',
      name,
      abilities: ['store'],
      layout: () => nothing,
    }),
  ),
  table('table', 'Table', 2),
  table('object_table', 'ObjectTable', 2),
  table('bag', 'Bag', 0),
  table('object_bag', 'ObjectBag', 0),
];
