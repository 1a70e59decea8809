/**
 * What a job writes down, as data that a database keeps. Facts are only ever appended; what is
 * true of an intent follows from all of its facts, see `journal-state.ts`.
 */

/** One blob that an intent pays for, or brings to its end. */
export interface PlannedBlob {
  readonly blobId: string;
  /** 32 bytes */
  readonly rootHash: Uint8Array;
  readonly unencodedBytes: number;
  readonly encodedBytes: number;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** a blob object of the payer that was registered before and never certified: nothing to pay */
  readonly registered?: string;
  /** a certified blob object of the payer that ends too early: all that is paid is more time for it */
  readonly extended?: { readonly objectId: string; readonly endEpoch: number };
}

/** What a relay is paid, in the same transaction. */
export interface PlannedTip {
  readonly address: string;
  readonly amountMist: bigint;
  /** 32 bytes; the relay is told them, the transaction holds their hash */
  readonly nonce: Uint8Array;
  /** SHA-256 of the blob */
  readonly blobDigest: Uint8Array;
}

export type Approvals = 'one' | 'two';

/** One transaction of the person, and what follows from it. */
export interface IntentPlan {
  readonly jobId: string;
  readonly index: number;
  readonly count: number;
  readonly chainId: string;
  readonly payer: string;
  /** with the scheme flag in front; the other half of the holder */
  readonly payerKey: Uint8Array;
  readonly owner: string;
  readonly approvals: Approvals;
  readonly deletable: boolean;
  /** Walrus epoch in which the storage ends, exclusive */
  readonly endEpoch: number;
  readonly blobs: readonly PlannedBlob[];
  /** the most WAL that may leave the wallet */
  readonly maxFrost: bigint;
  /** the most SUI that its transaction may set aside for the network fee, and give for WAL */
  readonly maxGasMist: bigint;
  readonly maxExchangeMist: bigint;
  /** a relay that may be used, and what it is paid if it works for money */
  readonly relay?: string;
  readonly tip?: PlannedTip;
  readonly path: 'auto' | 'direct' | 'relay';
  /** whether storage that the payer owns may be used up */
  readonly reuse: boolean;
  /** whether blobs are bought however many of the same the payer has */
  readonly anew?: boolean;
  /** whether WAL that is missing may be bought, where the network sells it */
  readonly exchange: boolean;
}

export type Purpose = 'register' | 'certify' | 'hand-over';

/** A transaction that somebody may execute, or has executed. */
export interface SeenTransaction {
  readonly purpose: Purpose;
  readonly digest: string;
  /** last Sui epoch in which it can be executed */
  readonly expirationEpoch: bigint;
  /** positions in the plan of the blobs that it certifies */
  readonly certifies: readonly number[];
}

/** Final bytes of a transaction; all that is needed to send it again, as often as it takes. */
export interface SignedBytes extends SeenTransaction {
  readonly bytes: Uint8Array;
  readonly signatures: readonly string[];
}

/** What a wallet was shown. If it signs or executes that by itself, nobody may ever tell us. */
export interface AskedBytes extends SeenTransaction {
  /** owned objects in the versions that it takes: the chain admits one transaction for each */
  readonly inputs: readonly { readonly objectId: string; readonly version: string }[];
}

export interface RegisteredBlob {
  /** position in the plan's `blobs` */
  readonly blob: number;
  readonly objectId: string;
  readonly registeredEpoch: number;
  readonly endEpoch: number;
}

/** A certificate as it goes into a receipt. */
export interface KeptCertificate {
  readonly epoch: number;
  readonly signers: readonly number[];
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** In FROST and MIST: all that left a wallet, be it for storage, fees, a relay, or as a loan. */
export interface SpentAmounts {
  readonly frost: bigint;
  readonly mist: bigint;
}

/** SUI that came back to the payer with a transaction; negative where its network fee was the payer's. */
type ReturnedMist = bigint;

export type IntentFact =
  | { readonly kind: 'planned'; readonly atMs: number; readonly plan: IntentPlan }
  /** the page key exists and is stored; nothing was shown to the wallet yet */
  | {
      readonly kind: 'keyed';
      readonly holder: string;
      /** 33 bytes */
      readonly publicKey: Uint8Array;
      /** 16 bytes */
      readonly batchId: Uint8Array;
    }
  /** the wallet is about to see these bytes: it may sign, or even execute, them from now on */
  | { readonly kind: 'asked'; readonly transaction: AskedBytes }
  /** may be on chain from now on; until that is known nothing else is signed */
  | { readonly kind: 'signed'; readonly transaction: SignedBytes }
  | {
      readonly kind: 'registered';
      readonly digest: string;
      readonly atMs: number;
      readonly blobs: readonly RegisteredBlob[];
      /** absent where only what it has bought was seen, and in records of earlier releases */
      readonly spent?: SpentAmounts;
    }
  /** enough nodes confirmed a blob, in `certificate.epoch` */
  | {
      readonly kind: 'uploaded';
      readonly blob: number;
      readonly path: 'direct' | 'relay';
      readonly certificate: KeptCertificate;
    }
  | {
      readonly kind: 'certified';
      readonly digest: string;
      readonly atMs: number;
      readonly epoch: number;
      readonly blobs: readonly number[];
      readonly returnedMist?: ReturnedMist;
    }
  /** given up or ran out; what is at the holder goes to the person */
  | { readonly kind: 'cancelled'; readonly reason: CancelReason; readonly deletes: boolean }
  | {
      readonly kind: 'handed-over';
      readonly digest: string;
      readonly atMs: number;
      readonly returnedMist?: ReturnedMist;
    }
  /**
   * A transaction that can never be executed again, as full nodes say: it failed, it expired or its
   * inputs are gone.
   */
  | {
      readonly kind: 'lapsed';
      readonly digest: string;
      readonly reason: string;
      /** the network fee that the payer lost to it, where it was executed and failed */
      readonly feeMist?: bigint;
    }
  /** nothing of this intent is on chain, nor ever will be */
  | { readonly kind: 'dead'; readonly reason: string }
  /** the holder was read empty, and the key is deleted */
  | { readonly kind: 'closed' };

export type CancelReason = 'person' | 'expired' | 'unplanned';

/** A file of a job and what becomes of it. */
export interface JobFile {
  readonly name?: string;
  readonly bytes: number;
  readonly blobId: string;
  /** where its blob is paid for; absent if nothing had to be paid */
  readonly place?: { readonly intentId: string; readonly blob: number };
  readonly standing?: StandingBlob;
  /** the job that has begun to store it; this one has nothing to do for it */
  readonly unfinishedIn?: string;
}

/** A blob object that holds the file already. */
export interface StandingBlob {
  readonly by: 'owner' | 'other';
  readonly blobObjectId?: string;
  readonly endEpoch: number;
}

/** What the person saw and agreed to: all amounts of the batch, in FROST and MIST. */
export interface ShownQuote {
  readonly walFrost: bigint;
  readonly walMaximumFrost: bigint;
  readonly tipMist: bigint;
  readonly gasMist: bigint;
  readonly gasRefundableMist: bigint;
  readonly stipendMist: bigint;
  readonly exchangeMist: bigint;
  /** wall time at which the storage ends */
  readonly endsMs: number;
  readonly deletable: boolean;
  readonly approvals: number;
  readonly payer: string;
  readonly owner: string;
}

/** A job: the files that one quote was for. Written once, but for `isNews`. */
export interface JobRecord {
  readonly jobId: string;
  readonly atMs: number;
  /** absent in records of earlier releases */
  readonly shown?: ShownQuote;
  readonly chainId: string;
  readonly shardCount: number;
  readonly intentIds: readonly string[];
  readonly files: readonly JobFile[];
  /** whether its end has still to be told: nobody worked on it then. false once that was done before it was closed */
  readonly isNews?: boolean;
}

/** What nodes are known to hold of one blob; grows, except where a node denies having it. */
export interface NodeHoldings {
  readonly metadata: boolean;
  readonly slivers: Uint8Array;
  readonly confirmation?: { readonly epoch: number; readonly signature: Uint8Array };
}

/** The keys with which nodes signed in one epoch. */
export interface KeptCommittee {
  readonly shardCount: number;
  readonly members: readonly {
    readonly nodeId: string;
    readonly publicKey: Uint8Array;
    readonly weight: number;
  }[];
}

/** A file's bytes, or the way back to them, for as long as they are needed. */
export type KeptSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** in the private files of the browser, under the blob ID */
  | { readonly kind: 'copy' }
  | KeptHandle;

/** A file system handle, which only a browser's database can keep. */
export interface KeptHandle {
  readonly kind: 'handle';
  readonly handle: unknown;
}

/** The stores of a client's database and their values. */
export interface JournalStores {
  /** by job ID */
  readonly jobs: JobRecord;
  /** by intent ID and number, `<intentId>/00000012` */
  readonly facts: IntentFact;
  /** page keys by intent ID, in whatever form the key's door keeps them */
  readonly keys: unknown;
  /** by chain and epoch, `<chainId>/<epoch>`: what receipts name */
  readonly committees: KeptCommittee;
  /** by blob ID and job ID, `<blobId>/<jobId>`; BCS metadata and the way to the bytes */
  readonly sources: { readonly metadata: Uint8Array; readonly source?: KeptSource };
  /** by intent ID, blob and node, `<intentId>/3/0x…` */
  readonly holdings: NodeHoldings;
  /** what could not be read, by where it was and a number, `facts/<intentId>/00000012 1` */
  readonly 'set-aside': { readonly reason: string; readonly record: unknown };
}
