import { Empty } from '../../../chain/layouts/base.ts';
import {
  Blob,
  Metadata,
  PooledBlob,
  SharedBlob,
  Storage,
  StoragePool,
  StoragePoolInner,
} from '../../../chain/layouts/blob.ts';
import { EVENT_LAYOUTS } from '../../../chain/layouts/events.ts';
import {
  ActiveSet,
  Authenticated,
  Authorized,
  NodeMetadata,
  PoolExchangeRate,
  ShardCommittee,
  StakedWal,
  StakingInner,
  StakingPool,
  StorageNodeCap,
} from '../../../chain/layouts/staking.ts';
import { SystemStateInner, Versioned } from '../../../chain/layouts/system.ts';
import { authFunctions } from './auth.ts';
import { blobFunctions } from './blob-functions.ts';
import { metadataFunctions } from './metadata.ts';
import type { Ability, Layout, NativePackage, StructDefinition } from './native.ts';
import { sharedBlobFunctions } from './shared-blob.ts';
import { stakedWalFunctions } from './staked-wal.ts';
import { stakingFunctions } from './staking.ts';
import { operatorFunctions } from './staking-operator.ts';
import { nodeMetadataFunctions, storageNodeFunctions } from './storage-node.ts';
import { poolFunctionsOfSystem, storagePoolFunctions } from './storage-pool-functions.ts';
import { storageResourceFunctions } from './storage-resource.ts';
import { systemFunctions } from './system.ts';
import type { WalrusTypes } from './types.ts';
import { upgradeFunctions } from './upgrade.ts';

const KEY: readonly Ability[] = ['key'];
const OBJECT: readonly Ability[] = ['key', 'store'];
const STORE: readonly Ability[] = ['store'];
const VALUE: readonly Ability[] = ['copy', 'drop', 'store'];
const EVENT: readonly Ability[] = ['copy', 'drop'];

const STRUCTS: readonly (readonly [string, string, readonly Ability[], Layout])[] = [
  ['system', 'System', KEY, Versioned],
  ['system_state_inner', 'SystemStateInnerV1', STORE, SystemStateInner],
  ['staking', 'Staking', KEY, Versioned],
  ['staking_inner', 'StakingInnerV1', STORE, StakingInner],
  ['staking_pool', 'StakingPool', OBJECT, StakingPool],
  ['staking_pool', 'NewEpochCommissionBlockedForCollection', VALUE, Empty],
  ['pool_exchange_rate', 'PoolExchangeRate', VALUE, PoolExchangeRate],
  ['active_set', 'ActiveSet', VALUE, ActiveSet],
  ['committee', 'Committee', VALUE, ShardCommittee],
  ['staked_wal', 'StakedWal', OBJECT, StakedWal],
  ['storage_node', 'StorageNodeCap', OBJECT, StorageNodeCap],
  ['node_metadata', 'NodeMetadata', VALUE, NodeMetadata],
  ['auth', 'Authenticated', ['drop'], Authenticated],
  ['auth', 'Authorized', VALUE, Authorized],
  ['storage_resource', 'Storage', OBJECT, Storage],
  ['blob', 'Blob', OBJECT, Blob],
  ['metadata', 'Metadata', ['drop', 'store'], Metadata],
  ['shared_blob', 'SharedBlob', OBJECT, SharedBlob],
  ['storage_pool', 'StoragePool', OBJECT, StoragePool],
  ['storage_pool', 'StoragePoolInnerV1', STORE, StoragePoolInner],
  ['storage_pool', 'PooledBlob', OBJECT, PooledBlob],
  ['extended_field', 'Key', VALUE, Empty],
  ...Object.entries(EVENT_LAYOUTS).map(
    ([name, layout]) => ['events', name, EVENT, layout as Layout] as const,
  ),
];

export interface WalrusPackageOptions {
  /** the original one first */
  readonly versions: NativePackage['versions'];
  /**
   * The shards that a node may have in any case, for committees that start with a node above the
   * contract's limit. 0 for the rules of the public networks.
   */
  readonly leastShardLimit: number;
}

/** The Walrus contract. */
export function walrusPackage(types: WalrusTypes, options: WalrusPackageOptions): NativePackage {
  return {
    originalId: types.ids.walrus,
    versions: options.versions,
    structs: STRUCTS.map(
      ([module, name, abilities, layout]): StructDefinition => ({
        module,
        name,
        abilities,
        layout: () => layout,
      }),
    ),
    functions: [
      ...systemFunctions(types),
      ...poolFunctionsOfSystem(types),
      ...storageResourceFunctions(types),
      ...blobFunctions(types),
      ...metadataFunctions(types),
      ...sharedBlobFunctions(types),
      ...storagePoolFunctions(types),
      ...stakingFunctions(types, options.leastShardLimit),
      ...operatorFunctions(types),
      ...stakedWalFunctions(types),
      ...authFunctions(types),
      ...storageNodeFunctions(types),
      ...nodeMetadataFunctions(types),
      ...upgradeFunctions(types),
    ],
  };
}
