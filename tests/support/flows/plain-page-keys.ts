import { p256 } from '@noble/curves/nist.js';
import type { PageKeys } from '../../../src/flows/store/ports.ts';
import type { PageKey } from '../../../src/protocol/ports.ts';

/** Page keys whose secret half is bytes, since Node cannot write a CryptoKey to a file. */
export const plainPageKeys: PageKeys = {
  async create() {
    const secret = p256.utils.randomSecretKey();
    return { key: keyOf(secret), kept: secret };
  },
  open: async (kept) => keyOf(kept as Uint8Array),
};

function keyOf(secret: Uint8Array): PageKey {
  return {
    publicKey: p256.getPublicKey(secret, true),
    // The digest is hashed once more with SHA-256, as WebCrypto does it.
    sign: async (digest) => p256.sign(digest, secret, { prehash: true }),
  };
}
