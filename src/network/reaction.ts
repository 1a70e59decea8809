import { type HauloutError, isHauloutError } from '../protocol/errors.ts';

/** What to do about an exchange with a storage node that failed. */
export type Reaction =
  /** the caller ended it, or the mistake is on this side */
  | 'stop'
  /** the node does not know of the registration yet, or has no room for what is not registered */
  | 'await-registration'
  /** the node lost the metadata, and with it all that it had buffered */
  | 'resend-metadata'
  | 'check-slivers'
  /** the node goes by another committee */
  | 'refresh-committee'
  /** the node finds the bytes wrong: ours are, or they were changed on the way */
  | 'bytes-refused'
  /** the blob ID was marked as invalid for ever */
  | 'blob-poisoned'
  /** the node says in its own words that it does not hold this */
  | 'absent'
  | 'blocked'
  /** overload, proxies, connections: try again, later */
  | 'back-off';

const BY_REASON: Readonly<Record<string, Reaction>> = {
  NOT_REGISTERED: 'await-registration',
  CACHE_SATURATED: 'await-registration',
  MISSING_SLIVERS: 'check-slivers',
  SHARD_NOT_ASSIGNED: 'refresh-committee',
  INVALID_METADATA: 'bytes-refused',
  INVALID_SLIVER: 'bytes-refused',
  INVALID_CONTENT_TYPE: 'bytes-refused',
  SLIVER_INDEX_MISMATCH: 'bytes-refused',
  INDEX_OUT_OF_RANGE: 'bytes-refused',
  UNSUPPORTED_ENCODING_TYPE: 'bytes-refused',
  INVALID_BLOB: 'blob-poisoned',
};

/** Classifies anything that an exchange with a storage node throws. */
export function reactionTo(error: unknown): Reaction {
  if (!isHauloutError(error)) return 'stop';
  if (isHauloutError(error, 'node-refused')) return toRefusal(error);
  const transient = ['host-unreachable', 'host-silent', 'answer-unusable'];
  return transient.includes(error.code) ? 'back-off' : 'stop';
}

function toRefusal({ detail: { status, reason } }: HauloutError<'node-refused'>): Reaction {
  if (status === 413) return 'bytes-refused';
  if (reason === undefined) return status === 451 ? 'blocked' : 'back-off';
  if (status === 404) return 'absent';
  if (status === 451) return 'blocked';
  if (status !== 400) return 'back-off';
  if (reason === 'METADATA_NOT_FOUND') return 'resend-metadata';
  return BY_REASON[reason] ?? 'back-off';
}
