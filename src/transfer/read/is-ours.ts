import type { HauloutError } from '../../protocol/errors.ts';

const OURS = ['aborted', 'engine-crashed', 'engine-blocked', 'out-of-memory', 'argument-invalid'];

/** Whether this side failed, so that nothing is known of what it looked at. */
export function isOurs({ code }: HauloutError): boolean {
  return OURS.includes(code);
}
