import { psiFrobenius } from '@noble/curves/abstract/tower.js';
import { bls12_381 as real } from '@noble/curves/bls12-381.js';
import { Memory } from '../../src/protocol/memory.ts';

/**
 * The curve with a memory: what it does is real, but nothing is computed twice. Runs of the simulator share keys and
 * blobs, so that most of what they ask was asked before.
 *
 * A message has one signature per key and no other, and the keys of all nodes were made here. So a signature is
 * verified by making it and comparing, which is a hundred times as fast as pairings and gives the same answer.
 */
export * from '@noble/curves/bls12-381.js';

const scheme = real.longSignatures;
type Scheme = typeof scheme;
type SignaturePoint = ReturnType<Scheme['sign']>;
type KeyPoint = ReturnType<Scheme['getPublicKey']>;

/** So many points take about 100 MB; the runs of an hour would make millions. */
const MOST_POINTS = 50_000;
const points = new Map<string, SignaturePoint>();
/** messages on the curve, by what they are called in questions */
const names = new WeakMap<SignaturePoint, string>();
const encodings = new WeakMap<SignaturePoint, Uint8Array>();
const keyNames = new WeakMap<KeyPoint, string>();
/** secret keys by public ones */
const secrets = new Map<string, Uint8Array>();

/** of a message: itself, and each time the double of the one before, as often as digits need it; many nodes sign it */
const doubles = new Memory<readonly SignaturePoint[]>(16);

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function remembered(question: string, make: () => SignaturePoint): SignaturePoint {
  const known = points.get(question);
  if (known !== undefined) return known;
  return remember(question, make());
}

function remember(question: string, point: SignaturePoint): SignaturePoint {
  if (points.size >= MOST_POINTS) points.clear();
  points.set(question, point);
  return point;
}

function nameOfKey(key: KeyPoint): string {
  const name = keyNames.get(key) ?? key.toHex(true);
  keyNames.set(key, name);
  return name;
}

const getPublicKey: Scheme['getPublicKey'] = (secret) => {
  const key = scheme.getPublicKey(secret);
  secrets.set(nameOfKey(key), secret.slice());
  return key;
};

const hash: Scheme['hash'] = (message, ...rest) => {
  if (rest.length > 0) return scheme.hash(message, ...rest);
  const name = hex(message);
  const point = remembered(`hash ${name}`, () => scheme.hash(message));
  names.set(point, name);
  return point;
};

const sign: Scheme['sign'] = (message, secret) => {
  const name = names.get(message);
  if (name === undefined) return scheme.sign(message, secret);
  return remembered(`sign ${hex(secret)} ${name}`, () => {
    const powers = doubles.get(name, () => doublesOf(message));
    return multiply(powers, real.fields.Fr.fromBytes(secret));
  });
};

/** The parameter of the curve, negated, and what multiplies points of the group by it in no time. */
const BASE = real.params.ateLoopSize;
const BASE_BITS = 64;
const { Fp, Fp2 } = real.fields;
const { G2psi } = psiFrobenius(Fp, Fp2, Fp2.div(Fp2.ONE, Fp2.NONRESIDUE));
const timesMinusBase = (point: SignaturePoint) => G2psi(real.G2.Point, point);

function doublesOf(point: SignaturePoint): readonly SignaturePoint[] {
  const powers = [point];
  for (let i = 0; i < BASE_BITS; i++) powers.push((powers[i] as SignaturePoint).double());
  return powers;
}

/** The scalar as a number of four digits, by Horner's rule. */
function multiply(powers: readonly SignaturePoint[], scalar: bigint): SignaturePoint {
  if (scalar === 0n) return real.G2.Point.ZERO;
  const rest = multiply(powers, scalar / BASE);
  const digit = multiplyByDigit(powers, scalar % BASE);
  return rest.is0() ? digit : digit.subtract(timesMinusBase(rest));
}

/** Bits -1, 0 and 1 without neighbours, so that two in three are 0. */
function multiplyByDigit(powers: readonly SignaturePoint[], digit: bigint): SignaturePoint {
  let sum = real.G2.Point.ZERO;
  for (let [rest, i] = [digit, 0]; rest > 0n; rest >>= 1n, i++) {
    if ((rest & 1n) === 0n) continue;
    const power = powers[i] as SignaturePoint;
    const isMinus = (rest & 3n) === 3n;
    sum = isMinus ? sum.subtract(power) : sum.add(power);
    rest += isMinus ? 1n : -1n;
  }
  return sum;
}

const verifyBatch: Scheme['verifyBatch'] = (signature, items) => {
  const [message] = new Set(items.map((item) => item.message));
  const signers = items.map(({ publicKey }) =>
    publicKey instanceof Uint8Array ? undefined : secrets.get(nameOfKey(publicKey)),
  );
  const isKnown = items.every((item) => item.message === message) && !signers.includes(undefined);
  if (message === undefined || !isKnown || signature instanceof Uint8Array) {
    return scheme.verifyBatch(signature, items);
  }
  const only = signers
    .map((secret) => sign(message, secret as Uint8Array))
    .reduce((sum, point) => sum.add(point));
  return !only.is0() && only.equals(signature);
};

const fromBytes = (bytes: Uint8Array): SignaturePoint =>
  remembered(`bytes ${hex(bytes)}`, () => scheme.Signature.fromBytes(bytes));

const toBytes = (point: SignaturePoint): Uint8Array => {
  const bytes = encodings.get(point) ?? encode(point);
  encodings.set(point, bytes);
  remember(`bytes ${hex(bytes)}`, point);
  return bytes.slice();
};

/** Compressed. Points here are in the group, which the library would look at again. */
function encode(point: SignaturePoint): Uint8Array {
  if (point.is0()) return scheme.Signature.toBytes(point);
  const { x, y } = point.toAffine();
  const bytes = Uint8Array.from([...Fp.toBytes(x.c1), ...Fp.toBytes(x.c0)]);
  const isLarger = 2n * (y.c1 === 0n ? y.c0 : y.c1) > Fp.ORDER;
  bytes[0] = (bytes[0] as number) | (isLarger ? 0xa0 : 0x80);
  return bytes;
}

const aggregateSignatures: Scheme['aggregateSignatures'] = (signatures) => {
  const parts = signatures.map((each) => (each instanceof Uint8Array ? fromBytes(each) : each));
  const name = parts.map((part) => hex(toBytes(part))).join();
  return remembered(`sum ${name}`, () => {
    // Points that were read are in the group, and so is their sum.
    const sum = parts.length === 0 ? undefined : parts.reduce((all, part) => all.add(part));
    return sum?.is0() === false ? sum : scheme.aggregateSignatures(parts);
  });
};

export const bls12_381 = {
  ...real,
  G1: real.G1,
  utils: real.utils,
  longSignatures: {
    ...scheme,
    ...{ getPublicKey, hash, sign, verifyBatch, aggregateSignatures },
    Signature: { ...scheme.Signature, fromBytes, toBytes },
  },
};
