import { p256 } from '@noble/curves/nist.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { Memory } from '../../protocol/memory.ts';
import { seededId, seededKey } from './faucet.ts';
import type { Address } from './move/native.ts';
import { type WalrusTypes, walrusTypes } from './move/types.ts';

export const ORIGINAL_VERSION = 1;
export const CURRENT_VERSION = 3;
export const UPGRADED_VERSION = 4;

/** A storage node that is in the first committee. */
export interface GenesisNode {
  readonly nodeId: Address;
  readonly name: string;
  /** host:port */
  readonly networkAddress: string;
  /** 96 bytes, uncompressed */
  readonly publicKey: Uint8Array;
  /** 33 bytes, of the TLS key; derived from the seed if left out */
  readonly networkPublicKey?: Uint8Array;
  /** ascending; at least one */
  readonly shards: readonly number[];
  /** who holds its cap and its stake; derived from the seed if left out */
  readonly operator?: Address;
}

export interface GenesisAccount {
  readonly address: Address;
  /** MIST */
  readonly sui?: bigint;
  /** FROST */
  readonly wal?: bigint;
}

export interface WalrusSettings {
  readonly seed: string;
  readonly nodes: readonly GenesisNode[];
  readonly accounts?: readonly GenesisAccount[];
  /** the first epoch, at least 1 */
  readonly epoch?: number;
  readonly epochDurationMs?: number;
  readonly maxEpochsAhead?: number;
  /** FROST per MiB and epoch, and FROST per MiB */
  readonly storagePrice?: bigint;
  readonly writePrice?: bigint;
  /** encoded bytes that all nodes together hold */
  readonly capacity?: bigint;
  /** FROST behind every shard */
  readonly stakePerShard?: bigint;
  /** of each node, in 1/10,000 of its rewards */
  readonly commissionRate?: number;
  /** FROST and MIST that the exchange starts with, and what it gives for how much */
  readonly exchange?: { readonly wal: bigint; readonly rate: { wal: bigint; sui: bigint } };
  /** FROST that other parts of the genesis bring: counted in the supply */
  readonly walElsewhere?: bigint;
}

/** Settings with nothing left open, and all ids. */
export interface GenesisPlan extends Required<Omit<WalrusSettings, 'nodes'>> {
  readonly nodes: readonly Required<GenesisNode>[];
  readonly ids: WalrusIds;
  readonly types: WalrusTypes;
  readonly startMs: number;
  readonly shardCount: number;
}

/** The ids that belong to a seed. All but the node IDs differ from seed to seed. */
export interface WalrusIds {
  readonly systemObjectId: Address;
  readonly stakingObjectId: Address;
  /** in the names of types */
  readonly originalPackageId: Address;
  /** to be called */
  readonly packageId: Address;
  /** version 4: `init::migrate_v2` of it puts it in force */
  readonly upgradedPackageId: Address;
  readonly walPackageId: Address;
  readonly walType: string;
  readonly walMetadataId: Address;
  readonly treasuryId: Address;
  readonly exchangePackageId: Address;
  readonly exchangeObjectId: Address;
}

const WAL = 10n ** 9n;
const DAY_MS = 86_400_000;

export function walrusIds(seed: string): WalrusIds {
  const walPackageId = seededId(seed, 'wal package');
  return {
    systemObjectId: seededId(seed, 'system'),
    stakingObjectId: seededId(seed, 'staking'),
    originalPackageId: seededId(seed, 'walrus package 1'),
    packageId: seededId(seed, 'walrus package 3'),
    upgradedPackageId: seededId(seed, 'walrus package 4'),
    walPackageId,
    walType: `${walPackageId}::wal::WAL`,
    walMetadataId: seededId(seed, 'wal metadata'),
    treasuryId: seededId(seed, 'wal treasury'),
    exchangePackageId: seededId(seed, 'exchange package'),
    exchangeObjectId: seededId(seed, 'exchange'),
  };
}

/** The cap with which an operator acts for a node. */
export const nodeCapId = (seed: string, nodeId: Address) => seededId(seed, `cap ${nodeId}`);
/** The stake of an operator in its own node: `StakedWal`. */
export const nodeStakeId = (seed: string, nodeId: Address) => seededId(seed, `stake ${nodeId}`);
export const operatorKey = (seed: string, nodeId: Address) => seededKey(seed, `operator ${nodeId}`);

/** Fills in what the settings leave open. */
export function makePlan(settings: WalrusSettings, startMs: number): GenesisPlan {
  const { seed } = settings;
  const ids = walrusIds(seed);
  const nodes = settings.nodes
    .toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
    .map((node) => ({
      ...node,
      operator: node.operator ?? operatorKey(seed, node.nodeId).toSuiAddress(),
      networkPublicKey: node.networkPublicKey ?? networkKey(seed, node.nodeId),
    }));
  return {
    accounts: [],
    epoch: 1,
    epochDurationMs: DAY_MS,
    maxEpochsAhead: 53,
    storagePrice: 100_000n,
    writePrice: 20_000n,
    capacity: 10n ** 15n,
    stakePerShard: 10_000n * WAL,
    commissionRate: 500,
    exchange: { wal: 10_000_000n * WAL, rate: { wal: 2n, sui: 1n } },
    walElsewhere: 0n,
    ...settings,
    nodes,
    ids,
    startMs,
    shardCount: nodes.reduce((sum, { shards }) => sum + shards.length, 0),
    types: walrusTypes({
      walrus: ids.originalPackageId,
      wal: ids.walPackageId,
      exchange: ids.exchangePackageId,
    }),
  };
}

const networkKeys = new Memory<Uint8Array>(1024);

function networkKey(seed: string, nodeId: Address): Uint8Array {
  const text = `${seed}\nnetwork key\n${nodeId}`;
  return networkKeys.get(text, () => {
    const secret = blake2b(utf8ToBytes(text), { dkLen: 32 });
    secret[0] = (secret[0] ?? 0) & 0x7f; // below the order of the group
    return p256.getPublicKey(secret, true);
  });
}
