import { HauloutError } from '../protocol/errors.ts';
import type { Marker, RelayTip } from './plan.ts';

/**
 * Inputs of a transaction that no command uses: notes to whoever reads it later. Both are raw
 * bytes, without the length that BCS would put in front.
 */

const MAGIC = [0x48, 0x41, 0x55, 0x4c]; // "HAUL"
const VERSION = 1;
const HEAD_BYTES = MAGIC.length + 1;
const KEY_BYTES = 33;
const BATCH_ID_BYTES = 16;
const MARKER_BYTES = HEAD_BYTES + KEY_BYTES + BATCH_ID_BYTES;
const DIGEST_BYTES = 32;
const COMMITMENT_BYTES = 72;

/** @returns 54 bytes: "HAUL", version, public key, batch ID */
export function writeMarker({ pagePublicKey, batchId }: Marker): Uint8Array {
  checkLength('pagePublicKey', pagePublicKey, KEY_BYTES);
  checkLength('batchId', batchId, BATCH_ID_BYTES);
  return Uint8Array.from([...MAGIC, VERSION, ...pagePublicKey, ...batchId]);
}

/** undefined for anything that is not a marker of a version that is known here */
export function readMarker(bytes: Uint8Array): Marker | undefined {
  const head = [...MAGIC, VERSION];
  if (bytes.length !== MARKER_BYTES || !head.every((byte, i) => bytes[i] === byte))
    return undefined;
  const pagePublicKey = bytes.slice(HEAD_BYTES, HEAD_BYTES + KEY_BYTES);
  const parity = pagePublicKey[0];
  if (parity !== 2 && parity !== 3) return undefined; // not a compressed point
  return { pagePublicKey, batchId: bytes.slice(HEAD_BYTES + KEY_BYTES) };
}

/** What a tip is paid for, as a relay wants to find it in the first input. */
export type Commitment = Pick<RelayTip, 'blobDigest' | 'nonceDigest' | 'unencodedBytes'>;

/** @returns 72 bytes: digest of the blob, digest of the nonce, length of the blob */
export function writeCommitment(tip: Commitment): Uint8Array {
  checkLength('blobDigest', tip.blobDigest, DIGEST_BYTES);
  checkLength('nonceDigest', tip.nonceDigest, DIGEST_BYTES);
  const bytes = new Uint8Array(COMMITMENT_BYTES);
  bytes.set(tip.blobDigest);
  bytes.set(tip.nonceDigest, DIGEST_BYTES);
  new DataView(bytes.buffer).setBigUint64(2 * DIGEST_BYTES, BigInt(tip.unencodedBytes), true);
  return bytes;
}

export function readCommitment(bytes: Uint8Array): Commitment | undefined {
  if (bytes.length !== COMMITMENT_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(2 * DIGEST_BYTES, true);
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return {
    blobDigest: bytes.slice(0, DIGEST_BYTES),
    nonceDigest: bytes.slice(DIGEST_BYTES, 2 * DIGEST_BYTES),
    unencodedBytes: Number(length),
  };
}

function checkLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length === length) return;
  throw new HauloutError('argument-invalid', { name, reason: `not ${length} bytes` });
}
