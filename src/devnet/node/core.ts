import type { Axis } from '../../protocol/axis.ts';
import { parseBlobId } from '../../protocol/blob-id.ts';
import type { Clock, Random } from '../../protocol/ports.ts';
import {
  pairOfShard,
  shardIndex,
  shardOfPair,
  sliverPairIndex,
} from '../../protocol/sliver-mapping.ts';
import type { NodeIdentity } from '../committee.ts';
import type { Signer } from '../signer.ts';
import type { Verifier } from '../verify/verifier.ts';
import type { BlobStore } from './blob-store.ts';
import type { MetadataShelf, OpenedMetadata } from './metadata-shelf.ts';
import type { PendingCache } from './pending.ts';
import type { RegistrationWaiters } from './registration-waiters.ts';
import type { Registry } from './registry.ts';
import { type ShardTable, shardsOf } from './shard-table.ts';

/** How a node reaches others: one HTTP exchange. Rejects if there is no answer. */
export type Send = (request: Request) => Promise<Response>;

/** What the nodes of one process share. */
export interface NodeDoors {
  readonly clock: Clock;
  /** of this node alone */
  readonly random: Random;
  readonly verifier: Verifier;
  readonly signer: Signer;
  readonly shelf: MetadataShelf;
  readonly send: Send;
}

export interface NodeSettings {
  readonly shardCount: number;
  /** how thoroughly slivers are checked: all of them, one in `n`, or none */
  readonly verify: 'full' | 'off' | { readonly oneIn: number };
  /** longest wait for a registration, in milliseconds; 0: none */
  readonly longPollMs: number;
  /** requests that may wait at the same time */
  readonly longPolls: number;
  /** spells the answer of status routes as the official SDK expects it, which real nodes do not */
  readonly capitalisedStatus: boolean;
  /** counts every blob as registered for ever */
  readonly open: boolean;
  /** blob IDs that are not served */
  readonly blocked: ReadonlySet<string>;
  /** symbol requests that may run at the same time; more are answered 503 */
  readonly symbolRequests: number;
  /** another node that says nothing for so long is left, in milliseconds */
  readonly peerPatienceMs: number;
}

export const DEFAULT_SETTINGS: Omit<NodeSettings, 'shardCount'> = {
  verify: 'full',
  longPollMs: 5_000,
  longPolls: 1_000,
  capitalisedStatus: false,
  open: false,
  blocked: new Set(),
  symbolRequests: 64,
  peerPatienceMs: 30_000,
};

/** How a node departs from the truth for one request. */
export interface Mode {
  /** acts as in the epoch before */
  readonly stale?: boolean;
  /** answers uploads without storing them */
  readonly lieStored?: boolean;
  /** confirms without looking */
  readonly lieConfirm?: boolean;
}

/** The parts of one storage node, as its request handlers see them. */
export interface NodeCore {
  readonly identity: NodeIdentity;
  readonly settings: NodeSettings;
  readonly doors: NodeDoors;
  readonly registry: Registry;
  readonly store: BlobStore;
  readonly pending: PendingCache;
  readonly shards: ShardTable;
  readonly waiters: RegistrationWaiters;
  /** monotonic time of the start, in milliseconds */
  readonly startedAt: number;
  /** Runs pieces of work with the same key one after another. */
  inTurn<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** The node's epoch, and its shards in it. */
export function assignment(
  core: NodeCore,
  mode: Mode,
): { epoch: number; shards: readonly number[] } {
  const { registry, identity } = core;
  const committee = mode.stale ? registry.previous : registry.current;
  const epoch = mode.stale ? Math.max(0, registry.epoch - 1) : registry.epoch;
  return { epoch, shards: shardsOf(committee, identity.nodeId) };
}

export function shardOf(core: NodeCore, blobId: string, pair: number): number {
  const { shardCount } = core.settings;
  return shardOfPair(sliverPairIndex(pair, shardCount), parseBlobId(blobId), shardCount);
}

export function pairOf(core: NodeCore, blobId: string, shard: number): number {
  const { shardCount } = core.settings;
  return pairOfShard(shardIndex(shard, shardCount), parseBlobId(blobId), shardCount);
}

/** The blob's metadata from disk or, if it is not there, from before its registration. */
export async function findMetadata(
  core: NodeCore,
  blobId: string,
): Promise<(OpenedMetadata & { readonly stored: boolean }) | undefined> {
  const stored = core.store.hasMetadata(blobId);
  const known = core.doors.shelf.known(blobId);
  if (known !== undefined && (stored || core.pending.metadata(blobId) !== undefined)) {
    return { ...known, stored };
  }
  const bytes = stored ? await core.store.metadata(blobId) : core.pending.metadata(blobId);
  return bytes === undefined ? undefined : { ...core.doors.shelf.verify(blobId, bytes), stored };
}

/** Slivers out of which symbols are cut at the same time for one request: enough to keep threads busy. */
export const CUTS_AT_ONCE = 8;

export const AXES: readonly Axis[] = ['primary', 'secondary'];
