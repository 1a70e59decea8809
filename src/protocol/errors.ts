/** Why bytes from outside could not be parsed. */
export type MalformedReason =
  | 'truncated' // ends before the value does
  | 'trailing-bytes' // goes on after the value
  | 'varint' // not the shortest form, or over the limit of BCS
  | 'tag' // an enum variant that does not exist
  | 'encoding-type' // an encoding this client does not read
  | 'count' // a number of elements that cannot be
  | 'length' // a length that does not fit the blob
  | 'symbol-size' // a symbol size that does not fit the blob
  | 'index'; // an index outside the committee

/** What is wrong with an answer over HTTP. */
export type AnswerFlaw =
  | 'cut' // the body ends too early
  | 'too-long' // the body goes on after the limit
  | 'not-json' // another type, or text that cannot be parsed: a captive portal, a proxy
  | 'not-bytes' // another type than bytes
  | 'shape' // JSON without the fields that it must have
  | 'other-message'; // signed, but something else than what was asked for

/** Why a node does not count. `reason`: an error code, or the node's own such as INVALID_SLIVER. */
export interface NodeFailure {
  readonly nodeId: string;
  readonly reason: string;
}

/** The closed list of error codes, each with its plain, cloneable detail. */
export interface ErrorDetails {
  'file-gone': { name?: string };
  'file-unreadable': { name?: string };
  'file-changed': { name?: string };
  'file-unwritable': { reason: string };
  'blob-too-large': { bytes: number; limit: number; name?: string };
  'store-full': { neededBytes?: number; freeBytes?: number };
  'engine-blocked': { reason: string };
  'engine-crashed': { reason: string };
  aborted: Record<never, never>;
  'shard-count-unsupported': { shardCount: number; min: number; max: number };
  'blob-id-malformed': { length: number; reason: 'length' | 'alphabet' | 'trailing-bits' };
  'metadata-malformed': { reason: MalformedReason; offset?: number };
  'metadata-mismatch': { field: 'blob-id' | 'shard-count'; expected: string; actual: string };
  'sliver-malformed': { reason: MalformedReason; offset?: number };
  'sliver-mismatch': { axis: 'primary' | 'secondary'; sliverIndex: number };
  'symbol-malformed': { reason: MalformedReason; offset?: number };
  'symbol-mismatch': { sliverIndex: number; sourceIndex: number };
  'not-enough-slivers': { have: number; need: number; failed?: readonly NodeFailure[] };
  'not-enough-symbols': { have: number; need: number };
  'blob-inconsistent': { blobId: string };
  'blob-unknown': { blobId: string };
  'blob-blocked': { blobId: string };
  'metadata-unavailable': { blobId: string; failed?: readonly NodeFailure[] };
  'source-missing': { name?: string; bytes?: number };
  'source-differs': { expected: string; actual: string; name?: string };
  'store-newer': { version: number; known: number };
  'store-unavailable': { reason: string };
  'revision-stale': { key: string };
  'wallet-missing': Record<never, never>;
  'wallet-rejected': { reason?: string };
  'wallet-popup-blocked': Record<never, never>;
  'wallet-silent': { seconds: number };
  'wallet-account-changed': { expected: string; actual: string };
  'wallet-unsupported': { reason: string };
  'network-mismatch': { expected: string; actual: string };
  'transaction-altered': { field: string };
  'wal-short': { haveFrost: string; needFrost: string; missingFrost: string };
  'wal-foreign': { coinType: string };
  'sui-short': { haveMist: string; needMist: string; missingMist: string };
  'coins-fragmented': { coins: number; limit: number };
  'price-over-cap': { nowFrost: string; capFrost: string };
  'capacity-full': { neededBytes: number };
  'outcome-unknown': { digest: string };
  'paid-already': { digest: string };
  'transaction-refused': { reason: string; digest?: string; feeMist?: string };
  'not-final-yet': Record<never, never>;
  'quorum-unreached': { have: number; need: number; failed?: readonly NodeFailure[] };
  'host-unreachable': { host: string };
  'host-silent': { host: string; seconds: number };
  'answer-unusable': { host: string; reason: AnswerFlaw };
  'node-refused': { host: string; status: number; reason?: string };
  'blob-refused': { blobId: string; reason: string };
  'relay-unavailable': { status?: number };
  'relay-refused': { status: number; reason: string };
  'relay-receipt-stale': { tipMist: string };
  'certificate-mismatch': { reason: string };
  'chain-unavailable': { reason: string };
  'contract-unknown': { packageId: string };
  'blob-expired': { endEpoch: number; epoch: number };
  'upload-elsewhere': { jobId: string };
  'upload-unknown': { jobId: string };
  'receipt-altered': { field: string };
  'argument-invalid': { name: string; reason: string };
  'out-of-memory': { neededBytes: number };
}

export type ErrorCode = keyof ErrorDetails;

interface Entry<C extends ErrorCode> {
  /** Whether the same call may succeed later or with another source of the same bytes. */
  retryable: boolean;
  /** The sentence for logs. File names stay in `detail`: messages get copied into reports. */
  say(detail: ErrorDetails[C]): string;
}

const TABLE: { readonly [C in ErrorCode]: Entry<C> } = {
  'file-gone': { retryable: true, say: () => 'the file is no longer there' },
  'file-unreadable': { retryable: true, say: () => 'the file cannot be read' },
  'file-unwritable': {
    retryable: true,
    say: (d) => `the file cannot be written: ${d.reason}`,
  },
  'file-changed': { retryable: true, say: () => 'the file changed while it was being read' },
  'blob-too-large': {
    retryable: false,
    say: (d) => `${d.bytes} bytes are more than the limit of ${d.limit}`,
  },
  'store-full': {
    retryable: true,
    say: (d) => `the browser's storage is full${d.neededBytes ? `; ${d.neededBytes} needed` : ''}`,
  },
  'engine-blocked': { retryable: false, say: (d) => `the engine cannot start: ${d.reason}` },
  'engine-crashed': { retryable: true, say: (d) => `the engine stopped: ${d.reason}` },
  aborted: { retryable: true, say: () => 'aborted' },
  'shard-count-unsupported': {
    retryable: false,
    say: (d) => `${d.shardCount} shards; ${d.min} to ${d.max} are supported`,
  },
  'blob-id-malformed': {
    retryable: false,
    say: (d) => `not a blob ID (${d.reason}; ${d.length} characters)`,
  },
  'metadata-malformed': { retryable: true, say: (d) => malformed('metadata', d) },
  'metadata-mismatch': {
    retryable: true,
    say: (d) => `metadata has ${d.field} ${d.actual} instead of ${d.expected}`,
  },
  'sliver-malformed': { retryable: true, say: (d) => malformed('sliver', d) },
  'sliver-mismatch': {
    retryable: true,
    say: (d) => `${d.axis} sliver ${d.sliverIndex} fails its check`,
  },
  'symbol-malformed': { retryable: true, say: (d) => malformed('recovery symbol', d) },
  'symbol-mismatch': {
    retryable: true,
    say: (d) => `symbol of sliver ${d.sourceIndex} for sliver ${d.sliverIndex} fails its proof`,
  },
  'not-enough-slivers': { retryable: true, say: (d) => `${d.have} slivers; ${d.need} needed` },
  'not-enough-symbols': { retryable: true, say: (d) => `${d.have} symbols; ${d.need} needed` },
  'blob-inconsistent': {
    retryable: false,
    say: (d) => `blob ${d.blobId} was not encoded correctly by its writer`,
  },
  'blob-unknown': { retryable: true, say: (d) => `the storage nodes do not know blob ${d.blobId}` },
  'blob-blocked': { retryable: false, say: (d) => `the storage nodes do not serve ${d.blobId}` },
  'metadata-unavailable': {
    retryable: true,
    say: (d) => `no storage node gives the metadata of blob ${d.blobId}`,
  },
  'source-missing': { retryable: true, say: () => 'the bytes are needed again to finish' },
  'source-differs': {
    retryable: false,
    say: (d) => `the bytes are blob ${d.actual} instead of ${d.expected}`,
  },
  'store-unavailable': {
    retryable: true,
    say: (d) => `the browser's storage cannot be used: ${d.reason}`,
  },
  'store-newer': {
    retryable: false,
    say: (d) => `the stored data has version ${d.version}; ${d.known} is the newest known`,
  },
  'revision-stale': { retryable: true, say: (d) => `${d.key} was changed by somebody else` },
  'wallet-missing': { retryable: true, say: () => 'there is no wallet' },
  'wallet-rejected': { retryable: true, say: () => 'the wallet declined' },
  'wallet-popup-blocked': {
    retryable: true,
    say: () => 'the browser blocked the window of the wallet',
  },
  'wallet-silent': { retryable: true, say: (d) => `no answer of the wallet for ${d.seconds} s` },
  'wallet-account-changed': {
    retryable: true,
    say: (d) => `the wallet is on ${d.actual} instead of ${d.expected}`,
  },
  'wallet-unsupported': { retryable: false, say: (d) => `the wallet cannot do this: ${d.reason}` },
  'network-mismatch': {
    retryable: true,
    say: (d) => `the network is ${d.actual} instead of ${d.expected}`,
  },
  'transaction-altered': {
    retryable: false,
    say: (d) => `the transaction is not the one that was planned: ${d.field}`,
  },
  'wal-short': {
    retryable: true,
    say: (d) => `${d.needFrost} FROST are needed, ${d.haveFrost} are there`,
  },
  'wal-foreign': { retryable: true, say: (d) => `${d.coinType} is not the WAL of this network` },
  'sui-short': {
    retryable: true,
    say: (d) => `${d.needMist} MIST are needed for gas, ${d.haveMist} are there`,
  },
  'coins-fragmented': { retryable: true, say: (d) => `the WAL is in more than ${d.limit} coins` },
  'price-over-cap': {
    retryable: true,
    say: (d) => `the price is ${d.nowFrost} FROST, above the maximum of ${d.capFrost}`,
  },
  'capacity-full': {
    retryable: true,
    say: (d) => `the network has no room for ${d.neededBytes} bytes`,
  },
  'outcome-unknown': {
    retryable: true,
    say: (d) => `it is not known whether ${d.digest} was executed`,
  },
  'transaction-refused': {
    retryable: true,
    say: (d) => `the transaction was refused: ${d.reason}`,
  },
  'not-final-yet': { retryable: true, say: () => 'the nodes have not heard of the payment yet' },
  'quorum-unreached': {
    retryable: true,
    say: (d) => `nodes with ${d.have} of ${d.need} needed shards confirm`,
  },
  'host-unreachable': { retryable: true, say: (d) => `${d.host} cannot be reached from here` },
  'host-silent': { retryable: true, say: (d) => `${d.host} is silent for ${d.seconds} s` },
  'answer-unusable': {
    retryable: true,
    say: (d) => `the answer of ${d.host} is of no use: ${d.reason}`,
  },
  'node-refused': {
    retryable: true,
    say: (d) => `${d.host} refused with ${d.status}${d.reason === undefined ? '' : ` ${d.reason}`}`,
  },
  'blob-refused': {
    retryable: false,
    say: (d) => `honest nodes refuse blob ${d.blobId}: ${d.reason}`,
  },
  'relay-refused': {
    retryable: false,
    say: (d) => `the relay refused with ${d.status}: ${d.reason}`,
  },
  'relay-unavailable': { retryable: true, say: () => 'the relay does not answer' },
  'relay-receipt-stale': { retryable: true, say: () => 'the relay finds the tip too old' },
  'certificate-mismatch': {
    retryable: true,
    say: (d) => `the certificate does not hold: ${d.reason}`,
  },
  'contract-unknown': {
    retryable: false,
    say: (d) => `the contract ${d.packageId} is newer than this release knows`,
  },
  'chain-unavailable': {
    retryable: true,
    say: (d) => `the full node does not answer: ${d.reason}`,
  },
  'blob-expired': { retryable: false, say: (d) => `the storage ended with epoch ${d.endEpoch}` },
  'paid-already': {
    retryable: false,
    say: (d) => `the same was bought by transaction ${d.digest}`,
  },
  'upload-elsewhere': { retryable: true, say: (d) => `somebody else works on ${d.jobId}` },
  'upload-unknown': { retryable: false, say: (d) => `there is no upload ${d.jobId} here` },
  'receipt-altered': { retryable: false, say: (d) => `the receipt does not hold: ${d.field}` },
  'argument-invalid': { retryable: false, say: (d) => `${d.name}: ${d.reason}` },
  'out-of-memory': { retryable: true, say: (d) => `${d.neededBytes} bytes are not available` },
};

function malformed(what: string, d: { reason: MalformedReason; offset?: number }): string {
  return `malformed ${what} (${d.reason}${d.offset === undefined ? '' : ` at byte ${d.offset}`})`;
}

/** All codes, for tests and tables that must cover each of them. */
export const ERROR_CODES = Object.keys(TABLE) as readonly ErrorCode[];

/** The only error that this library throws. Callers switch on `code`. */
export class HauloutError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'HauloutError';
  readonly code: C;
  readonly detail: ErrorDetails[C];
  readonly retryable: boolean;

  constructor(code: C, detail: ErrorDetails[C], options?: ErrorOptions) {
    const entry = TABLE[code] as Entry<C>;
    super(entry.say(detail), options);
    this.code = code;
    this.detail = detail;
    this.retryable = entry.retryable;
  }
}

/** Tells whether `x` is an error of this library, and of this `code` if one is given. */
export function isHauloutError<C extends ErrorCode = ErrorCode>(
  x: unknown,
  code?: C,
): x is HauloutError<C> {
  return x instanceof HauloutError && (code === undefined || x.code === code);
}

/** An error as data that every thread boundary can carry. */
export type PlainError =
  | { kind: 'haulout'; code: ErrorCode; detail: ErrorDetails[ErrorCode]; cause?: PlainError }
  | { kind: 'other'; name: string; message: string; cause?: PlainError };

const CAUSE_DEPTH = 4; // enough for any chain we build; ends cycles

/** Turns anything thrown into plain data; `reviveError` is the way back. */
export function toPlainError(error: unknown, depth = CAUSE_DEPTH): PlainError {
  const cause = error instanceof Error && depth > 0 ? error.cause : undefined;
  const plainCause = cause === undefined ? {} : { cause: toPlainError(cause, depth - 1) };
  if (error instanceof HauloutError) {
    return { kind: 'haulout', code: error.code, detail: error.detail, ...plainCause };
  }
  if (error instanceof Error) {
    return { kind: 'other', name: error.name, message: error.message, ...plainCause };
  }
  return { kind: 'other', name: 'Error', message: String(error) };
}

/** Builds the error again on the other side of a thread boundary. */
export function reviveError(plain: PlainError): Error {
  const options = plain.cause === undefined ? undefined : { cause: reviveError(plain.cause) };
  if (plain.kind === 'haulout' && ERROR_CODES.includes(plain.code)) {
    return new HauloutError(plain.code, plain.detail, options);
  }
  const other = plain.kind === 'other' ? plain : { name: 'Error', message: 'unknown error code' };
  const error = new Error(other.message, options);
  error.name = other.name;
  return error;
}
