import type { PageKey } from '../protocol/ports.ts';

/** A key as it is kept: the browser's database takes it, and nobody can read the secret half. */
export interface StoredPageKey {
  readonly privateKey: CryptoKey;
  /** compressed, 33 bytes */
  readonly publicKey: Uint8Array;
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGN = { name: 'ECDSA', hash: 'SHA-256' } as const;
const COORDINATE_BYTES = 32;

/** Makes a key whose secret half never leaves the browser's (or Node's) keeping. */
export async function createPageKey(): Promise<StoredPageKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ['sign']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)); // 04 x y
  const parity = 2 + ((point.at(-1) ?? 0) & 1);
  const x = point.subarray(1, 1 + COORDINATE_BYTES);
  return { privateKey, publicKey: Uint8Array.from([parity, ...x]) };
}

export function openPageKey({ privateKey, publicKey }: StoredPageKey): PageKey {
  return {
    publicKey,
    async sign(digest) {
      return new Uint8Array(await crypto.subtle.sign(SIGN, privateKey, Uint8Array.from(digest)));
    },
  };
}
