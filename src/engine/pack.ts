import { type PlainError, reviveError, toPlainError } from '../protocol/errors.ts';

/** Data whose errors were made fit for travel between threads; `unpack` gives it back. */
export interface Packed<T> {
  readonly packed: unknown;
  /** never there: tells what is inside */
  readonly of?: T;
}

const ERROR = '\0error'; // no field of ours has such a name

/** Copies data with every error in it as plain data. */
export function pack<T>(value: T): Packed<T> {
  return { packed: map(value, (x) => (x instanceof Error ? { [ERROR]: toPlainError(x) } : x)) };
}

export function unpack<T>({ packed }: Packed<T>): T {
  return map(packed, (x) => {
    const isError = typeof x === 'object' && x !== null && ERROR in x;
    return isError ? reviveError(x[ERROR] as PlainError) : x;
  }) as T;
}

/** Replaces what `change` replaces, at any depth of arrays and plain objects. */
function map(value: unknown, change: (value: unknown) => unknown): unknown {
  const changed = change(value);
  if (changed !== value || typeof value !== 'object' || value === null) return changed;
  if (Array.isArray(value)) return value.map((each) => map(each, change));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, map(each, change)]));
}
