import { HauloutError } from '../protocol/errors.ts';

/**
 * The contents of an object, as a full node gave them.
 *
 * @throws HauloutError 'chain-unavailable' if they are not of that kind: another node may do better
 */
export function parseObject<T>(
  layout: { parse(bytes: Uint8Array): T },
  content: Uint8Array | undefined,
): T {
  try {
    return layout.parse(content ?? new Uint8Array());
  } catch (cause) {
    throw malformed(cause);
  }
}

export function malformed(cause?: unknown): HauloutError {
  const reason = 'an object of the contract cannot be read';
  return new HauloutError('chain-unavailable', { reason }, { cause });
}
