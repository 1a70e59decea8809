import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { expect, it } from 'vitest';
import * as native from '../../sim/native-curves.mjs';

type Question = [signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array];

const secret = new Uint8Array(32).fill(5);
const message = new TextEncoder().encode('a message');
const flipped = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] ?? 0) ^ 1);

it('the curves of accounts and pages answer as the library does', () => {
  const signed = ed25519.sign(message, secret);
  expect(native.ed25519.sign(message, secret)).toEqual(signed);
  const page = p256.sign(message, secret);
  const high = Uint8Array.from([
    ...page.subarray(0, 32),
    ...p256.Point.Fn.toBytes(p256.Point.Fn.neg(p256.Point.Fn.fromBytes(page.subarray(32)))),
  ]);
  for (const [ours, real, signature] of [
    [native.ed25519, ed25519, signed],
    [native.p256, p256, page],
    [native.p256, p256, high],
  ] as const) {
    const key = real.getPublicKey(secret);
    const questions: readonly Question[] = [
      [signature, message, key],
      [flipped(signature, 3), message, key],
      [flipped(signature, 40), message, key],
      [signature, flipped(message, 0), key],
      [signature, message, real.getPublicKey(new Uint8Array(32).fill(6))],
    ];
    const verdicts = questions.map((question) => ours.verify(...question));
    expect(verdicts).toEqual(questions.map((question) => real.verify(...question)));
    expect(verdicts[0]).toBe(signature !== high);
  }
});
