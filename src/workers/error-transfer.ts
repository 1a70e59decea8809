import { type TransferHandler, transferHandlers } from 'comlink';
import { type PlainError, reviveError, toPlainError } from '../protocol/errors.ts';

/**
 * Makes errors keep code and detail on their way between threads; Comlink alone carries name,
 * message and stack. Both sides must call this before the first message.
 */
export function installErrorTransfer(): void {
  const usual = transferHandlers.get('throw');
  if (usual === undefined) throw new Error('Comlink has no handler for errors');
  const handler: TransferHandler<unknown, PlainError> = {
    canHandle: (value): value is unknown => usual.canHandle(value),
    serialize: (thrown) => [toPlainError((thrown as { value: unknown }).value), []],
    deserialize: (plain) => {
      throw reviveError(plain);
    },
  };
  transferHandlers.set('throw', handler);
}
