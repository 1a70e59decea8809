import { AggregatorError } from './errors.ts';

/** Bytes `begin..end`. */
export interface ByteRange {
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a `Range` header. The real aggregator takes one range with both ends and nothing else: no `a-`, no `-n`.
 *
 * @param strict as the real one; else as HTTP defines it
 * @returns undefined without the header
 * @throws AggregatorError 416
 */
export function rangeOf(
  header: string | null,
  length: number,
  strict: boolean,
): ByteRange | undefined {
  if (header === null) return undefined;
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header) ?? [];
  if (strict && (from === '' || to === '')) throw unsatisfiable(header);
  if (from === '' && to === '') throw unsatisfiable(header);
  if (from === '' && (Number(to) === 0 || length === 0)) throw unsatisfiable(header);
  if (from === '') return { begin: Math.max(0, length - Number(to)), end: length };
  const begin = Number(from);
  const end = to === '' ? length : Number(to) + 1;
  if (begin >= end || begin >= length || (strict && end > length)) throw unsatisfiable(header);
  return { begin, end: Math.min(end, length) };
}

/** The query of `byte-range`. @throws AggregatorError 400 */
export function rangeOfQuery(query: URLSearchParams, length: number): ByteRange {
  const [begin, count] = [wholeNumber(query.get('start')), wholeNumber(query.get('length'))];
  if (begin === undefined || count === undefined || count === 0 || begin + count > length) {
    throw new AggregatorError('INVALID_BYTE_RANGE', undefined, 400);
  }
  return { begin, end: begin + count };
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const unsatisfiable = (header: string) =>
  new AggregatorError('INVALID_BYTE_RANGE', JSON.stringify(header.slice(0, 100)));
