import { expose } from 'comlink';
import { type ErrorCode, type ErrorDetails, HauloutError } from '../../src/protocol/errors.ts';
import { installErrorTransfer } from '../../src/workers/error-transfer.ts';

installErrorTransfer();

expose({
  fail(code: ErrorCode, detail: ErrorDetails[ErrorCode]): never {
    throw new HauloutError(code, detail, { cause: new RangeError('below') });
  },
  async stumble(): Promise<never> {
    throw new TypeError('not one of ours');
  },
});
