import type { Committee } from '../protocol/committee.ts';
import type { Clock } from '../protocol/ports.ts';
import type { NetworkInfo } from './network-info.ts';
import type { DecodedTransaction, GasPayment, Marker, ObjectRef, TransactionPlan } from './plan.ts';
import type { TransactionLife } from './why-dead.ts';

/** Sui as this client needs it. Every method rejects with a typed error only. */
export interface ChainClient {
  readonly network: NetworkInfo;
  readonly clock: Clock;

  /**
   * The contract's state, kept until the epoch can have changed. Where full nodes differ by an epoch,
   * the newest; with `certain` the earliest.
   */
  system(options?: ReadOptions): Promise<SystemView>;
  /**
   * Sui's own epoch and gas price, kept for seconds. Where full nodes differ by an epoch, the
   * earliest: so no single one can give a signature a longer life than it should have.
   */
  gas(options?: ReadOptions): Promise<GasView>;
  /** Addresses of the storage nodes of the current epoch. */
  nodes(options?: ReadOptions): Promise<readonly NodeView[]>;
  /**
   * Those who had shards in the epoch before, as long as nodes still take them over; else none. Blobs that were
   * certified before are read from them.
   */
  leavingNodes(options?: ReadOptions): Promise<readonly LeavingNode[]>;
  /** Drops everything that was kept: prices, committee, epoch, packages. */
  forget(): void;

  balance(owner: string, signal?: AbortSignal): Promise<Balances>;
  coins(owner: string, coin: 'sui' | 'wal', signal?: AbortSignal): Promise<readonly OwnedCoin[]>;
  blobs(owner: string, signal?: AbortSignal): Promise<readonly OwnedBlob[]>;
  storages(owner: string, signal?: AbortSignal): Promise<readonly OwnedStorage[]>;
  /** Where SUI can be exchanged for WAL; undefined on networks where money is worth something. */
  exchange(signal?: AbortSignal): Promise<ExchangeOffer | undefined>;
  /** Everything that lies at an address, whatever it is; two endpoints before 'nothing'. */
  holdings(owner: string, signal?: AbortSignal): Promise<Holdings>;
  /** A Blob object; undefined only if every endpoint says that it does not exist, or no longer. */
  blob(objectId: string, signal?: AbortSignal): Promise<OwnedBlob | undefined>;
  attributes(
    blobObjectId: string,
    signal?: AbortSignal,
  ): Promise<readonly (readonly [key: string, value: string])[]>;
  /** The markers in all transactions that an address sent, newest first. */
  markers(sender: string, signal?: AbortSignal): Promise<readonly FoundMarker[]>;
  /** Of the newest transactions of an address, failed ones too, those that name one of some blobs, newest first. */
  purchases(
    sender: string,
    blobIds: ReadonlySet<string>,
    signal?: AbortSignal,
  ): Promise<readonly FoundPurchase[]>;

  /** undefined only if every endpoint says that it does not know the digest */
  transaction(digest: string, signal?: AbortSignal): Promise<ExecutedTransaction | undefined>;
  /**
   * The last few transactions that wrote an object, newest first; none if the object is gone. See object-history.ts.
   */
  history(objectId: string, signal?: AbortSignal): Promise<readonly ExecutedTransaction[]>;
  /**
   * Why a transaction that is not known can never be executed any more; undefined unless that is
   * sure. See why-dead.ts.
   */
  whyDead(life: TransactionLife, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Writes a plan as bytes that are ready to be signed, tries them, and says what they cost.
   *
   * @throws HauloutError 'wal-short', 'sui-short', 'transaction-refused', 'capacity-full', …
   */
  prepare(plan: TransactionPlan, options?: PrepareOptions): Promise<PreparedTransaction>;
  /**
   * Reads bytes that a wallet gave back and compares them with what it was given. The gas may have
   * been changed within the limits that were shown.
   *
   * @throws HauloutError 'transaction-altered'
   */
  check(
    prepared: PreparedTransaction,
    bytes: Uint8Array,
    signal?: AbortSignal,
  ): Promise<DecodedTransaction>;
  /** Runs bytes without signing them. A plan that would fail is an outcome, not an error. */
  simulate(bytes: Uint8Array, signal?: AbortSignal): Promise<ExecutedTransaction>;
  /**
   * Executes bytes, or finds that they were executed before: the same bytes can be sent as often
   * as needed. Gives the outcome once it can be read back.
   *
   * @throws HauloutError 'outcome-unknown' if it cannot be told whether they were or will be, also
   *   where they are refused for now; 'transaction-refused' only if they can never be: the signature
   *   is wrong, they have expired, or an object that they take was used by another transaction
   */
  execute(
    bytes: Uint8Array,
    signatures: readonly string[],
    signal?: AbortSignal,
  ): Promise<ExecutedTransaction>;
}

export interface ReadOptions {
  /** read again even if something was kept */
  readonly fresh?: boolean;
  /**
   * read again, from every full node, or fail: for what is given up because an epoch is over. The
   * earliest epoch counts, so no single full node can bring that about. Otherwise those count that
   * answer.
   */
  readonly certain?: boolean;
  readonly signal?: AbortSignal;
}

/** The Walrus contract at one moment. */
export interface SystemView {
  /** of Walrus, not of Sui */
  readonly epoch: number;
  /** whether nodes still take over shards for this epoch */
  readonly changing: boolean;
  /** when the epoch ends, as far as the chain tells it; wall time in ms */
  readonly epochEndsMs: number;
  readonly epochDurationMs: number;
  readonly shardCount: number;
  readonly committee: Committee;
  /** FROST per MiB that was begun and epoch */
  readonly storagePriceFrost: bigint;
  /** FROST per MiB that was begun */
  readonly writePriceFrost: bigint;
  readonly maxEpochsAhead: number;
  readonly capacityBytes: bigint;
  /** the most that is reserved in any of the coming epochs: entry i is epoch + i */
  readonly usedBytes: readonly bigint[];
  readonly packages: Packages;
}

/** Where the contract is called and how its types are named. */
export interface Packages {
  /** in the names of types */
  readonly originalId: string;
  /** to be called */
  readonly callId: string;
  readonly version: string;
  readonly walType: string;
  readonly systemInitialVersion: string;
  /** whether `callId` is one that this release knows */
  readonly isKnown: boolean;
}

export interface NodeView {
  readonly nodeId: string;
  readonly name: string;
  /** host:port */
  readonly networkAddress: string;
  /** BLS key of this epoch, 96 bytes */
  readonly publicKey: Uint8Array;
  /** position in the committee */
  readonly memberIndex: number;
  /** ascending */
  readonly shards: readonly number[];
}

/** A storage node with the shards that it had in the epoch before. */
export type LeavingNode = Pick<NodeView, 'nodeId' | 'networkAddress' | 'shards'>;

export interface GasView {
  /** of Sui, not of Walrus */
  readonly suiEpoch: bigint;
  /** MIST per unit */
  readonly referencePriceMist: bigint;
}

export interface Balances {
  readonly suiMist: bigint;
  readonly walFrost: bigint;
  /** coins that are called WAL and belong to another network or release */
  readonly foreignWal: readonly string[];
}

export interface OwnedCoin {
  readonly ref: ObjectRef;
  readonly amount: bigint;
}

export interface OwnedBlob {
  readonly ref: ObjectRef;
  readonly owner: string;
  readonly blobId: string;
  readonly unencodedBytes: number;
  readonly encodedBytes: number;
  readonly registeredEpoch: number;
  readonly certifiedEpoch?: number;
  /** exclusive */
  readonly endEpoch: number;
  readonly deletable: boolean;
}

/** How much WAL is given for SUI, where both are worth nothing. */
export interface ExchangeOffer {
  readonly objectId: string;
  readonly packageId: string;
  readonly initialSharedVersion: string;
  /** `walFrost` are given for `suiMist` */
  readonly rate: { readonly walFrost: bigint; readonly suiMist: bigint };
}

/** Storage that no blob uses yet. */
export interface OwnedStorage {
  readonly ref: ObjectRef;
  readonly bytes: number;
  readonly startEpoch: number;
  /** exclusive */
  readonly endEpoch: number;
}

/** What lies at a holder's address. */
export interface Holdings {
  readonly blobs: readonly OwnedBlob[];
  readonly suiCoins: readonly OwnedCoin[];
  /** anything else, by type */
  readonly others: readonly { readonly ref: ObjectRef; readonly type: string }[];
}

export interface FoundMarker extends Marker {
  /** of the transaction that carries it */
  readonly digest: string;
  readonly timestampMs?: number;
}

/** A transaction that may have bought a blob. */
export interface FoundPurchase {
  readonly digest: string;
  readonly marker?: Marker;
}

/** A transaction that was executed or tried. */
export interface ExecutedTransaction {
  readonly digest: string;
  readonly success: boolean;
  /** why not; absent if it succeeded */
  readonly failure?: TransactionFailure;
  readonly gas: GasUsed;
  /** Blob objects that it registered, in the order of its plan */
  readonly registered: readonly RegisteredBlob[];
  /** IDs of the Blob objects that it certified */
  readonly certified: readonly string[];
  /** objects that it wrote and that still exist, as they were after it */
  readonly written: readonly WrittenObject[];
  /** signed changes of balance by address and coin type */
  readonly balanceChanges: readonly {
    readonly address: string;
    readonly coinType: string;
    readonly amount: bigint;
  }[];
  /** wall time of its checkpoint; absent before there is one */
  readonly timestampMs?: number;
}

export interface WrittenObject {
  readonly ref: ObjectRef;
  readonly type: string;
  /** absent if it is shared or belongs to an object */
  readonly owner?: string;
  /** whose it was before; absent, too, if it is new */
  readonly ownerBefore?: string;
  /** absent if it is new */
  readonly versionBefore?: string;
  readonly isNew: boolean;
}

export interface TransactionFailure {
  /** for logs */
  readonly reason: string;
  /** where a Move function gave up, if one did */
  readonly abort?: {
    readonly packageId: string;
    readonly module: string;
    readonly functionName: string;
    readonly code: number;
  };
}

export interface RegisteredBlob {
  readonly ref: ObjectRef;
  readonly blobId: string;
  readonly registeredEpoch: number;
  readonly endEpoch: number;
  readonly deletable: boolean;
}

/** MIST. What leaves the sender at once is `netMist`. */
export interface GasUsed {
  readonly computationMist: bigint;
  readonly storageMist: bigint;
  readonly rebateMist: bigint;
  /** part of what was once paid for objects that were rewritten, and is not given back */
  readonly nonRefundableMist: bigint;
  readonly netMist: bigint;
}

export interface PrepareOptions {
  /** the most that may be set aside for the fee: what was shown */
  readonly maximumBudgetMist?: bigint;
  readonly signal?: AbortSignal;
}

/** Bytes that are ready to be signed. */
export interface PreparedTransaction {
  readonly plan: TransactionPlan;
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly gas: GasPayment;
  /** last epoch of Sui in which it can be executed */
  readonly expirationEpoch: bigint;
  readonly cost: TransactionCost;
}

/** What a transaction costs as it was tried, and the most that it can cost. */
export interface TransactionCost {
  /** WAL that was taken, and the most that can be */
  readonly walFrost: bigint;
  readonly walMaximumFrost: bigint;
  /** network fee: what leaves at once, and the most that can */
  readonly gasNetMist: bigint;
  readonly gasMaximumMist: bigint;
  /** part of the network fee that returns when what was created is deleted */
  readonly gasRefundableMist: bigint;
  readonly tipMist: bigint;
  /** lent to the holder; what it does not use returns */
  readonly stipendMist: bigint;
  /** SUI that is given for WAL */
  readonly exchangeMist: bigint;
}
