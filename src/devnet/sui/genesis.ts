import { Coin, Empty, ExtendedField, TreasuryCap } from '../../chain/layouts/base.ts';
import { Exchange } from '../../chain/layouts/exchange.ts';
import { seededId } from './faucet.ts';
import { CoinMetadata } from './framework/coin-metadata.ts';
import { GenesisObjects } from './genesis-objects.ts';
import {
  CURRENT_VERSION,
  type GenesisPlan,
  makePlan,
  ORIGINAL_VERSION,
  UPGRADED_VERSION,
  type WalrusSettings,
} from './genesis-plan.ts';
import { addStaking } from './genesis-staking.ts';
import { addSystem } from './genesis-system.ts';
import { SUI_TYPE } from './ledger/ledger-object.ts';
import {
  type Address,
  type GenesisObject,
  type GenesisPart,
  SUI_FRAMEWORK,
  struct,
} from './move/native.ts';
import { TREASURY_KEY, walPackage } from './move/wal.ts';
import { exchangePackage } from './move/wal-exchange.ts';
import { walrusPackage } from './move/walrus-package.ts';
import { formatType } from './types/type-tag.ts';

const OPERATOR_SUI = 1_000n * 10n ** 9n;

/** The Walrus contract with a committee, in the middle of an epoch; WAL; an exchange; accounts. */
export function walrusGenesis(settings: WalrusSettings, startMs: number): GenesisPart {
  const plan = makePlan(settings, startMs);
  const { types, ids } = plan;
  const objects = new GenesisObjects();
  addSystem(objects, plan);
  addStaking(objects, plan);
  addExchange(objects, plan);
  for (const { operator } of plan.nodes) addCoin(objects, plan, operator, SUI_TYPE, OPERATOR_SUI);
  for (const { address, sui = 0n, wal = 0n } of plan.accounts) {
    if (sui > 0n) addCoin(objects, plan, address, SUI_TYPE, sui);
    if (wal > 0n) addCoin(objects, plan, address, ids.walType, wal);
  }
  addWal(objects, plan);
  const shards = plan.nodes.map((node) => node.shards.length);
  const walrus = walrusPackage(types, {
    versions: [
      { id: ids.originalPackageId, version: ORIGINAL_VERSION },
      { id: ids.packageId, version: CURRENT_VERSION },
      { id: ids.upgradedPackageId, version: UPGRADED_VERSION },
    ],
    leastShardLimit: Math.max(...shards),
  });
  return {
    packages: [walPackage(types), exchangePackage(types), walrus],
    objects: objects.list,
  };
}

function addCoin(
  objects: GenesisObjects,
  { seed, types }: GenesisPlan,
  owner: Address,
  coinType: string,
  amount: bigint,
): void {
  const id = seededId(seed, `coin ${objects.list.length}`);
  const type = coinType === SUI_TYPE ? types.suiCoin : types.walCoin;
  const coin = { id, balance: { value: amount } };
  objects.add({ type, layout: Coin }, coin, { kind: 'address', address: owner });
}

function addExchange(objects: GenesisObjects, { seed, types, ids, exchange }: GenesisPlan): void {
  const value = {
    id: ids.exchangeObjectId,
    wal: { value: exchange.wal },
    sui: { value: 0n },
    rate: exchange.rate,
    admin: seededId(seed, 'exchange admin'),
  };
  const owner = { kind: 'shared', initialVersion: 1n } as const;
  objects.add({ type: types.exchange, layout: Exchange }, value, owner);
}

/** The treasury and what is known about WAL. Comes last: the supply is what was given out. */
function addWal(objects: GenesisObjects, plan: GenesisPlan): void {
  const { types, ids, seed } = plan;
  const supply = walSupply(objects.list, plan);
  const shared = { kind: 'shared', initialVersion: 1n } as const;
  const treasury = { type: types.treasury, layout: ExtendedField }; // nothing but an id, too
  objects.add(treasury, { id: ids.treasuryId }, shared);
  const key = { type: types.treasuryKey, layout: Empty };
  const cap = { id: seededId(seed, 'wal treasury cap'), total_supply: { value: supply } };
  const capType = { type: types.treasuryCap, layout: TreasuryCap };
  objects.objectField(ids.treasuryId, key, TREASURY_KEY, capType, cap);
  const metadata = {
    id: ids.walMetadataId,
    decimals: 9,
    name: 'WAL Token',
    symbol: 'WAL',
    description: 'WAL of a local development network: without value',
    icon_url: null,
  };
  const type = struct(SUI_FRAMEWORK, 'coin', 'CoinMetadata', types.wal);
  objects.add({ type, layout: CoinMetadata }, metadata, { kind: 'immutable' });
}

function walSupply(objects: readonly GenesisObject[], plan: GenesisPlan): bigint {
  const { types, shardCount, stakePerShard, exchange, walElsewhere } = plan;
  const coinType = formatType(types.walCoin);
  const coins = objects
    .filter(({ type }) => formatType(type) === coinType)
    .reduce((sum, { contents }) => sum + Coin.parse(contents).balance.value, 0n);
  return coins + BigInt(shardCount) * stakePerShard + exchange.wal + walElsewhere;
}
