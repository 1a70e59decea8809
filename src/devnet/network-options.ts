import type { Clock } from '../protocol/ports.ts';
import type { AggregatorSettings } from './aggregator/aggregator.ts';
import type { Codec } from './codec.ts';
import type { Disk } from './disk/disk.ts';
import type { NodeSettings } from './node/core.ts';
import type { CorsSettings } from './node/cors.ts';
import type { HealSettings } from './node/healer.ts';
import type { PendingLimits } from './node/pending.ts';
import type { RelaySettings } from './relay/upload-relay.ts';
import type { ChainLog } from './sui/ledger/log.ts';
import type { Verifier } from './verify/verifier.ts';

/** What a network is; the same settings make the same network. */
export interface NetworkSettings {
  /** shards of each node */
  readonly weights: readonly number[];
  readonly seed: string;
  /** what delays and faults are drawn from; `seed` if left out. Keys and IDs do not depend on it. */
  readonly chance?: string;
  /** gives shards to nodes as they fall, as on the public networks, not in order */
  readonly shuffle?: boolean;
  /** host:port of each node; made up if left out */
  readonly nodeAddresses?: readonly string[];
  readonly epochDurationMs?: number;
  /** starts the next epoch when its time has come */
  readonly autoEpochs?: boolean;
  /** how late a node hears of what happens on chain */
  readonly chainDelayMs?: readonly [min: number, max: number];
  readonly node?: Partial<Omit<NodeSettings, 'shardCount'>>;
  readonly pending?: PendingLimits;
  readonly cors?: CorsSettings;
  readonly heal?: Partial<HealSettings>;
  readonly relay?: Partial<Omit<RelaySettings, 'tip'>>;
  /** `none`, `const:105` or `linear:101,42` */
  readonly tip?: string;
  readonly aggregator?: Partial<AggregatorSettings>;
}

/** What a network stands on. */
export interface NetworkDoors {
  readonly clock: Clock;
  readonly disk: Disk;
  /** the chain's log, opened anew with every life of the chain */
  readonly openLog: () => Promise<ChainLog>;
  readonly verifier: Verifier;
  readonly codec: Codec;
  readonly onNodePort?: (index: number, open: boolean) => Promise<void>;
  readonly onServicePort?: (name: ServiceName, open: boolean) => Promise<void>;
}

export const SERVICE_NAMES = ['rpc', 'faucet', 'relay', 'aggregator'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** Of Sui and of WAL alike. */
export const UNIT = 10n ** 9n;
export const FAUCET_SUI = 100n * UNIT;
export const FAUCET_WAL = 1_000n * UNIT;
export const ACCOUNT_COUNT = 4;
export const ACCOUNT_SUI = 10_000n * UNIT;
export const ACCOUNT_WAL = 100_000n * UNIT;
export const DAY_MS = 86_400_000;
