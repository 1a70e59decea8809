import type { CommitteeSource } from './put-types.ts';

/** What proves to a relay that its tip was paid. */
export interface TipPayment {
  /** base58 digest of the transaction that paid */
  readonly txId: string;
  /** 32 bytes, whose SHA-256 is in that transaction */
  readonly nonce: Uint8Array;
  /** what was paid, in MIST */
  readonly tipMist: bigint;
}

/** One blob on its way through an upload relay. */
export interface RelayPut {
  /** such as `https://relay.example`, without a slash at the end */
  readonly relay: string;
  readonly blobId: string;
  /** the unencoded bytes, read from disk while they are sent */
  readonly source: Blob;
  /** of a deletable blob */
  readonly objectId?: string;
  readonly payment?: TipPayment;
  readonly committee: CommitteeSource;
  /** bytes of the blob that are gone; starts again when a try has to be repeated */
  onSent?(bytes: number): void;
}
