/** Why a storage node refuses, with the HTTP status, the status name and a sentence of its own. */
const REASONS = {
  INVALID_CONTENT_TYPE: [400, 'INVALID_ARGUMENT', 'the body is not what this route takes'],
  INVALID_BLOB: [400, 'FAILED_PRECONDITION', 'the blob was marked as invalid'],
  UNSUPPORTED_ENCODING_TYPE: [400, 'INVALID_ARGUMENT', 'this encoding is not supported'],
  INVALID_METADATA: [400, 'INVALID_ARGUMENT', 'the metadata fails its verification'],
  NOT_REGISTERED: [400, 'FAILED_PRECONDITION', 'the blob is not registered, or has expired'],
  CACHE_SATURATED: [400, 'FAILED_PRECONDITION', 'there is no room for uploads before registration'],
  INDEX_OUT_OF_RANGE: [400, 'INVALID_ARGUMENT', 'the index is not below the limit'],
  SLIVER_INDEX_MISMATCH: [400, 'INVALID_ARGUMENT', 'the sliver index does not belong to the pair'],
  SHARD_NOT_ASSIGNED: [400, 'FAILED_PRECONDITION', 'this node does not hold the shard'],
  INVALID_SLIVER: [400, 'INVALID_ARGUMENT', 'the sliver fails its verification'],
  MISSING_SLIVERS: [400, 'FAILED_PRECONDITION', 'not all slivers of this node are stored'],
  NO_SYMBOLS_SPECIFIED: [400, 'FAILED_PRECONDITION', 'no symbol was asked for'],
  NO_TARGET_SLIVERS_SPECIFIED: [400, 'FAILED_PRECONDITION', 'no target sliver was given'],
  INVALID_FILTER: [400, 'INVALID_ARGUMENT', 'the filter cannot be read'],
  RECOVERY_SYMBOL_OUT_OF_RANGE: [400, 'INVALID_ARGUMENT', 'only source slivers can be targets'],
  SYMBOL_NOT_PRESENT_AT_SHARDS: [
    400,
    'FAILED_PRECONDITION',
    'no shard of this node has the symbol',
  ],
  INVALID_PROOF: [400, 'INVALID_ARGUMENT', 'the proof does not show an inconsistency'],
  SLIVER_NOT_FOUND: [404, 'NOT_FOUND', 'the sliver is not stored here'],
  FORBIDDEN_BLOB: [451, 'UNAVAILABLE_FOR_LEGAL_REASONS', 'the blob is blocked at this node'],
  INTERNAL_ERROR: [500, 'INTERNAL', 'something went wrong inside the node'],
  UNAVAILABLE: [503, 'UNAVAILABLE', 'the node has too much to do'],
  METADATA_NOT_FOUND: [404, 'NOT_FOUND', 'the metadata is not stored here'],
} as const satisfies Record<string, readonly [number, string, string]>;

export type Reason = keyof typeof REASONS;

const GLOBAL_REASONS: readonly Reason[] = ['INTERNAL_ERROR', 'UNAVAILABLE'];

/** A refusal that is answered with an envelope. */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly reason: Reason;
  readonly httpStatus: number;
  readonly statusName: string;

  /**
   * @param detail what exactly, added to the reason's sentence
   * @param asPrecondition says 400 FAILED_PRECONDITION where the reason alone is a 404: what is missing was needed
   */
  constructor(reason: Reason, detail?: string, asPrecondition = false) {
    const [httpStatus, statusName, sentence] = REASONS[reason];
    super(detail === undefined ? sentence : `${sentence}: ${detail}`);
    this.reason = reason;
    this.httpStatus = asPrecondition ? 400 : httpStatus;
    this.statusName = asPrecondition ? 'FAILED_PRECONDITION' : statusName;
  }

  get domain(): string {
    return GLOBAL_REASONS.includes(this.reason) ? 'global' : 'storage.walrus.space';
  }
}

/** A refusal before any handler runs: plain text, no envelope. */
export class FrameworkError extends Error {
  override readonly name = 'FrameworkError';
  readonly httpStatus: number;
  /** for 405: the methods that the path has */
  readonly allow: string | undefined;

  constructor(httpStatus: number, text: string, allow?: string) {
    super(text);
    this.httpStatus = httpStatus;
    this.allow = allow;
  }
}
