import type { FoundBlob } from '../flows/read/find-blob.ts';
import type { OwnBlob } from '../flows/store/own-blob.ts';
import type { OfflineReport, ReceiptReport } from '../flows/store/verify-receipt.ts';
import type { AuditReport } from '../transfer/read/audit.ts';
import type { AgreedStatus } from '../transfer/read/blob-status.ts';

/** How a blob is read as a whole. */
export interface WholeRead {
  readonly blobId: string;
  /** as `consistency: 'strict'` of `readBlob` */
  readonly isStrict: boolean;
}

/** What a blob is, as a `HEAD` request is answered. */
export interface BlobHead {
  /** 200, 404 or 451 */
  readonly status: number;
  readonly bytes: number;
  /** of the closed list of content-type.ts */
  readonly type: string;
}

/** What an engine is asked about blobs, by kind; all of it plain data. */
export interface ReadQuestions {
  /** see `Haulout.blobStatus` */
  status: { ask: { readonly blobId: string }; answer: AgreedStatus };
  head: { ask: { readonly blobId: string }; answer: BlobHead };
  whole: { ask: WholeRead; answer: Blob };
  /** bytes `begin..end` */
  range: {
    ask: { readonly blobId: string; readonly begin: number; readonly end: number };
    answer: Uint8Array<ArrayBuffer>;
  };
  /** writes a blob into a file that the person has chosen; one that cannot be read to its end is left as it was */
  save: { ask: WholeRead & { readonly to: FileSystemFileHandle }; answer: undefined };
  /** see `Haulout.audit` */
  audit: { ask: { readonly blobId: string; readonly samples: number }; answer: AuditReport };
  /** see `Haulout.findBlob` */
  object: { ask: { readonly objectId: string }; answer: FoundBlob | undefined };
  /** see `Haulout.ownBlob` */
  own: { ask: { readonly blobId: string }; answer: OwnBlob | undefined };
  /** see `checkReceipt` */
  receipt: { ask: { readonly json: string }; answer: OfflineReport };
  /** see `Haulout.verifyReceipt` */
  receiptOnChain: { ask: { readonly json: string }; answer: ReceiptReport };
}

export type ReadKind = keyof ReadQuestions;
