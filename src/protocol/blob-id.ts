import { HauloutError } from './errors.ts';

export const BLOB_ID_BYTES = 32;
export const BLOB_ID_LENGTH = 43;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

/**
 * Reads the text form of a blob ID. Strict: 43 characters of base64url, no padding, unused bits
 * zero, so that one ID has one text.
 *
 * @returns 32 bytes
 * @throws HauloutError 'blob-id-malformed'
 */
export function parseBlobId(text: string): Uint8Array {
  if (typeof text !== 'string' || text.length !== BLOB_ID_LENGTH) fail(text, 'length');
  const bytes = new Uint8Array(BLOB_ID_BYTES);
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (let i = 0; i < BLOB_ID_LENGTH; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value < 0) fail(text, 'alphabet');
    bits = ((bits << 6) | value) & 0x3fff;
    bitCount += 6;
    if (bitCount >= 8) {
      bitCount -= 8;
      bytes[at++] = bits >> bitCount;
    }
  }
  if ((bits & ((1 << bitCount) - 1)) !== 0) fail(text, 'trailing-bits');
  return bytes;
}

/**
 * Writes a blob ID as text.
 *
 * @param bytes 32 bytes
 * @throws HauloutError 'argument-invalid' for any other length
 */
export function formatBlobId(bytes: Uint8Array): string {
  checkLength(bytes);
  let text = '';
  let bits = 0;
  let bitCount = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0x3fff;
    bitCount += 8;
    while (bitCount >= 6) {
      bitCount -= 6;
      text += ALPHABET.charAt((bits >> bitCount) & 63);
    }
  }
  return text + ALPHABET.charAt((bits << (6 - bitCount)) & 63);
}

/** The ID as the chain's u256: byte 0 is the least significant. */
export function blobIdToInteger(bytes: Uint8Array): bigint {
  checkLength(bytes);
  let integer = 0n;
  for (let i = BLOB_ID_BYTES - 1; i >= 0; i--) integer = (integer << 8n) | BigInt(bytes[i] ?? 0);
  return integer;
}

/**
 * The 32 bytes of the chain's u256.
 *
 * @throws HauloutError 'argument-invalid' if negative or over 256 bits
 */
export function blobIdFromInteger(integer: bigint): Uint8Array {
  if (integer < 0n || integer >> 256n !== 0n) {
    throw new HauloutError('argument-invalid', { name: 'integer', reason: 'not a u256' });
  }
  const bytes = new Uint8Array(BLOB_ID_BYTES);
  for (let i = 0, rest = integer; i < BLOB_ID_BYTES; i++, rest >>= 8n) {
    bytes[i] = Number(rest & 0xffn);
  }
  return bytes;
}

/**
 * Finds a blob ID in pasted text, such as a link.
 *
 * @returns the first run of base64url characters that is a blob ID, in its text form
 */
export function findBlobId(text: string): string | undefined {
  for (const [run] of text.matchAll(/[A-Za-z0-9_-]+/g)) {
    if (run.length === BLOB_ID_LENGTH && 'AEIMQUYcgkosw048'.includes(run.charAt(42))) return run;
  }
  return undefined;
}

function checkLength(bytes: Uint8Array): void {
  if (bytes.length === BLOB_ID_BYTES) return;
  throw new HauloutError('argument-invalid', { name: 'blobId', reason: 'not 32 bytes' });
}

function fail(text: unknown, reason: 'length' | 'alphabet' | 'trailing-bits'): never {
  const length = typeof text === 'string' ? text.length : 0;
  throw new HauloutError('blob-id-malformed', { length, reason });
}
