import type { SystemView } from '../../chain/chain-client.ts';
import type { EncodeProgress } from '../../protocol/blob-summary.ts';
import type { HauloutError } from '../../protocol/errors.ts';
import type { Approvals, ShownQuote, SpentAmounts } from '../../store/journal-facts.ts';
import type { NodeState } from '../../transfer/put-types.ts';

/** The bytes of a blob. A `Blob` is read in pieces, a `File` brings its name. */
export type StoreSource = Blob | Uint8Array<ArrayBuffer>;

export interface QuoteOptions {
  /** wall time in ms; the storage lasts at least until then, to the end of an epoch */
  readonly until?: number;
  /** instead of `until`: epochs, counting the running one */
  readonly epochs?: number;
  /** whether the owner may delete the blobs before their time */
  readonly deletable: boolean;
  /** kept beside each blob on chain; one set for all files, or one per file */
  readonly attributes?: Attributes | readonly Attributes[];
  /** gets the blob objects; the wallet's account if absent */
  readonly owner?: string;
  readonly path?: 'auto' | 'direct' | 'relay';
  /**
   * the most that a relay may be given for a file, in MIST; one that wants more is not used. With the path `auto` a
   * relay that wants anything is used only if this is given, for one file alone, where it saves much time.
   */
  readonly tipCapMist?: bigint;
  readonly approvals?: Approvals;
  /** on networks whose money is worth nothing: buys WAL that is missing, in the same transaction */
  readonly exchange?: boolean;
  /**
   * what counts as stored already: blobs of anybody that nobody can delete, only those of the
   * wallet, or none, so that every file is paid for. Not used for files with attributes.
   */
  readonly reuse?: 'any' | 'own' | 'none';
  /**
   * one per file, from a picker or a drop: what another page finds the bytes with, where the browser
   * has no room for them
   */
  readonly handles?: readonly (FileSystemFileHandle | undefined)[];
  readonly signal?: AbortSignal;
  onState?(state: 'encoding' | 'quoting'): void;
  onProgress?(file: number, progress: EncodeProgress): void;
}

/** A network as a person has to know it who wants to store something. */
export type NetworkFacts = Pick<
  SystemView,
  | ('epoch' | 'epochEndsMs' | 'epochDurationMs' | 'maxEpochsAhead')
  | ('shardCount' | 'storagePriceFrost' | 'writePriceFrost')
>;

export type Attributes = Readonly<Record<string, string>>;

/**
 * What is to be done for a file. `new`: pay and upload. `duplicate`: the same blob as an earlier
 * file. `stored`, `owned`: nothing. `extendable`: owned, but it ends too early: only more time is
 * paid. `registered`: paid before, only to be uploaded and certified. `unfinished`: paid, or being
 * paid, by the upload `jobId`, which is to be resumed instead.
 */
export type FileStanding =
  | 'new'
  | 'duplicate'
  | 'stored'
  | 'owned'
  | 'extendable'
  | 'registered'
  | 'unfinished';

export interface QuotedFile {
  readonly name?: string;
  readonly bytes: number;
  readonly encodedBytes: number;
  readonly blobId: string;
  readonly standing: FileStanding;
  /** of the upload that has begun to store it */
  readonly jobId?: string;
  /** of the blob object that is there already */
  readonly blobObjectId?: string;
  /** whether nobody can delete that object; it need not be of the kind that was asked for */
  readonly isPermanent?: boolean;
  /** exclusive; of the blob that is there already, or of what would be paid */
  readonly endEpoch: number;
  /** the own blob of these bytes whose time is extended, as it is now */
  readonly endsEarly?: { readonly blobObjectId: string; readonly endEpoch: number };
}

/** Everything that a batch costs. WAL in FROST, SUI in MIST; the two are never added up. */
export interface QuotedCost {
  readonly storageFrost: bigint;
  /** once, at registration */
  readonly writeFrost: bigint;
  readonly walFrost: bigint;
  /** the most that can be taken if prices move before the approval */
  readonly walMaximumFrost: bigint;
  readonly tipMist: bigint;
  /** network fees of all transactions; an estimate without a wallet */
  readonly gasMist: bigint;
  readonly gasMaximumMist: bigint;
  /** part of the fees that returns when the blobs are deleted */
  readonly gasRefundableMist: bigint;
  /** lent to the page key; what it does not use returns */
  readonly stipendMist: bigint;
  /** SUI that is given for missing WAL */
  readonly exchangeMist: bigint;
  /** storage for which owned, unused space is used up */
  readonly reusedBytes: number;
  readonly isEstimate: boolean;
}

/** A price for a batch, and all that was found out before. Valid until prices or coins change. */
export interface Quote {
  readonly files: readonly QuotedFile[];
  readonly cost: QuotedCost;
  /** exclusive */
  readonly endEpoch: number;
  /** wall time in ms at which the storage ends, as far as the chain tells it */
  readonly endsMs: number;
  readonly deletable: boolean;
  /** prompts of the wallet for the whole batch */
  readonly approvals: number;
  readonly payer?: string;
  readonly owner?: string;
  /** what stands in the way of paying now */
  readonly conditions: readonly HauloutError[];
  /**
   * where this browser has too little room for the pieces of what is sent to nodes directly: what they take, and the
   * room for them. They are made again from the file when they are needed.
   */
  readonly unkept?: { readonly neededBytes: number; readonly freeBytes: number };
}

export type StoreState =
  | 'already-stored'
  | 'awaiting-payment'
  | 'in-wallet'
  | 'settling'
  | 'uploading'
  | 'certifying'
  | 'awaiting-certify'
  | 'certified'
  | 'topping-up'
  | 'cancelled';

/** Why a job does not move, over its state. */
export interface Condition {
  readonly error: HauloutError;
  /** monotonic time at which it tries again by itself; absent if it waits for the person */
  readonly retryAtMs?: number;
}

export interface FileProgress {
  readonly name?: string;
  readonly blobId: string;
  readonly bytes: number;
  readonly state: StoreState;
  readonly path?: 'direct' | 'relay';
  readonly storedBytes: number;
  readonly neededBytes: number;
  readonly confirmedWeight: number;
  readonly quorumWeight: number;
  readonly error?: HauloutError;
  /** the upload that stores it instead of this one */
  readonly unfinishedIn?: string;
}

/** A storage node, and where it is with the blobs under way: with the one that is furthest behind. */
export interface NodeProgress {
  readonly nodeId: string;
  /** shards */
  readonly weight: number;
  readonly state: NodeState;
}

/** Whether anything was paid: from the journal and the chain, never from hope. */
export type Paid = 'nothing' | 'unknown' | 'paid';

export interface JobSnapshot {
  readonly jobId: string;
  /** that of the file that is least advanced, of those that this job is to store */
  readonly state: StoreState;
  readonly paid: Paid;
  /** of several payments some were made and others not */
  readonly isPartlyPaid?: true;
  readonly isPaused: boolean;
  readonly condition?: Condition;
  /** what was agreed to */
  readonly shown?: ShownQuote;
  /** what the payments on chain took so far, with network fees of failed ones; absent where the chain did not tell it */
  readonly spent?: Spent;
  readonly files: readonly FileProgress[];
  /** in the committee's order; absent until something is sent to nodes directly */
  readonly nodes?: readonly NodeProgress[];
  /** an epoch has ended since the sending began: what nodes have signed before does not count */
  readonly isNewEpoch?: boolean;
}

/** What left the wallet, in FROST and MIST, with everything; what came back so far is taken off. */
export interface Spent extends SpentAmounts {
  /** wall time of the first payment */
  readonly atMs: number;
}

export interface StoredFile {
  readonly name?: string;
  readonly bytes: number;
  readonly blobId: string;
  /** absent if somebody else's blob is used */
  readonly blobObjectId?: string;
  /** exclusive */
  readonly endEpoch: number;
  /** JSON, for blobs that this job certified */
  readonly receipt?: string;
  /** why this file alone was not stored; its blob object, if any, is the person's */
  readonly error?: HauloutError;
}

export interface CancelReport {
  /**
   * `nothing-paid`: it never happened. `space-kept`: the WAL is spent, the storage is the person's
   * to use again. `blobs-kept`: the unfinished blobs are the person's, to be finished later.
   */
  readonly meaning: 'nothing-paid' | 'space-kept' | 'blobs-kept' | 'finished';
}

/** One run of a quote, which a later page or process can take up where it ended. */
export interface StoreJob extends AsyncIterable<JobSnapshot> {
  readonly jobId: string;
  readonly snapshot: JobSnapshot;
  /** Stops sending; nothing is lost. */
  pause(): void;
  /** Goes on after a pause or a condition; opens the wallet if it is time to pay. */
  resume(): void;
  cancel(): Promise<CancelReport>;
  /** Settles with the present try; after `resume` ask again. */
  result(): Promise<readonly StoredFile[]>;
}

export interface OpenJob {
  readonly jobId: string;
  readonly atMs: number;
  readonly paid: Paid;
  readonly shown?: ShownQuote;
  readonly spent?: Spent;
  readonly files: readonly {
    readonly name?: string;
    readonly bytes: number;
    readonly blobId: string;
  }[];
  /** blob IDs whose bytes have to be given again */
  readonly missing: readonly string[];
  /** what bytes are read with; ask for the permission to, in a click and in a window, before `resume` */
  readonly handles: readonly FileSystemFileHandle[];
  /** whether somebody works on it right now: this page, or another */
  readonly isRunning: boolean;
  /** it is stored: all that was missing was an answer of the chain. Told until it is resumed, which gives its links. */
  readonly isFinished: boolean;
  /** it was given up, and what was paid for is not all in the wallet yet: `cancel` does that */
  readonly isGivenUp: boolean;
  /** whether a wallet was shown it and its answer is not known */
  readonly isAsked: boolean;
  /** of the bytes that nodes must hold before it is safe, those that they are known to hold; 0 to 1 */
  readonly sentShare: number;
  /** why it cannot be resumed: what was written down of it is damaged. `rescue` finds what it paid for. */
  readonly error?: HauloutError;
}
