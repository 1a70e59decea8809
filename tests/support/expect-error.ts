import { expect } from 'vitest';
import { type ErrorCode, type ErrorDetails, isHauloutError } from '../../src/protocol/errors.ts';

/** Runs `work` and expects it to throw our error with this code and, if given, this detail. */
export function expectError<C extends ErrorCode>(
  work: () => unknown,
  code: C,
  detail?: Partial<ErrorDetails[C]>,
): void {
  let thrown: unknown;
  try {
    work();
  } catch (error) {
    thrown = error;
  }
  expect(isHauloutError(thrown), `typed error instead of ${thrown}`).toBe(true);
  if (!isHauloutError(thrown)) return;
  expect(thrown.code).toBe(code);
  if (detail !== undefined) expect(thrown.detail).toMatchObject(detail);
}
