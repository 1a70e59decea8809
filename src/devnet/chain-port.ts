/**
 * The chain as storage nodes, relay and aggregator of the local network see it: committee, events, transactions.
 * All answers are what the chain holds now; whoever wants to learn late (the normal case) waits by its own clock.
 */

/** `0x` and 64 lower-case hex digits. */
type Address = string;

export interface CommitteeMember {
  readonly nodeId: Address;
  readonly name: string;
  /** host:port */
  readonly networkAddress: string;
  /** BLS12-381 G1, uncompressed, 96 bytes */
  readonly publicKey: Uint8Array;
  /** number of shards, the same as `shards.length` */
  readonly weight: number;
  /** ascending */
  readonly shards: readonly number[];
}

/** Members are sorted by node id: the position is the signer index of certificates. */
export interface ChainCommittee {
  readonly epoch: number;
  readonly shardCount: number;
  readonly members: readonly CommitteeMember[];
}

export type EpochState =
  /** weight of the nodes that have reported their shards as synced */
  | { readonly kind: 'sync'; readonly weight: number }
  | { readonly kind: 'done'; readonly sinceMs: number }
  | { readonly kind: 'next-selected'; readonly sinceMs: number };

export interface ChainState {
  readonly epoch: number;
  readonly epochState: EpochState;
  /** n */
  readonly shardCount: number;
  readonly current: ChainCommittee;
  readonly previous: ChainCommittee | undefined;
  /** known once it was selected for the next epoch */
  readonly next: ChainCommittee | undefined;
}

interface EventPosition {
  /** counts all events of the chain from 0, in the order of execution, without gaps */
  readonly sequence: number;
  /** base58 digest of the transaction */
  readonly digest: string;
  readonly timestampMs: number;
}

/** Blob ids are in text form (43 characters); `epoch` is that of Walrus. */
export type ChainEventBody =
  | {
      readonly kind: 'blob-registered';
      readonly epoch: number;
      readonly blobId: string;
      /** unencoded bytes */
      readonly size: number;
      readonly encodingType: number;
      readonly endEpoch: number;
      readonly deletable: boolean;
      readonly objectId: Address;
    }
  | {
      readonly kind: 'blob-certified';
      readonly epoch: number;
      readonly blobId: string;
      readonly endEpoch: number;
      readonly deletable: boolean;
      readonly objectId: Address;
      readonly isExtension: boolean;
    }
  | {
      readonly kind: 'blob-deleted';
      readonly epoch: number;
      readonly blobId: string;
      readonly endEpoch: number;
      readonly objectId: Address;
      readonly wasCertified: boolean;
    }
  | { readonly kind: 'invalid-blob-id'; readonly epoch: number; readonly blobId: string }
  | {
      readonly kind: 'pooled-blob-registered';
      readonly epoch: number;
      readonly blobId: string;
      readonly size: number;
      readonly encodingType: number;
      readonly deletable: boolean;
      readonly objectId: Address;
      readonly storagePoolId: Address;
    }
  | {
      readonly kind: 'pooled-blob-certified';
      readonly epoch: number;
      readonly blobId: string;
      readonly deletable: boolean;
      readonly objectId: Address;
      readonly storagePoolId: Address;
    }
  | {
      readonly kind: 'pooled-blob-deleted';
      readonly epoch: number;
      readonly blobId: string;
      readonly objectId: Address;
      readonly wasCertified: boolean;
      readonly storagePoolId: Address;
    }
  | {
      readonly kind: 'storage-pool-created' | 'storage-pool-extended';
      readonly epoch: number;
      readonly storagePoolId: Address;
      readonly endEpoch: number;
    }
  | { readonly kind: 'epoch-change-start' | 'epoch-change-done'; readonly epoch: number }
  | { readonly kind: 'epoch-parameters-selected'; readonly nextEpoch: number }
  | {
      readonly kind: 'shards-received' | 'shard-recovery-start';
      readonly epoch: number;
      readonly shards: readonly number[];
    }
  | {
      readonly kind: 'prices-updated';
      readonly epoch: number;
      readonly storagePrice: bigint;
      readonly writePrice: bigint;
    }
  /** any other event of the Walrus package, for logs */
  | { readonly kind: 'other'; readonly type: string };

export type ChainEvent = EventPosition & ChainEventBody;

export interface BalanceChange {
  readonly address: Address;
  /** full type, such as `0x000…02::sui::SUI` */
  readonly coinType: string;
  /** signed; gas included */
  readonly amount: bigint;
}

export interface ChainTransaction {
  readonly digest: string;
  readonly sender: Address;
  readonly succeeded: boolean;
  readonly timestampMs: number;
  /** The bytes of the first input if it is a pure value: where a relay finds the tip's commitment. */
  readonly firstPureInput: Uint8Array | undefined;
  readonly balanceChanges: readonly BalanceChange[];
}

/** A Blob object as stored on chain. */
export interface ChainBlobObject {
  readonly objectId: Address;
  readonly blobId: string;
  readonly size: number;
  readonly encodingType: number;
  readonly registeredEpoch: number;
  readonly certifiedEpoch: number | undefined;
  readonly endEpoch: number;
  readonly deletable: boolean;
  /** in the order of the chain; empty without the attribute field */
  readonly attributes: readonly (readonly [key: string, value: string])[];
}

/** A transaction that a node sends with its own account. */
export type NodeCall =
  /** all shards of `epoch` are here: the vote that ends the epoch change */
  | { readonly kind: 'epoch-sync-done'; readonly nodeId: Address; readonly epoch: number }
  /** a certificate over an invalid blob id: aggregate signature, bitmap, message */
  | {
      readonly kind: 'invalidate-blob-id';
      readonly nodeId: Address;
      readonly signature: Uint8Array;
      readonly signersBitmap: Uint8Array;
      readonly message: Uint8Array;
    }
  /** the node's vote on the parameters of the next epochs; all in the units of the contract */
  | {
      readonly kind: 'vote';
      readonly nodeId: Address;
      readonly storagePrice?: bigint;
      readonly writePrice?: bigint;
      readonly nodeCapacity?: bigint;
    }
  /** anybody may send these when their time has come */
  | { readonly kind: 'voting-end' | 'initiate-epoch-change'; readonly nodeId: Address };

export interface NodeCallResult {
  readonly digest: string;
  /** undefined if it succeeded, else the text of the failure, such as `MoveAbort … staking_inner code 3` */
  readonly failure: string | undefined;
}

export interface ChainPort {
  state(): ChainState;

  /** The events from `sequence` on, oldest first, at most `limit` (default: all). */
  events(sequence: number, limit?: number): readonly ChainEvent[];
  /**
   * Calls `listener` with every event from `sequence` on: the past ones at once, the others right after the
   * transaction that emitted them.
   *
   * @returns a function that ends the subscription
   */
  subscribe(sequence: number, listener: (event: ChainEvent) => void): () => void;

  /** Undefined when the chain does not know the digest (also as long as it is not final). */
  transaction(digest: string): ChainTransaction | undefined;
  /** Undefined when there is no such object, or it is not a Blob. */
  blobObject(objectId: Address): ChainBlobObject | undefined;

  /** Executes a transaction of a node; resolves when it is final. */
  submit(call: NodeCall): Promise<NodeCallResult>;
}
