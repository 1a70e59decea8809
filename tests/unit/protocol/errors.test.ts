import { describe, expect, it } from 'vitest';
import {
  ERROR_CODES,
  type ErrorCode,
  HauloutError,
  isHauloutError,
  reviveError,
  toPlainError,
} from '../../../src/protocol/errors.ts';
import { EXAMPLES } from '../../support/error-examples.ts';

function make(code: ErrorCode, options?: ErrorOptions): HauloutError {
  return new HauloutError(code, EXAMPLES[code], options);
}

it('lists every code once', () => {
  expect([...ERROR_CODES].sort()).toEqual(Object.keys(EXAMPLES).sort());
});

describe.each(ERROR_CODES)('%s', (code) => {
  it('has a sentence that names the values but never the file', () => {
    const { message } = make(code);
    expect(message).not.toBe('');
    expect(message).not.toMatch(/undefined|\[object|secret/);
  });

  it('crosses a thread boundary with code, detail, message and cause', () => {
    const cause = new TypeError('the reason');
    const plain = structuredClone(toPlainError(make(code, { cause })));
    const revived = reviveError(plain);
    expect(isHauloutError(revived, code)).toBe(true);
    expect(revived).toMatchObject({ ...make(code), message: make(code).message });
    expect(revived.cause).toMatchObject({ name: 'TypeError', message: 'the reason' });
  });
});

describe('isHauloutError', () => {
  it('tells codes apart', () => {
    expect(isHauloutError(make('aborted'), 'aborted')).toBe(true);
    expect(isHauloutError(make('aborted'), 'store-full')).toBe(false);
    expect(isHauloutError(new Error('aborted'))).toBe(false);
    expect(isHauloutError(undefined)).toBe(false);
  });
});

describe('toPlainError', () => {
  it('carries whatever was thrown', () => {
    expect(reviveError(toPlainError('text'))).toMatchObject({ name: 'Error', message: 'text' });
    expect(reviveError(toPlainError(undefined)).message).toBe('undefined');
    const range = reviveError(toPlainError(new RangeError('far')));
    expect(range).toMatchObject({ name: 'RangeError', message: 'far' });
    expect(range).not.toHaveProperty('cause');
  });

  it('ends a circle of causes', () => {
    const error = new Error('a');
    error.cause = error;
    let depth = 0;
    let at: unknown = reviveError(toPlainError(error));
    for (; at instanceof Error; at = at.cause) depth++;
    expect(depth).toBe(5);
  });

  it('does not fall over a code that only a newer version knows', () => {
    const plain = { ...toPlainError(make('aborted')), code: 'new-code' as ErrorCode };
    expect(reviveError(plain as ReturnType<typeof toPlainError>)).toBeInstanceOf(Error);
  });
});
