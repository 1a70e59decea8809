/**
 * Signatures of accounts and pages, made and checked by the library that the machine has: the same answers in a tenth
 * of the time. Page keys sign as before, since the machine's signatures on that curve differ from time to time.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { ed25519 as realEd25519 } from '@noble/curves/ed25519.js';
import { p256 as realP256 } from '@noble/curves/nist.js';

export * from '@noble/curves/ed25519.js';
export * from '@noble/curves/nist.js';

/** What stands before the bytes of a key in DER. */
const ED25519_SECRET = Buffer.from('302e020100300506032b657004220420', 'hex');
const ED25519_PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');
const P256_PUBLIC = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
const P256_HALF_ORDER = realP256.Point.Fn.ORDER >> 1n;

/**
 * Most keys come again soon, and to open one takes longer than to sign.
 *
 * @template Key
 * @param {(der: Buffer) => Key} open
 */
function opened(open) {
  /** @type {Map<string, Key>} */
  const known = new Map();
  return (/** @type {Buffer} */ prefix, /** @type {Uint8Array} */ key) => {
    const der = Buffer.concat([prefix, key]);
    const name = der.toString('latin1');
    const found = known.get(name) ?? open(der);
    if (known.size > 1_000) known.clear();
    known.set(name, found);
    return found;
  };
}

const publicKey = opened((key) => createPublicKey({ key, format: 'der', type: 'spki' }));
const secretKey = opened((key) => createPrivateKey({ key, format: 'der', type: 'pkcs8' }));

/** @type {typeof realEd25519} */
export const ed25519 = {
  ...realEd25519,
  sign: (message, secret) =>
    Uint8Array.from(sign(null, message, secretKey(ED25519_SECRET, secret))),
  verify: (signature, message, key) =>
    verify(null, message, publicKey(ED25519_PUBLIC, key), signature),
};

/** @param {Uint8Array} signature */
const isLow = (signature) =>
  BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`) <= P256_HALF_ORDER;

/** @type {typeof realP256} */
export const p256 = {
  ...realP256,
  verify(signature, message, key) {
    const asked = {
      key: publicKey(P256_PUBLIC, key),
      dsaEncoding: /** @type {const} */ ('ieee-p1363'),
    };
    return isLow(signature) && verify('sha256', message, asked, signature);
  },
};
