import { hexToBytes } from '@noble/hashes/utils.js';
import { HauloutError } from './errors.ts';

/**
 * The 32 bytes of a Sui object ID.
 *
 * @param text `0x` and up to 64 hex digits
 * @throws HauloutError 'argument-invalid'
 */
export function objectIdBytes(text: string): Uint8Array {
  if (/^0x[0-9a-fA-F]{1,64}$/.test(text)) return hexToBytes(text.slice(2).padStart(64, '0'));
  throw new HauloutError('argument-invalid', { name: 'objectId', reason: 'not an object ID' });
}
