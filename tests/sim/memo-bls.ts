import { bls12_381 as real } from '@noble/curves/bls12-381.js';

/**
 * The curve with a memory: the answer of a pure function may be remembered, never invented. Runs of the
 * simulator share keys and blobs, so that most of what they ask was asked before.
 */
export * from '@noble/curves/bls12-381.js';

const scheme = real.longSignatures;
type Scheme = typeof scheme;
type MessagePoint = ReturnType<Scheme['hash']>;
type SignaturePoint = ReturnType<Scheme['sign']>;

/** Names of points that were remembered, so that they can be part of later questions. */
const names = new WeakMap<object, string>();
const answers = new Map<string, unknown>();

function remembered<T>(question: string, make: () => T): T {
  const known = answers.get(question);
  if (known !== undefined) return known as T;
  const made = make();
  answers.set(question, made);
  if (typeof made === 'object' && made !== null && !names.has(made)) names.set(made, question);
  return made;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const hash: Scheme['hash'] = (message, ...rest) =>
  rest.length > 0
    ? scheme.hash(message, ...rest)
    : remembered(`hash ${hex(message)}`, () => scheme.hash(message));

const sign: Scheme['sign'] = (point, key) => {
  const name = names.get(point as object);
  if (name === undefined) return scheme.sign(point, key);
  return remembered(`sign ${hex(key)} ${name}`, () => scheme.sign(point, key));
};

const verify: Scheme['verify'] = (signature, message, key) => {
  const name = names.get(message as object);
  if (name === undefined) return scheme.verify(signature, message, key);
  const signatureBytes =
    signature instanceof Uint8Array ? signature : scheme.Signature.toBytes(signature);
  const keyBytes = key instanceof Uint8Array ? key : key.toBytes(true);
  const question = `verify ${hex(signatureBytes)} ${name} ${hex(keyBytes)}`;
  return remembered(question, () => scheme.verify(signature, message, key));
};

const fromBytes = (bytes: Uint8Array): SignaturePoint =>
  remembered(`signature ${hex(bytes)}`, () => scheme.Signature.fromBytes(bytes));

export const bls12_381 = {
  ...real,
  G1: real.G1,
  utils: real.utils,
  longSignatures: {
    ...scheme,
    ...{ hash, sign, verify },
    getPublicKey: scheme.getPublicKey.bind(scheme),
    aggregateSignatures: scheme.aggregateSignatures.bind(scheme),
    Signature: { ...scheme.Signature, fromBytes },
  },
};
export type { MessagePoint };
