import { bls12_381 } from '@noble/curves/bls12-381.js';
import { type Committee, quorumWeight, weightOf } from './committee.ts';
import { HauloutError } from './errors.ts';

const scheme = bls12_381.longSignatures;
const { Point: KeyPoint } = bls12_381.G1;
type KeyPoint = InstanceType<typeof KeyPoint>;

export const SIGNATURE_BYTES = 96;
export const PUBLIC_KEY_BYTES = 48;
export const UNCOMPRESSED_KEY_BYTES = 96;

// Checking that a key is in the right group takes a millisecond; committees live for days.
const KEPT_KEYS = 2048;
const keys = new Map<string, KeyPoint>();

/** Proof that a quorum of storage nodes holds a blob. */
export interface Certificate {
  /** member indices, ascending */
  readonly signers: readonly number[];
  readonly message: Uint8Array;
  /** 96 bytes, the sum of the signers' signatures */
  readonly signature: Uint8Array;
}

/** The two encodings of the public key that belongs to a secret scalar (32 bytes, big-endian). */
export function publicKeyOf(secretKey: Uint8Array): {
  compressed: Uint8Array;
  uncompressed: Uint8Array;
} {
  const point = scheme.getPublicKey(secretKey);
  return { compressed: point.toBytes(true), uncompressed: point.toBytes(false) };
}

/** Signs raw message bytes. @returns 96 bytes */
export function signMessage(secretKey: Uint8Array, message: Uint8Array): Uint8Array {
  return scheme.Signature.toBytes(scheme.sign(scheme.hash(message), secretKey));
}

/**
 * Tells whether `signature` over `message` is by the holder of `publicKey`. Malformed bytes and
 * points at infinity are simply not a signature.
 */
export function verifySignature(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    return verifyUnder(keyPoint(publicKey), message, signature);
  } catch {
    return false;
  }
}

/**
 * Adds up signatures over one message.
 *
 * @param signatures at least one, 96 bytes each
 * @throws HauloutError 'argument-invalid' if there is none or one is not a point of the group
 */
export function aggregateSignatures(signatures: readonly Uint8Array[]): Uint8Array {
  try {
    return scheme.Signature.toBytes(scheme.aggregateSignatures([...signatures]));
  } catch (cause) {
    throw new HauloutError(
      'argument-invalid',
      { name: 'signatures', reason: 'not signatures' },
      { cause },
    );
  }
}

/**
 * Tells whether `signature` is the aggregate over `message` of exactly the members `signers`.
 *
 * @param signers distinct member indices; nobody has no signature
 */
export function verifyAggregate(committee: Committee, certificate: Certificate): boolean {
  const { signers, message, signature } = certificate;
  try {
    let sum: KeyPoint | undefined;
    for (const index of signers) {
      const member = committee.members[index];
      if (member === undefined) return false;
      const point = keyPoint(member.publicKey);
      sum = sum === undefined ? point : sum.add(point);
    }
    return sum !== undefined && verifyUnder(sum, message, signature);
  } catch {
    return false;
  }
}

/**
 * Tells whether the contract would take the weight and the signature of a certificate. Its message
 * is not looked into: compare it with the bytes that you expect.
 */
export function verifyCertificate(committee: Committee, certificate: Certificate): boolean {
  let weight: number;
  try {
    weight = weightOf(committee, certificate.signers);
  } catch {
    return false;
  }
  return weight >= quorumWeight(committee.shardCount) && verifyAggregate(committee, certificate);
}

/** The sum of all public keys. @returns 48 bytes */
export function sumOfKeys(publicKeys: readonly Uint8Array[]): Uint8Array {
  return publicKeys.reduce((sum, key) => sum.add(keyPoint(key)), KeyPoint.ZERO).toBytes(true);
}

/** A public key of 48 bytes in its form of 96 bytes; undefined if it is no key. */
export function uncompressKey(compressed: Uint8Array): Uint8Array | undefined {
  try {
    return keyPoint(compressed).toBytes(false);
  } catch {
    return undefined;
  }
}

function verifyUnder(key: KeyPoint, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES || key.is0()) return false;
  const point = scheme.Signature.fromBytes(signature); // throws outside the group of prime order
  return !point.is0() && scheme.verify(point, scheme.hash(message), key);
}

/** Parses a key of 48 or 96 bytes, checks its group, and remembers it. Throws if it is none. */
function keyPoint(bytes: Uint8Array): KeyPoint {
  const name = bytes.toString();
  const kept = keys.get(name);
  if (kept !== undefined) return kept;
  const point = KeyPoint.fromBytes(bytes);
  if (keys.size >= KEPT_KEYS) keys.clear();
  keys.set(name, point);
  return point;
}
