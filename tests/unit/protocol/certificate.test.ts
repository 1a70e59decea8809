import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import {
  aggregateSignatures,
  publicKeyOf,
  signMessage,
  sumOfKeys,
  verifyAggregate,
  verifyCertificate,
  verifySignature,
} from '../../../src/protocol/certificate.ts';
import type { Committee } from '../../../src/protocol/committee.ts';
import { confirmationMessage } from '../../../src/protocol/messages.ts';
import { expectError } from '../../support/expect-error.ts';

const secret = (n: number) => {
  const bytes = new Uint8Array(32);
  bytes[31] = n;
  return bytes;
};
const blobId = new Uint8Array(32).fill(7);
const permanent = confirmationMessage({ epoch: 21, blobId });
const deletable = confirmationMessage({
  epoch: 21,
  blobId,
  objectId: new Uint8Array(32).fill(0x2a),
});

// Signed with the official implementation.
const key1 =
  '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb';
const key2 =
  'a572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c39a8c5529bf0f4e';
const permanent1 =
  'b8cc0fb7da472339b193b907193fb41f468eeacb5cd0b70913581a4e05131329a216623a1bd8548d58728114e18ef642152710d3c73c2d730b683ad0ecf8fa1c29423c5eec3dea085a909572d152cb7ba58938f04612b1cd4638b9e6e277d1cf';
const deletable1 =
  'b97c8cfef26ba6d98a1008536f00632ef0ffe4675e3ba05770754cca796cfc38e411c88188e1c3609335e89cfc3cdfdd09a987f32e7a655dc3f46a78cba5c5ff79884dfd90f99a13f7e6bec293c3a9c2472c10844d836d97dcdc5880d125d34f';
const permanent2 =
  '86e5ccdd140f3b00090ff477057c6e8a3c79e822a6576449d8054f8034cb84a847491d5aed79629574f9cdb0eb0258b20a397bab521b12f3b1abddf7effda1b6b72046efc50dfa12b1abcc86b89975087aee0e97e410d51e42e048beb2e84e10';
const bothPermanent =
  'a1968d584a808f351b56fed981c68947351defdedd041825e85814314b9df3d105b393db2c8cf01df61f1cc0c5efbefe119c8b218ccca45c25bf2365ac565cef43a5c8f819b12d085f8b3e1e78181dfd9fa99001f2dab72a8a51c65b75133afb';

test('keys and signatures are those of the official implementation', () => {
  expect(bytesToHex(publicKeyOf(secret(1)).compressed)).toBe(key1);
  expect(bytesToHex(publicKeyOf(secret(2)).compressed)).toBe(key2);
  expect(bytesToHex(signMessage(secret(1), permanent))).toBe(permanent1);
  expect(bytesToHex(signMessage(secret(1), deletable))).toBe(deletable1);
  expect(bytesToHex(signMessage(secret(2), permanent))).toBe(permanent2);
  const parts = [permanent1, permanent2].map((hex) => hexToBytes(hex));
  expect(bytesToHex(aggregateSignatures(parts))).toBe(bothPermanent);
});

test('both encodings of a key verify', () => {
  const { compressed, uncompressed } = publicKeyOf(secret(1));
  expect(uncompressed).toHaveLength(96);
  expect(verifySignature(compressed, permanent, hexToBytes(permanent1))).toBe(true);
  expect(verifySignature(uncompressed, permanent, hexToBytes(permanent1))).toBe(true);
});

test('another message, another key and broken bytes do not verify', () => {
  const { compressed } = publicKeyOf(secret(1));
  const signature = hexToBytes(permanent1);
  const flipped = signature.with(50, (signature[50] ?? 0) ^ 1);
  const infinity = new Uint8Array(96).with(0, 0xc0);
  expect(verifySignature(compressed, deletable, signature)).toBe(false);
  expect(verifySignature(hexToBytes(key2), permanent, signature)).toBe(false);
  for (const wrong of [flipped, infinity, new Uint8Array(96), signature.subarray(1)]) {
    expect(verifySignature(compressed, permanent, wrong)).toBe(false);
  }
  expect(verifySignature(new Uint8Array(48).with(0, 0xc0), permanent, infinity)).toBe(false);
  expect(verifySignature(compressed.subarray(1), permanent, signature)).toBe(false);
});

test('a refusal of bytes that run together elsewhere leaves the right ones valid', () => {
  const key = hexToBytes(key1);
  const signature = hexToBytes(permanent2);
  // As if the signature and a part of the message belonged to the key.
  const long = new Uint8Array([...key, 0, ...signature, ...permanent]);
  const message = new Uint8Array([...signature, ...permanent]);
  expect(verifySignature(long, message, signature)).toBe(false);
  expect(verifySignature(hexToBytes(key2), permanent, signature)).toBe(true);
  expect(verifySignature(hexToBytes(key2), permanent, signature)).toBe(true);
  expect(verifySignature(key, permanent, signature)).toBe(false);
});

test('a point of the curve outside the group is no key', () => {
  // Almost every point of the curve is outside: take the first x for which there is one.
  const outside = () => {
    for (let x = 1; ; x++) {
      const bytes = new Uint8Array(48).with(0, 0x80).with(47, x);
      try {
        bls12_381.G1.Point.fromBytes(bytes);
      } catch (error) {
        if (String(error).includes('subgroup')) return bytes;
      }
    }
  };
  expect(verifySignature(outside(), permanent, hexToBytes(permanent1))).toBe(false);
});

const secrets = Array.from({ length: 5 }, (_, i) => secret(i + 1));
const committee: Committee = {
  epoch: 21,
  shardCount: 13,
  members: [3, 3, 3, 2, 2].map((weight, i) => ({
    nodeId: `0x0${i}`,
    publicKey: publicKeyOf(secret(i + 1)).uncompressed,
    weight,
  })),
};
const certify = (signers: readonly number[], message = permanent) => {
  const parts = signers.map((index) => signMessage(secrets[index] ?? secret(99), message));
  return { signers, message, signature: aggregateSignatures(parts) };
};

test('a certificate needs the weight of a quorum', () => {
  expect(verifyCertificate(committee, certify([0, 1, 2]))).toBe(true); // 9 of 13
  expect(verifyCertificate(committee, certify([0, 1, 3]))).toBe(false); // 8 of 13
  expect(verifyAggregate(committee, certify([0, 1, 3]))).toBe(true);
});

test('a certificate names exactly its signers', () => {
  const good = certify([0, 1, 2]);
  expect(verifyCertificate(committee, { ...good, signers: [0, 1, 2, 3] })).toBe(false);
  expect(verifyCertificate(committee, { ...good, signers: [0, 1, 3, 4] })).toBe(false);
  expect(verifyCertificate(committee, { ...good, signers: [0, 1, 2, 2] })).toBe(false);
  expect(verifyCertificate(committee, { ...good, signers: [0, 1, 2, 7] })).toBe(false);
  expect(verifyCertificate(committee, { ...good, message: deletable })).toBe(false);
  expect(verifyAggregate(committee, { ...good, signers: [] })).toBe(false);
});

test('the sum of keys verifies the sum of signatures', () => {
  const { signature } = certify([0, 1, 2, 3, 4]);
  const sum = sumOfKeys(committee.members.map((member) => member.publicKey));
  expect(sum).toHaveLength(48);
  expect(verifySignature(sum, permanent, signature)).toBe(true);
});

test('nothing to aggregate, or no signature among it, is an error', () => {
  expectError(() => aggregateSignatures([]), 'argument-invalid');
  expectError(
    () => aggregateSignatures([hexToBytes(permanent1), new Uint8Array(96)]),
    'argument-invalid',
  );
});
