import { HauloutError } from '../protocol/errors.ts';

/** What went wrong while storing, as a typed error where the cause is the quota. */
export function asStoreFull(error: unknown): unknown {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  return full ? new HauloutError('store-full', {}, { cause: error }) : error;
}
