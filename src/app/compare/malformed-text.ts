import { isHauloutError } from '../../protocol/errors.ts';
import type { Words } from '../words.tsx';

/** What is wrong with a text that is no blob ID. */
export function malformedText(error: unknown, say: Words['say']): string {
  if (!isHauloutError(error, 'blob-id-malformed')) return say('verify.idBits');
  const { reason, length } = error.detail;
  if (reason === 'length') return say('verify.idLength', { n: length });
  return say(reason === 'alphabet' ? 'verify.idAlphabet' : 'verify.idBits');
}
