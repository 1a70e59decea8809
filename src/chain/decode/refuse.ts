import { HauloutError } from '../../protocol/errors.ts';

/** Bytes that do not say what was planned, or nothing that this client would ever plan. */
export function refuse(field: string, options?: ErrorOptions): never {
  throw new HauloutError('transaction-altered', { field }, options);
}

export function demand(condition: boolean, field: string): asserts condition {
  if (!condition) refuse(field);
}
