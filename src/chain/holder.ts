import type { PublicKey } from '@mysten/sui/cryptography';
import { Secp256r1PublicKey } from '@mysten/sui/keypairs/secp256r1';
import { MultiSigPublicKey } from '@mysten/sui/multisig';
import { publicKeyFromSuiBytes } from '@mysten/sui/verify';

/**
 * An address that two keys own, each for itself: the key that a page made for one batch, and the
 * person's own. What the page pays for lies there until it is certified, and if the page is lost
 * the person still has it.
 */
export interface Holder {
  readonly address: string;
  /** Makes the holder's signature out of that of either key. */
  combine(signature: string): string;
}

/** Flags of the key schemes that can be one half of a holder. */
const SCHEMES = new Set([0 /* Ed25519 */, 1 /* secp256k1 */, 2 /* secp256r1 */]);

/**
 * @param pagePublicKey P-256, compressed, 33 bytes
 * @param personPublicKey with the scheme flag in front
 * @returns undefined where the person's key cannot share an address: then with two approvals
 */
export function holderOf(
  pagePublicKey: Uint8Array,
  personPublicKey: Uint8Array,
): Holder | undefined {
  const [flag] = personPublicKey;
  if (flag === undefined || !SCHEMES.has(flag)) return undefined;
  let person: PublicKey;
  try {
    person = publicKeyFromSuiBytes(personPublicKey);
  } catch {
    return undefined;
  }
  const both = MultiSigPublicKey.fromPublicKeys({
    threshold: 1,
    publicKeys: [
      { publicKey: new Secp256r1PublicKey(pagePublicKey), weight: 1 },
      { publicKey: person, weight: 1 },
    ],
  });
  return {
    address: both.toSuiAddress(),
    combine: (signature) => both.combinePartialSignatures([signature]),
  };
}
