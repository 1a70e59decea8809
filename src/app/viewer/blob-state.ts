import type { BlobHead } from '../../engine/read-questions.ts';
import type { FoundBlob } from '../../flows/read/find-blob.ts';
import type { OwnBlob } from '../../flows/store/own-blob.ts';
import type { SeenParts } from '../../presentation/verification-map.ts';
import type { AuditReport } from '../../transfer/read/audit.ts';
import type { AgreedStatus } from '../../transfer/read/blob-status.ts';

/** Something that the person may have done, and what came of it. */
export type Task<T, P = undefined> =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly progress: P }
  | { readonly kind: 'done'; readonly value: T; readonly atMs: number }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What elements are given to show a blob. */
export interface Shown {
  readonly head: BlobHead;
  /** 'gateway': fetched as it is needed; 'memory': this page has all of it */
  readonly way: 'gateway' | 'memory';
  /** where its bytes are, if the page has some for an element or a download */
  readonly url?: string;
  /** why nothing is shown, if its type has an element */
  readonly why?: 'too-large' | 'stopped' | 'not-decoded' | 'no-worker';
  /** the begin of a text */
  readonly text?: { readonly begin: string; readonly isWhole: boolean };
}

export type Stage =
  /** looked up, or checked before anything is shown */
  | { readonly kind: 'looking' }
  | { readonly kind: 'shown'; readonly shown: Shown }
  /** `status` is absent for an object that nobody has */
  | { readonly kind: 'missing'; readonly status?: AgreedStatus; readonly atMs: number }
  | { readonly kind: 'failed'; readonly error: unknown };

/** All that is known of a blob that is looked at. */
export interface BlobState {
  /** undefined until an object ID has led to it */
  readonly blobId: string | undefined;
  readonly stage: Stage;
  readonly seen: SeenParts;
  /** the object on chain, where one is known */
  readonly object: FoundBlob | OwnBlob | undefined;
  /** what nodes say of its life, where no object is known */
  readonly life: (AgreedStatus & { readonly endsMs?: number }) | undefined;
  readonly strict: Task<Blob, number>;
  readonly audit: Task<AuditReport>;
  readonly save: Task<string, number>;
}
