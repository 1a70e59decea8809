import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** Lower case, two digits per byte. */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/** The bytes of lower-case hex; undefined for anything else. */
export function fromHex(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string' || !/^([0-9a-f]{2})*$/.test(text)) return undefined;
  return hexToBytes(text);
}
