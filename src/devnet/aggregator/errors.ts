import { jsonReply } from '../node/reply.ts';

const REASONS = {
  BLOB_NOT_FOUND: [404, 'NOT_FOUND', 'the blob ID does not exist'],
  QUILT_PATCH_NOT_FOUND: [404, 'NOT_FOUND', 'the quilt has no such patch'],
  INVALID_BYTE_RANGE: [416, 'RANGE_NOT_SATISFIABLE', 'the byte range cannot be served'],
  FORBIDDEN_BLOB: [451, 'UNAVAILABLE_FOR_LEGAL_REASONS', 'the blob is blocked'],
  BLOB_UNAVAILABLE: [503, 'UNAVAILABLE', 'the blob cannot be read now; try again later'],
  BLOB_TOO_LARGE: [403, 'SIZE_EXCEEDED', 'the blob is larger than this aggregator serves'],
  INVALID_ARGUMENT: [400, 'INVALID_ARGUMENT', 'the request contradicts itself'],
  INTERNAL_ERROR: [500, 'INTERNAL', 'an internal error has occurred'],
} as const satisfies Record<string, readonly [number, string, string]>;

export type AggregatorReason = keyof typeof REASONS;

/** A refusal that is answered with an envelope. */
export class AggregatorError extends Error {
  override readonly name = 'AggregatorError';
  readonly reason: AggregatorReason;
  readonly httpStatus: number;

  /** @param httpStatus where a route says it with another status */
  constructor(reason: AggregatorReason, detail?: string, httpStatus?: number) {
    const [usual, , sentence] = REASONS[reason];
    super(detail === undefined ? sentence : `${sentence}: ${detail}`);
    this.reason = reason;
    this.httpStatus = httpStatus ?? usual;
  }
}

/** The envelope of failure. */
export function failureReply({ reason, httpStatus, message }: AggregatorError): Response {
  const status = httpStatus === 400 ? 'INVALID_ARGUMENT' : REASONS[reason][1];
  const domain = reason === 'INTERNAL_ERROR' ? 'global' : 'daemon.walrus.space';
  const details = [{ '@type': 'ErrorInfo', reason, domain, metadata: {} }];
  return jsonReply(httpStatus, { error: { code: httpStatus, status, message, details } });
}
