import { bls12_381 as real } from '@noble/curves/bls12-381.js';
import { expect, it } from 'vitest';
import { bls12_381 as remembering } from '../../sim/memo-bls.ts';

const secretOf = (byte: number) => new Uint8Array(32).fill(byte);
const secrets = [3, 5, 9, 77].map(secretOf);
const text = (words: string) => new TextEncoder().encode(words);

/** The negative of a secret key: its signatures and those of the key are nothing together. */
function opposite(secret: Uint8Array): Uint8Array {
  const { Fr } = real.fields;
  return Fr.toBytes(Fr.neg(Fr.fromBytes(secret)));
}

function scene({ longSignatures: scheme }: typeof real | typeof remembering) {
  const [one, other] = [scheme.hash(text('one')), scheme.hash(text('other'))];
  const keys = secrets.map((secret) => scheme.getPublicKey(secret));
  const key = scheme.getPublicKey(secretOf(3));
  const signatures = secrets.map((secret) => scheme.Signature.toBytes(scheme.sign(one, secret)));
  const signature = scheme.Signature.toBytes(scheme.sign(one, secretOf(3)));
  const sum = scheme.Signature.toBytes(scheme.aggregateSignatures(signatures));
  const foreign = real.G1.Point.fromBytes(key.toBytes());
  const unknown = real.longSignatures.getPublicKey(new Uint8Array(32).fill(111));
  const random = scheme.Signature.toBytes(scheme.hash(text('a point, but no signature')));
  const negative = scheme.getPublicKey(opposite(secretOf(3)));
  const verify = (bytes: Uint8Array, message: typeof one, signers: typeof keys) =>
    scheme.verifyBatch(
      scheme.Signature.fromBytes(bytes),
      signers.map((publicKey) => ({ message, publicKey })),
    );
  return {
    signatures: [...signatures, sum],
    verdicts: [
      ...keys.map((each, i) => verify(signatures[i] ?? random, one, [each])),
      verify(signature, one, [foreign]),
      verify(sum, one, keys),
      verify(sum, one, [...keys].reverse()),
      verify(sum, one, keys.slice(1)),
      verify(sum, one, [...keys, key]),
      verify(sum, one, [...keys.slice(1), unknown]),
      verify(sum, other, keys),
      verify(signature, one, keys.slice(1, 2)),
      verify(random, one, [key]),
      verify(new Uint8Array(96).with(0, 0xc0), one, [key]),
      verify(new Uint8Array(96).with(0, 0xc0), one, [key, negative]),
    ],
  };
}

it('the curve with a memory answers as the one without, also the second time', () => {
  const expected = scene(real);
  expect(expected.verdicts).toEqual([...Array(7).fill(true), ...Array(8).fill(false)]);
  expect(scene(remembering)).toEqual(expected);
  expect(scene(remembering)).toEqual(expected);
});

it('what is no point of the group stays none', () => {
  const { Signature } = remembering.longSignatures;
  for (let again = 0; again < 2; again++) {
    expect(() => Signature.fromBytes(new Uint8Array(96).fill(1))).toThrow();
    expect(() => remembering.longSignatures.aggregateSignatures([])).toThrow();
  }
});
