import type { Hold } from './hold.ts';

/** What identifies one encoded blob, and what it costs to store. */
export interface BlobSummary {
  /** 43 characters, base64url without padding */
  readonly blobId: string;
  /** 32 bytes */
  readonly rootHash: Uint8Array;
  /** BCS BlobMetadata, without the blob ID in front */
  readonly metadata: Uint8Array;
  readonly shardCount: number;
  readonly symbolBytes: number;
  readonly unencodedBytes: number;
  /** what storage is bought for: all slivers and the metadata copies */
  readonly encodedBytes: number;
}

/** A summary without the metadata, which takes 64 kB at n = 1000. */
export type BlobIdentity = Omit<BlobSummary, 'metadata'>;

/** A summary with every sliver as BCS SliverData, both lists in sliver-pair order. */
export interface EncodedBlob extends BlobSummary {
  readonly primarySlivers: readonly Uint8Array[];
  /** entry p has sliver index `shardCount - 1 - p` */
  readonly secondarySlivers: readonly Uint8Array[];
}

export interface EncodeOptions {
  readonly shardCount: number;
  readonly signal?: AbortSignal;
  /** called at most ten times a second, and once at the end */
  onProgress?(progress: EncodeProgress): void;
  /** higher goes first; 0 if absent */
  readonly priority?: number;
}

export interface ComputeOptions extends EncodeOptions {
  /** while it is held, the work stands still, and what is done stays done */
  readonly hold?: Hold;
}

export interface EncodeBlobOptions extends EncodeOptions {
  /**
   * An earlier blob whose slivers nobody needs any more: their memory is taken for this one's, which
   * saves a good part of the time where blobs of a size follow one another. They are lost with the call.
   */
  readonly reuse?: Pick<EncodedBlob, 'primarySlivers' | 'secondarySlivers'> | undefined;
}

export interface EncodeProgress {
  readonly phase: 'queued' | 'rows' | 'columns' | 'finishing';
  /** bytes of the blob, weighted by work; never decreases */
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly rowsDone: number;
  readonly rowCount: number;
  readonly columnsDone: number;
  /** all columns of the expanded matrix, that is the shard count */
  readonly columnCount: number;
  /** finished columns as ascending half-open ranges */
  readonly columnRanges: readonly (readonly [begin: number, end: number])[];
}
