import {
  type Address,
  address,
  mut,
  ref,
  STD,
  SUI_FRAMEWORK,
  struct,
  type TypeTag,
  vector,
} from './native.ts';

const tag = struct<TypeTag>;

/** The original ids of the packages, which types carry. */
export interface PackageIds {
  readonly walrus: Address;
  readonly wal: Address;
  readonly exchange: Address;
}

export const CLOCK_ID = address('0x6');

/** The types that signatures and dynamic fields of the Walrus packages mention. */
export function walrusTypes(ids: PackageIds) {
  const own = (module: string, name: string) => tag(ids.walrus, module, name);
  const wal = tag(ids.wal, 'wal', 'WAL');
  const sui = tag(SUI_FRAMEWORK, 'sui', 'SUI');
  const id = tag(SUI_FRAMEWORK, 'object', 'ID');
  const text = tag(STD, 'string', 'String');
  const key = tag(
    SUI_FRAMEWORK,
    'group_ops',
    'Element',
    tag(SUI_FRAMEWORK, 'bls12381', 'UncompressedG1'),
  );
  const option = (type: TypeTag) => tag(STD, 'option', 'Option', type);
  const vecMap = (k: TypeTag, v: TypeTag) => tag(SUI_FRAMEWORK, 'vec_map', 'VecMap', k, v);
  return {
    ids,
    wal,
    sui,
    id,
    text,
    option,
    bytes: vector('u8' as const),
    walCoin: tag(SUI_FRAMEWORK, 'coin', 'Coin', wal),
    walBalance: tag(SUI_FRAMEWORK, 'balance', 'Balance', wal),
    suiCoin: tag(SUI_FRAMEWORK, 'coin', 'Coin', sui),
    clock: tag(SUI_FRAMEWORK, 'clock', 'Clock'),
    system: own('system', 'System'),
    systemInner: own('system_state_inner', 'SystemStateInnerV1'),
    staking: own('staking', 'Staking'),
    stakingInner: own('staking_inner', 'StakingInnerV1'),
    stakingPool: own('staking_pool', 'StakingPool'),
    exchangeRate: own('pool_exchange_rate', 'PoolExchangeRate'),
    blockedCommission: own('staking_pool', 'NewEpochCommissionBlockedForCollection'),
    activeSet: own('active_set', 'ActiveSet'),
    committee: own('committee', 'Committee'),
    stakedWal: own('staked_wal', 'StakedWal'),
    nodeCap: own('storage_node', 'StorageNodeCap'),
    nodeMetadata: own('node_metadata', 'NodeMetadata'),
    authenticated: own('auth', 'Authenticated'),
    authorized: own('auth', 'Authorized'),
    storage: own('storage_resource', 'Storage'),
    blob: own('blob', 'Blob'),
    metadata: own('metadata', 'Metadata'),
    sharedBlob: own('shared_blob', 'SharedBlob'),
    storagePool: own('storage_pool', 'StoragePool'),
    storagePoolInner: own('storage_pool', 'StoragePoolInnerV1'),
    pooledBlob: own('storage_pool', 'PooledBlob'),
    extendedKey: own('extended_field', 'Key'),
    /** what the extended fields hold */
    publicKeys: vecMap(id, key),
    sizes: vecMap(id, 'u64'),
    textMap: vecMap(text, text),
    treasury: tag(ids.wal, 'wal', 'ProtectedTreasury'),
    treasuryKey: tag(ids.wal, 'wal', 'TreasuryCapKey'),
    treasuryCap: tag(SUI_FRAMEWORK, 'coin', 'TreasuryCap', wal),
    exchange: tag(ids.exchange, 'wal_exchange', 'Exchange'),
    adminCap: tag(ids.exchange, 'wal_exchange', 'AdminCap'),
    rate: tag(ids.exchange, 'wal_exchange', 'ExchangeRate'),
  };
}

export type WalrusTypes = ReturnType<typeof walrusTypes>;

export { mut, ref };
