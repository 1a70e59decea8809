/** What a `Range` header asks of a body of known length. */
export type RangeWish =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly begin: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

const WHOLE: RangeWish = { kind: 'whole' };

/**
 * Reads a `Range` header as HTTP defines it (RFC 9110, 14.2): a last byte past the end means the end; what is malformed,
 * in other units, or of several ranges is answered with the whole.
 *
 * @param length of the body in bytes
 * @returns for a part: half-open, inside the body
 */
export function rangeWish(header: string | null, length: number): RangeWish {
  const [, from = '', to = ''] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '') ?? [];
  if (from === '' && to === '') return WHOLE;
  if (from === '') {
    const count = Math.min(Number(to), length);
    return count === 0
      ? { kind: 'unsatisfiable' }
      : { kind: 'part', begin: length - count, end: length };
  }
  const begin = Number(from);
  const last = to === '' ? Number.POSITIVE_INFINITY : Number(to);
  if (last < begin) return WHOLE;
  if (begin >= length) return { kind: 'unsatisfiable' };
  return { kind: 'part', begin, end: Math.min(length, last + 1) };
}
