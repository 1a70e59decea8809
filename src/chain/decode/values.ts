import type { BlobPlan, CertifiedBlob, Exchange, ObjectRef } from '../plan.ts';

/**
 * What a value inside a transaction is known to be. A decoder follows each value from where it comes
 * from to where it ends, as Move does: what cannot be copied ends exactly once.
 */
export type Value =
  | { readonly is: 'gas' }
  | { readonly is: 'nothing' }
  | PureValue
  | SharedValue
  | OwnedValue
  | SuiValue
  | BoughtWal
  | PaymentValue
  | StorageValue
  | BlobValue;

export interface PureValue {
  readonly is: 'pure';
  readonly bytes: Uint8Array;
}

export interface SharedValue {
  readonly is: 'shared';
  readonly objectId: string;
  readonly initialVersion: string;
  readonly mutable: boolean;
}

/** An object that the transaction takes in: its type shows in how it is used. */
export interface OwnedValue extends Ending {
  readonly is: 'owned';
  readonly ref: ObjectRef;
  /** position among the inputs */
  readonly input: number;
  as?: 'wal' | 'storage' | 'blob';
}

export interface SuiValue extends Ending {
  readonly is: 'sui';
  readonly mist: bigint;
}

export interface BoughtWal extends Ending {
  readonly is: 'bought-wal';
}

/** What was split off the sender's WAL for the contract to take from. */
export interface PaymentValue extends Ending {
  readonly is: 'payment';
  readonly maximumFrost: bigint;
  readonly from: WalSource;
}

export type WalSource = OwnedValue | BoughtWal;

export interface StorageValue extends Ending {
  readonly is: 'storage';
  readonly from:
    | { readonly kind: 'new'; readonly bytes: number; readonly epochs: number }
    | { readonly kind: 'period'; readonly extension: Extension }
    | { readonly kind: 'piece'; readonly pool: PoolLog }
    | { readonly kind: 'freed' };
}

export interface BlobValue extends Ending {
  readonly is: 'blob';
  readonly blob: Omit<BlobPlan, 'storage' | 'attributes'>;
  readonly storage: { readonly epochs: number } | { readonly pool: PoolLog };
  readonly attributes: [key: string, value: string][];
}

interface Ending {
  /** how it ended; a value without an end makes the transaction invalid */
  end: 'used' | { readonly sentTo: string } | undefined;
}

export interface Extension {
  readonly bytes: number;
  readonly startEpoch: number;
  readonly endEpoch: number;
}

export type StoragePiece = OwnedValue | StorageValue;

/** What happened to an owned Storage object and to those that were fused with it, in order. */
export interface PoolLog {
  readonly parts: OwnedValue[];
  readonly steps: PoolStep[];
}

export type PoolStep =
  | { readonly step: 'size'; of: StoragePiece; readonly keep: number; readonly rest: StorageValue }
  | { readonly step: 'epoch'; of: StoragePiece; readonly at: number; readonly rest: StorageValue }
  | { readonly step: 'extend'; of: StoragePiece; readonly extension: Extension }
  | { readonly step: 'take'; of: StoragePiece; readonly encodedBytes: number };

/** All that a transaction was seen to do. */
export interface Deeds {
  readonly blobs: BlobValue[];
  readonly pools: Map<StoragePiece, PoolLog>;
  readonly certified: CertifiedBlob[];
  readonly extended: { readonly blob: ObjectRef; readonly epochs: number }[];
  readonly deleted: ObjectRef[];
  /** storage of deleted blobs */
  readonly freed: StorageValue[];
  readonly merges: { readonly into: WalSource; readonly coins: (WalSource | PaymentValue)[] }[];
  readonly payments: PaymentValue[];
  readonly exchanges: (Exchange & { readonly bought: BoughtWal })[];
  /** SUI that was given away, in order */
  readonly gifts: { readonly mist: bigint; readonly to: string }[];
  /** owned objects that were given away, in order */
  readonly transfers: { readonly ref: ObjectRef; readonly to: string }[];
  gasTo: string | undefined;
}
