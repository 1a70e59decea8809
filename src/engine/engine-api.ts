import type { Balances } from '../chain/chain-client.ts';
import type { HauloutOptions } from '../flows/store/create-haulout.ts';
import type { Rescue } from '../flows/store/rescue.ts';
import type {
  CancelReport,
  FileProgress,
  JobSnapshot,
  NetworkFacts,
  NodeProgress,
  OpenJob,
  Quote,
  QuoteOptions,
  StoredFile,
} from '../flows/store/types.ts';
import type { BlobIdentity, EncodeProgress } from '../protocol/blob-summary.ts';
import type { WalletAccount } from '../protocol/ports.ts';
import type { SetAside } from '../store/schema.ts';
import type { NodesSight } from '../transfer/read/look-at-nodes.ts';
import type { RowNews } from '../transfer/read/read-types.ts';
import type { Packed } from './pack.ts';
import type { ReadKind, ReadQuestions } from './read-questions.ts';

/** What an engine works for; plain data. */
export interface EngineConfig {
  readonly network: HauloutOptions['network'];
  /** absent: the network's own; false: none */
  readonly relay?: string | false;
}

/** What a quote is asked for; `QuoteOptions` as far as they are plain data. */
export type QuoteTerms = Pick<
  QuoteOptions,
  | 'until'
  | 'epochs'
  | 'deletable'
  | 'path'
  | 'tipCapMist'
  | 'approvals'
  | 'exchange'
  | 'reuse'
  | 'owner'
>;

export interface QuoteSource {
  readonly file: File;
  readonly handle?: FileSystemFileHandle | undefined;
  /** of `identify`: what was found out by then is not found out again */
  readonly key?: number | undefined;
}

export interface MadeQuote {
  /** names the quote for `store` */
  readonly quoteId: number;
  readonly quote: Quote;
}

/** What changed in a list, by place. */
export interface ListChange<T> {
  readonly length: number;
  readonly changed: readonly (readonly [at: number, entry: T])[];
}

/** What changed in a job: of its files and nodes only those that did. */
export interface JobUpdate extends Omit<JobSnapshot, 'files' | 'nodes'> {
  readonly files: ListChange<FileProgress>;
  readonly nodes: ListChange<NodeProgress>;
  /** wall time of the next try, where the condition ends by itself */
  readonly retryWallMs?: number;
  /** nobody works on it any more */
  readonly isOver: boolean;
}

export interface JobTerms {
  /** two approvals: stops before the second one until `resume` is called */
  readonly waitsBeforeCertify?: boolean;
}

/** What only the wallet can end; see `Rescue`. */
export type FoundRescue = Omit<Rescue, 'handOver' | 'deleteBlobs'>;

/** What an engine asks of its page, and tells it. */
export interface EnginePage {
  sign(callId: number, bytes: Uint8Array): Promise<{ bytes: Uint8Array; signature: string }>;
  /** nobody waits for that signature any more */
  leave(callId: number): void;
  identifying(callId: number, progress: EncodeProgress): void;
  quoting(callId: number, state: 'encoding' | 'quoting'): void;
  /** rows that a read has handed out since the last time */
  reading(callId: number, rows: readonly RowNews[]): void;
  job(update: Packed<JobUpdate>): void;
  setAside(what: SetAside): void;
}

/**
 * A storing client in a thread of its own. A `callId` names a call that `abort` can end early; each is used once.
 * All calls reject with HauloutError.
 */
export interface EngineApi {
  /** Must be the first call. */
  start(config: EngineConfig, page: EnginePage): Promise<void>;
  /** The account whose signatures `sign` gives; undefined while no wallet is connected. */
  account(account: WalletAccount | undefined): Promise<void>;
  abort(callId: number): Promise<void>;
  /** Holds an identification back, or lets it go on. */
  hold(callId: number, isHeld: boolean): Promise<void>;
  /** @param key keeps what is found out for a later quote, until `forget` */
  identify(callId: number, file: Blob, shardCount: number, key?: number): Promise<BlobIdentity>;
  forget(keys: readonly number[]): Promise<void>;
  network(callId: number): Promise<NetworkFacts>;
  balance(callId: number, address: string): Promise<Balances>;
  /** See `Haulout.nodes`. */
  nodes(callId: number): Promise<NodesSight>;
  /** See `Haulout.relayTip`. */
  relayTip(callId: number, encodedBytes: number): Promise<bigint | undefined>;
  quote(
    callId: number,
    sources: readonly QuoteSource[],
    terms: QuoteTerms,
  ): Promise<Packed<MadeQuote>>;
  /** @returns the job's ID; its updates go to the page */
  store(quoteId: number, terms: JobTerms): Promise<string>;
  openJobs(callId: number): Promise<Packed<readonly OpenJob[]>>;
  /** See `Haulout.exportUploads`. */
  exportUploads(): Promise<string>;
  /** See `Haulout.openElsewhere`. */
  openElsewhere(): Promise<number>;
  /** Takes a job up again, of this page or an earlier one. */
  resume(jobId: string, files: readonly File[], terms: JobTerms): Promise<void>;
  pause(jobId: string): Promise<void>;
  cancel(jobId: string): Promise<CancelReport>;
  /** Settles with the present try. */
  result(jobId: string): Promise<Packed<readonly StoredFile[]>>;
  rescue(callId: number): Promise<readonly FoundRescue[]>;
  handOver(callId: number, holder: string): Promise<void>;
  read<K extends ReadKind>(
    callId: number,
    kind: K,
    ask: ReadQuestions[K]['ask'],
  ): Promise<Packed<ReadQuestions[K]['answer']>>;
}
