import { wrap } from 'comlink';
import { afterAll, expect, it } from 'vitest';
import {
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  HauloutError,
} from '../../src/protocol/errors.ts';
import { installErrorTransfer } from '../../src/workers/error-transfer.ts';
import { rejection } from '../support/encoder-contract.ts';
import { EXAMPLES } from '../support/error-examples.ts';

installErrorTransfer();
const url = new URL('./error-transfer.worker.ts', import.meta.url);
const worker = new Worker(url, { type: 'module' });
const remote = wrap<{
  fail(code: ErrorCode, detail: ErrorDetails[ErrorCode]): never;
  stumble(): Promise<never>;
}>(worker);
afterAll(() => worker.terminate());

it.each(ERROR_CODES)('carries code, detail and cause of %s out of a worker', async (code) => {
  const error = await rejection(remote.fail(code, EXAMPLES[code]));
  expect(error).toBeInstanceOf(HauloutError);
  const expected = new HauloutError(code, EXAMPLES[code]);
  const { message, retryable } = expected;
  expect(error).toMatchObject({ code, detail: EXAMPLES[code], message, retryable });
  expect((error as Error).cause).toMatchObject({ name: 'RangeError', message: 'below' });
});

it('carries foreign errors by name and message', async () => {
  const error = await rejection(remote.stumble());
  expect(error).not.toBeInstanceOf(HauloutError);
  expect(error).toMatchObject({ name: 'TypeError', message: 'not one of ours' });
});
