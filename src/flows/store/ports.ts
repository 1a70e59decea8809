import type { ChainClient } from '../../chain/chain-client.ts';
import type { BlobSummary, EncodeOptions } from '../../protocol/blob-summary.ts';
import type { Clock, Locks, PageKey, Random, WalletPort } from '../../protocol/ports.ts';
import type { ClientStore } from '../../store/journal.ts';
import type { KeptSource } from '../../store/journal-facts.ts';
import type { SetAside } from '../../store/schema.ts';
import type { SliverSource } from '../../transfer/put-types.ts';
import type { BlobUpload, UploadOutcome } from '../../transfer/upload-types.ts';
import type { StoreSource } from './types.ts';

/** Makes page keys and opens them again from what was kept. */
export interface PageKeys {
  create(): Promise<{ readonly key: PageKey; readonly kept: unknown }>;
  open(kept: unknown): Promise<PageKey>;
}

/** Blobs whose slivers are, or can be, made. */
export interface Pieces {
  /** Encodes a source, and keeps its slivers as far as there is room. */
  prepare(source: StoreSource, options: EncodeOptions): Promise<BlobSummary>;
  /**
   * Slivers of a blob: kept ones, else made again from the source.
   *
   * @throws HauloutError 'source-missing', 'source-differs'
   */
  open(blob: WantedBlob, signal?: AbortSignal): Promise<SliverSource>;
  /** Nothing is paid for the blob for now: its slivers need not stay on disk if there is no room. */
  rest(blobId: string): Promise<void>;
  /** The blob is stored: its slivers may go. */
  release(blobId: string): Promise<void>;
  /** IDs of those blobs whose slivers `open`, in this order, lets wait on disk: another page finds them. */
  cacheable(blobs: readonly Omit<WantedBlob, 'source'>[]): Promise<ReadonlySet<string>>;
  /** What the slivers of blobs take, and the room for them, where not all of them can wait on disk; else undefined. */
  shortage(
    blobs: readonly Omit<WantedBlob, 'source'>[],
  ): Promise<{ readonly neededBytes: number; readonly freeBytes: number } | undefined>;
  /** whether slivers are kept, so that the bytes are not needed */
  has(blobId: string): Promise<boolean>;
}

/** Sources of uploads beside the journal, for as long as slivers cannot wait on disk. */
export interface Sources {
  /**
   * Copies the bytes to where they outlast the page.
   *
   * @returns undefined where there is no room for them: they are asked for again
   */
  copy(blobId: string, source: StoreSource, signal: AbortSignal): Promise<KeptSource | undefined>;
  /** @returns undefined if they are gone, or may not be read without a click of the person */
  open(blobId: string, kept: KeptSource): Promise<StoreSource | undefined>;
  forget(blobId: string): Promise<void>;
  /** See `persistence` of src/store. */
  persist(): Promise<boolean | undefined>;
}

export interface WantedBlob {
  readonly blobId: string;
  readonly shardCount: number;
  readonly unencodedBytes: number;
  readonly source: StoreSource | undefined;
}

/** What a relay asks for, and where it is. */
export interface RelayOffer {
  readonly relay: string;
  /** undefined if it works for nothing */
  readonly tip?: { readonly address: string; mist(encodedBytes: number): bigint };
}

/** Everything outside that storing needs. The simulator gives the same. */
export interface StorePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly chain: ChainClient;
  readonly store: ClientStore;
  readonly locks: Locks;
  readonly pageKeys: PageKeys;
  readonly pieces: Pieces;
  readonly sources: Sources;
  upload(upload: BlobUpload, signal: AbortSignal): Promise<UploadOutcome>;
  /** @returns undefined if no relay is configured or it does not answer */
  relay(signal: AbortSignal): Promise<RelayOffer | undefined>;
  /** Certified by whom and until when, as nodes of enough weight say; undefined if not. */
  status(blobId: string, signal: AbortSignal): Promise<StoredElsewhere | undefined>;
  wallet(): WalletPort | undefined;
  /** told of what the journal could not read; it is kept */
  onSetAside(what: SetAside): void;
}

export interface StoredElsewhere {
  /** of the permanent blob that lasts longest, exclusive */
  readonly permanentEndEpoch?: number;
}
