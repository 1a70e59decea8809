import type { Certificate } from '../protocol/certificate.ts';

/**
 * What a transaction does, as plain data: all but its gas. `buildTransaction` writes a plan as
 * bytes, and `decodeTransaction` reads the plan back out of bytes; nothing else is ever signed.
 * Addresses and IDs are `0x` and 64 hex digits, amounts FROST or MIST as said.
 */
export type TransactionPlan =
  | RegisterPlan
  | TipPlan
  | CertifyPlan
  | HandOverPlan
  | ExtendPlan
  | DeletePlan
  | MergeCoinsPlan;

/** An owned object in one version of itself. */
export interface ObjectRef {
  readonly objectId: string;
  readonly version: string;
  /** base58 */
  readonly digest: string;
}

/** Reserves storage, pays, registers and hands the Blob objects to `recipient`. */
export interface RegisterPlan {
  readonly kind: 'register';
  /** the person */
  readonly sender: string;
  /** the holder with one approval, the person with two */
  readonly recipient: string;
  /** MIST that the holder gets for its own transaction */
  readonly stipendMist: bigint;
  /** lets a browser that knows only the wallet find the holder */
  readonly marker?: Marker;
  readonly tip?: RelayTip;
  readonly payment: WalPayment;
  /** owned storage to be used up; what is left of it stays with the person */
  readonly pools: readonly StoragePool[];
  readonly blobs: readonly BlobPlan[];
}

export interface BlobPlan {
  /** 43 characters */
  readonly blobId: string;
  /** 32 bytes */
  readonly rootHash: Uint8Array;
  readonly unencodedBytes: number;
  /** what storage is bought for */
  readonly encodedBytes: number;
  readonly deletable: boolean;
  readonly attributes: readonly (readonly [key: string, value: string])[];
  /** new storage for so many epochs from the current one, or the storage of `pools[pool]` */
  readonly storage: { readonly epochs: number } | { readonly pool: number };
}

/** Storage objects of one period, made one; the blobs that name this pool are cut from it. */
export interface StoragePool {
  /** at least one; all with the same epochs */
  readonly parts: readonly ObjectRef[];
  /** bytes that the blobs take; absent if that is all of it. The rest stays with the person. */
  readonly keepBytes?: number;
  /** the epochs from here on are not needed and stay with the person */
  readonly cutAtEpoch?: number;
  /** bought on top, for as many bytes as the blobs take */
  readonly extension?: {
    readonly bytes: number;
    readonly startEpoch: number;
    readonly endEpoch: number;
  };
}

/** WAL of the sender from which at most `maximumFrost` can be taken; the rest returns. */
export interface WalPayment {
  /** merged into the first; empty if all of it is bought, or if nothing has to be paid */
  readonly coins: readonly ObjectRef[];
  readonly maximumFrost: bigint;
  readonly exchange?: Exchange;
}

/** Buys WAL for SUI on a network where both are worth nothing. */
export interface Exchange {
  readonly objectId: string;
  readonly packageId: string;
  readonly initialSharedVersion: string;
  readonly payMist: bigint;
}

/** Pays a relay for one upload. What the relay checks is the first input of the transaction. */
export interface RelayTip {
  readonly address: string;
  readonly mist: bigint;
  /** SHA-256 of the blob */
  readonly blobDigest: Uint8Array;
  /** SHA-256 of the nonce */
  readonly nonceDigest: Uint8Array;
  readonly unencodedBytes: number;
}

export interface Marker {
  /** P-256, compressed, 33 bytes */
  readonly pagePublicKey: Uint8Array;
  /** 16 bytes */
  readonly batchId: Uint8Array;
}

/** Pays a relay for a blob that is registered already. */
export interface TipPlan {
  readonly kind: 'tip';
  readonly sender: string;
  readonly tip: RelayTip;
}

/** A Blob object with the proof that it is stored. */
export interface CertifiedBlob {
  readonly blob: ObjectRef;
  readonly certificate: Certificate;
}

/**
 * Certifies blobs. From a holder they go to their owner in the same transaction, and all that is
 * left of the stipend goes back; a person who certifies keeps them.
 */
export interface CertifyPlan {
  readonly kind: 'certify';
  readonly sender: string;
  readonly blobs: readonly CertifiedBlob[];
  /** Blob objects that go along without a certificate */
  readonly uncertified: readonly ObjectRef[];
  /** absent where sender and owner are one */
  readonly handOverTo?: string;
  /** who gets the SUI, where that is another one */
  readonly changeTo?: string;
}

/** Gives a holder's objects, and all of its SUI, away as they are. */
export interface HandOverPlan {
  readonly kind: 'hand-over';
  readonly sender: string;
  readonly objects: readonly ObjectRef[];
  readonly handOverTo: string;
  /** who gets the SUI, where there are objects and that is another one */
  readonly changeTo?: string;
}

export interface ExtendPlan {
  readonly kind: 'extend';
  readonly sender: string;
  readonly payment: WalPayment;
  readonly blobs: readonly { readonly blob: ObjectRef; readonly epochs: number }[];
}

/** Deletes blobs. The storage that becomes free, and a holder's SUI, go to `handOverTo`. */
export interface DeletePlan {
  readonly kind: 'delete';
  readonly sender: string;
  readonly blobs: readonly ObjectRef[];
  readonly handOverTo: string;
}

/** Makes one coin of many. */
export interface MergeCoinsPlan {
  readonly kind: 'merge-coins';
  readonly sender: string;
  /** at least two */
  readonly coins: readonly ObjectRef[];
}

/** What pays for a transaction. Always the sender itself. */
export interface GasPayment {
  readonly coins: readonly ObjectRef[];
  /** MIST per unit */
  readonly priceMist: bigint;
  readonly budgetMist: bigint;
}

/** A plan as it was read out of bytes, with all that is not in a plan. */
export interface DecodedTransaction {
  readonly plan: TransactionPlan;
  readonly gas: GasPayment;
  /** last epoch of Sui in which the bytes can be executed */
  readonly expirationEpoch: bigint;
  /** base58 */
  readonly digest: string;
}
