import { bls12_381 } from '@noble/curves/bls12-381.js';

const scheme = bls12_381.longSignatures;
type MessagePoint = ReturnType<typeof scheme.hash>;

const KEPT_MESSAGES = 64;

/**
 * Signs for several nodes. All nodes of a committee sign the same confirmation, and putting a message on the curve
 * costs more than the signature: the last points are remembered, and so are the signatures.
 */
export class Signer {
  readonly #points = new Map<string, MessagePoint>();
  readonly #signatures = new Map<string, Uint8Array>();

  /** @returns 96 bytes */
  sign(secretKey: Uint8Array, message: Uint8Array): Uint8Array {
    const key = `${secretKey}:${message}`;
    let signature = this.#signatures.get(key);
    if (signature === undefined) {
      signature = scheme.Signature.toBytes(scheme.sign(this.#point(message), secretKey));
      keep(this.#signatures, key, signature, KEPT_MESSAGES * 16);
    }
    return signature.slice();
  }

  #point(message: Uint8Array): MessagePoint {
    const key = message.toString();
    const known = this.#points.get(key);
    if (known !== undefined) return known;
    const point = scheme.hash(message);
    keep(this.#points, key, point, KEPT_MESSAGES);
    return point;
  }
}

/** Adds to a map that forgets what was added first. */
function keep<V>(map: Map<string, V>, key: string, value: V, limit: number): void {
  if (map.size >= limit) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(key, value);
}
