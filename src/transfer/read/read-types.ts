import type { DecodeOptions } from '../../encoding/decode-context.ts';
import type { RecoverSliverOptions } from '../../encoding/recover-sliver.ts';
import type { OpenClaimOptions, VerifySliverOptions } from '../../encoding/verify-sliver.ts';
import type { BlobIdentity, ComputeOptions } from '../../protocol/blob-summary.ts';
import type { StorageCommittee } from '../../protocol/committee.ts';
import type { NodeFailure } from '../../protocol/errors.ts';
import type { Geometry } from '../../protocol/geometry.ts';
import type { BlobMetadata } from '../../protocol/metadata.ts';
import type { Clock, Random, Transport } from '../../protocol/ports.ts';
import type { Pace } from '../pace.ts';
import type { NodeHealth } from './node-health.ts';

/** What checks and rebuilds what arrives; an `Encoder` is one. */
export interface BlobVerifier {
  openMetadata(options: OpenClaimOptions): Promise<BlobMetadata>;
  verifySliver(options: VerifySliverOptions): Promise<void>;
  recoverSliver(options: RecoverSliverOptions): Promise<Uint8Array>;
  decodeBlob(options: DecodeOptions): Promise<Uint8Array>;
  computeBlobId(source: Blob | Uint8Array, options: ComputeOptions): Promise<BlobIdentity>;
}

/** A storage node as far as reading needs it. */
export interface Holder {
  readonly nodeId: string;
  /** host:port */
  readonly networkAddress: string;
  readonly shards: readonly number[];
}

/** From whom blobs are read in an epoch. */
export interface ReadCommittee {
  readonly current: StorageCommittee;
  /** who had the shards in the epoch before, as long as nodes still take them over; else empty */
  readonly leaving: readonly Holder[];
}

/**
 * Gives the committee that blobs are read from now.
 *
 * @param stale a committee that nodes no longer go by: the chain is read again
 */
export type ReadCommitteeSource = (stale?: ReadCommittee) => Promise<ReadCommittee>;

/** Slivers and metadata of earlier reads. What it gives is verified like what a node gives. */
export interface ReadCache {
  metadata(blobId: string): Promise<CachedMetadata | undefined>;
  keepMetadata(blobId: string, metadata: CachedMetadata): Promise<void>;
  /** BCS SliverData of a primary sliver */
  row(blobId: string, sliverIndex: number): Promise<Uint8Array | undefined>;
  /** Keeps a row if there is room, and nobody waits for that. */
  keepRow(blobId: string, sliverIndex: number, sliver: Uint8Array): void;
  /** Forgets a row, or everything of a blob, that was found damaged; what is kept next takes its place. */
  removeRow(blobId: string, sliverIndex: number): void;
  remove(blobId: string): Promise<void>;
}

export interface CachedMetadata {
  readonly shardCount: number;
  /** BCS BlobMetadata, without the blob ID in front */
  readonly metadata: Uint8Array;
}

export interface ReadDoors {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly verifier: BlobVerifier;
  readonly committees: ReadCommitteeSource;
  readonly cache?: ReadCache | undefined;
  /** what is known of the nodes, and the requests under way; one of each for all reads of a client */
  readonly health: NodeHealth;
  readonly pace: Pace;
  /** base URL of a node without a slash at the end */
  nodeUrl(networkAddress: string): string;
}

/** A blob whose metadata is verified. */
export interface OpenBlob {
  readonly blobId: string;
  readonly shardCount: number;
  /** BCS BlobMetadata */
  readonly metadata: Uint8Array;
  readonly commitments: BlobMetadata;
  readonly geometry: Geometry;
}

/** What a read did until now. */
export interface ReadReport {
  /** rows handed out, by where they came from; `zero` ones are behind the blob's end */
  readonly rows: Readonly<Record<RowOrigin, number>>;
  /** requests to storage nodes and sources that were begun */
  readonly requests: number;
  readonly receivedBytes: number;
  /** nodes and sources that did not give what they were asked for; each with its last reason */
  readonly failed: readonly NodeFailure[];
}

export type RowOrigin = 'node' | 'cache' | 'source' | 'recovered' | 'decoded';

/** What is told of a row when it is handed out. */
export interface RowNews {
  readonly index: number;
  /** rows of the whole blob that hold bytes of it */
  readonly rowCount: number;
  readonly origin: RowOrigin;
  /** ID of the node that gave it, where one did */
  readonly nodeId?: string | undefined;
  /** nodes and sources that gave something else for this row, under the names of `ReadReport.failed` */
  readonly wrongFrom: readonly string[];
  /** IDs of nodes that took longer for it than they should */
  readonly slowNodes: readonly string[];
}

/** Counts what a read does. */
export class ReadTally implements ReadReport {
  readonly rows: Record<RowOrigin, number> = {
    ...{ node: 0, cache: 0, source: 0, recovered: 0, decoded: 0 },
  };
  requests = 0;
  receivedBytes = 0;
  readonly #failed = new Map<string, string>();
  readonly #wrong = new Map<number, Set<string>>();
  readonly #slow = new Map<number, Set<string>>();

  get failed(): readonly NodeFailure[] {
    return [...this.#failed].map(([nodeId, reason]) => ({ nodeId, reason }));
  }

  fail(nodeId: string, reason: string): void {
    this.#failed.set(nodeId, reason);
  }

  /** Somebody gave something else than what row `index` is, or than a part of it. */
  failRow(index: number, name: string): void {
    noted(this.#wrong, index, name);
  }

  /** A node takes longer for row `index` than it should. */
  lateRow(index: number, nodeId: string): void {
    noted(this.#slow, index, nodeId);
  }

  /** Counts a row that is handed out. @returns who was wrong about it, and who was slow */
  give(index: number, origin: RowOrigin): Pick<RowNews, 'wrongFrom' | 'slowNodes'> {
    this.rows[origin]++;
    const namesIn = (all: ReadonlyMap<number, Set<string>>) => [...(all.get(index) ?? [])];
    return { wrongFrom: namesIn(this.#wrong), slowNodes: namesIn(this.#slow) };
  }

  /** The same as plain data. */
  get snapshot(): ReadReport {
    const { requests, receivedBytes, failed } = this;
    return { rows: { ...this.rows }, requests, receivedBytes, failed };
  }
}

function noted(all: Map<number, Set<string>>, index: number, name: string): void {
  all.set(index, (all.get(index) ?? new Set()).add(name));
}
