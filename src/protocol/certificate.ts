import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Committee, quorumWeight, weightOf } from './committee.ts';
import { HauloutError } from './errors.ts';
import { Memory } from './memory.ts';

const scheme = bls12_381.longSignatures;
const { Point: KeyPoint } = bls12_381.G1;
type KeyPoint = InstanceType<typeof KeyPoint>;
type MessagePoint = ReturnType<typeof scheme.hash>;

export const SIGNATURE_BYTES = 96;
export const PUBLIC_KEY_BYTES = 48;
export const UNCOMPRESSED_KEY_BYTES = 96;

// Checking that a key is in the right group takes milliseconds; committees live for days.
const keys = new Memory<KeyPoint>(2048);
// Many nodes sign one message: putting it on the curve takes longer than to sign it, and half as long as to verify it.
const messages = new Memory<MessagePoint>(64);
const verdicts = new Memory<boolean>(1024);
const sums = new Memory<Uint8Array>(64);

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
  return scheme.Signature.toBytes(scheme.sign(messagePoint(message), secretKey));
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
  return verifyUnder([publicKey], message, signature);
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
  const publicKeys = signers.flatMap((index) => committee.members[index]?.publicKey ?? []);
  if (publicKeys.length === 0 || publicKeys.length < signers.length) return false;
  return verifyUnder(publicKeys, message, signature);
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
  const add = (sum: KeyPoint, key: Uint8Array) => sum.add(keyPoint(key));
  return sums
    .get(nameOf(publicKeys), () => publicKeys.reduce(add, KeyPoint.ZERO).toBytes(true))
    .slice();
}

/** A public key of 48 bytes in its form of 96 bytes; undefined if it is no key. */
export function uncompressKey(compressed: Uint8Array): Uint8Array | undefined {
  try {
    return keyPoint(compressed).toBytes(false);
  } catch {
    return undefined;
  }
}

/** Whether `signature` is by the holders of all keys together. */
function verifyUnder(
  publicKeys: readonly Uint8Array[],
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  // Fixed lengths, so that no two questions have one name.
  if (signature.length !== SIGNATURE_BYTES || !publicKeys.every(hasKeyLength)) return false;
  return verdicts.get(nameOf(publicKeys, signature, message), () => {
    try {
      const point = scheme.Signature.fromBytes(signature); // throws outside the group of prime order
      const signed = messagePoint(message);
      const items = publicKeys.map((key) => ({ message: signed, publicKey: keyPoint(key) }));
      return scheme.verifyBatch(point, items); // one pairing, of the sum of the keys; nothing is signed at infinity
    } catch {
      return false;
    }
  });
}

const hasKeyLength = ({ length }: Uint8Array) =>
  length === PUBLIC_KEY_BYTES || length === UNCOMPRESSED_KEY_BYTES;

function nameOf(publicKeys: readonly Uint8Array[], ...rest: readonly Uint8Array[]): string {
  const hash = sha256.create();
  for (const key of publicKeys) hash.update(Uint8Array.of(key.length)).update(key);
  hash.update(Uint8Array.of(0));
  for (const part of rest) hash.update(part);
  return bytesToHex(hash.digest());
}

/** Parses a key of 48 or 96 bytes and checks its group. Throws if it is none. */
const keyPoint = (bytes: Uint8Array): KeyPoint =>
  keys.get(bytesToHex(bytes), () => KeyPoint.fromBytes(bytes));

const messagePoint = (message: Uint8Array): MessagePoint =>
  messages.get(bytesToHex(message), () => scheme.hash(message));
