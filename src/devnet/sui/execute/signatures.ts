import { bcs, toBase64 } from '@mysten/bcs';
import { parseSerializedSignature } from '@mysten/sui/cryptography';
import { verifyTransactionSignature } from '@mysten/sui/verify';
import type { Address } from '../move/native.ts';
import { invalid, type RpcStatus, unimplemented } from '../status.ts';
import { LIMITS } from './limits.ts';
import type { ParsedTransaction } from './transaction.ts';

const MAX_SIGNATURE_BYTES = 16 * 1024;
const INTENT_BYTES = 3;
const SignaturesLayout = bcs.vector(bcs.byteVector());

/**
 * Checks that exactly the sender, and the sponsor if there is one, have signed. Ed25519, secp256k1, secp256r1,
 * passkey, and multisig of these.
 *
 * @throws RpcStatus INVALID_ARGUMENT, UNIMPLEMENTED for zkLogin
 */
export async function checkSignatures(
  { bytes, data }: ParsedTransaction,
  signatures: readonly Uint8Array[],
): Promise<void> {
  checkSize(bytes, signatures);
  const signers = new Set<Address>([data.sender, data.gasData.owner]);
  if (signatures.length !== signers.size) {
    throw invalid(
      `Required Signature from ${[...signers].join(' and ')}: expected ${signers.size} signatures, got ${signatures.length}`,
    );
  }
  const missing = new Set(signers);
  for (const signature of signatures) {
    const signer = await signerOf(bytes, signature);
    if (!signers.has(signer)) {
      throw invalid(`Invalid user signature: nothing is to be signed by ${signer}`);
    }
    missing.delete(signer);
  }
  if (missing.size > 0) {
    throw invalid(`Required Signature from ${[...missing].join()} is absent`);
  }
}

/** Sui limits the transaction as it travels: a list of one, with intent, bytes and signatures. */
function checkSize(bytes: Uint8Array, signatures: readonly Uint8Array[]): void {
  const signed = SignaturesLayout.serialize(signatures, { maxSize: 1 << 20 }).toBytes();
  const size = 1 + INTENT_BYTES + bytes.length + signed.length;
  if (size > LIMITS.transactionBytes) {
    throw invalid(
      `Size limit exceeded: ${size} bytes with signatures, the most that is taken is ${LIMITS.transactionBytes}`,
    );
  }
}

async function signerOf(bytes: Uint8Array, signature: Uint8Array): Promise<Address> {
  if (signature.length > MAX_SIGNATURE_BYTES) {
    throw invalid(`Invalid user signature: it has ${signature.length} bytes`);
  }
  const text = toBase64(signature);
  const scheme = schemeOf(text);
  if (scheme === 'ZkLogin') {
    throw unimplemented('the local chain does not verify zkLogin proofs');
  }
  try {
    return (await verifyTransactionSignature(bytes, text)).toSuiAddress();
  } catch (error) {
    throw refusal(error);
  }
}

function schemeOf(signature: string): string {
  try {
    return parseSerializedSignature(signature).signatureScheme;
  } catch (error) {
    throw refusal(error);
  }
}

const refusal = (error: unknown): RpcStatus =>
  invalid(`Invalid user signature: ${error instanceof Error ? error.message : 'unreadable'}`);
