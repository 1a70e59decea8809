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

installErrorTransfer();
const url = new URL('./error-transfer.worker.ts', import.meta.url);
const worker = new Worker(url, { type: 'module' });
const remote = wrap<{
  fail(code: ErrorCode, detail: ErrorDetails[ErrorCode]): never;
  stumble(): Promise<never>;
}>(worker);
afterAll(() => worker.terminate());

/** One detail per code; the compiler asks for a new one with each new code. */
const details: { [C in ErrorCode]: ErrorDetails[C] } = {
  'file-unreadable': { name: 'a.txt' },
  'file-changed': {},
  'blob-too-large': { bytes: 9, limit: 8, name: 'b' },
  'store-full': { neededBytes: 5, freeBytes: 4 },
  'engine-blocked': { reason: 'policy' },
  'engine-crashed': { reason: 'trap' },
  aborted: {},
  'shard-count-unsupported': { shardCount: 3, min: 4, max: 49155 },
  'blob-id-malformed': { length: 3, reason: 'length' },
  'metadata-malformed': { reason: 'truncated', offset: 7 },
  'metadata-mismatch': { field: 'blob-id', expected: 'a', actual: 'b' },
  'sliver-malformed': { reason: 'length' },
  'sliver-mismatch': { axis: 'secondary', sliverIndex: 6 },
  'symbol-malformed': { reason: 'index' },
  'symbol-mismatch': { sliverIndex: 1, sourceIndex: 2 },
  'not-enough-slivers': { have: 1, need: 2 },
  'not-enough-symbols': { have: 3, need: 4 },
  'blob-inconsistent': { blobId: 'x' },
  'argument-invalid': { name: 'n', reason: 'r' },
  'out-of-memory': { neededBytes: 1 },
};

it.each(ERROR_CODES)('carries code, detail and cause of %s out of a worker', async (code) => {
  const error = await rejection(remote.fail(code, details[code]));
  expect(error).toBeInstanceOf(HauloutError);
  const expected = new HauloutError(code, details[code]);
  const { message, retryable } = expected;
  expect(error).toMatchObject({ code, detail: details[code], message, retryable });
  expect((error as Error).cause).toMatchObject({ name: 'RangeError', message: 'below' });
});

it('carries foreign errors by name and message', async () => {
  const error = await rejection(remote.stumble());
  expect(error).not.toBeInstanceOf(HauloutError);
  expect(error).toMatchObject({ name: 'TypeError', message: 'not one of ours' });
});
