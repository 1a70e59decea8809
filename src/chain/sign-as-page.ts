import { messageWithIntent, toSerializedSignature } from '@mysten/sui/cryptography';
import { Secp256r1PublicKey } from '@mysten/sui/keypairs/secp256r1';
import { p256 } from '@noble/curves/nist.js';
import { blake2b } from '@noble/hashes/blake2.js';
import type { PageKey } from '../protocol/ports.ts';
import type { ChainClient, PreparedTransaction } from './chain-client.ts';
import { demand } from './decode/refuse.ts';
import type { Holder } from './holder.ts';

/** The most that a page key is ever lent. */
export const MAX_STIPEND_MIST = 50_000_000n;
const SCALAR_BYTES = 32;

export interface PageSignature {
  readonly chain: ChainClient;
  readonly pageKey: PageKey;
  readonly holder: Holder;
  /** the only two to whom a page key gives anything: blobs to one, what was paid for to the other */
  readonly owner: string;
  readonly payer: string;
  readonly prepared: PreparedTransaction;
  readonly signal?: AbortSignal;
}

/**
 * The only use of a page key: it signs what ends with everything where it belongs. The bytes are
 * read again before.
 *
 * @returns the holder's signature
 * @throws HauloutError 'transaction-altered' for anything else
 */
export async function signAsPage(options: PageSignature): Promise<string> {
  const { chain, pageKey, holder, owner, payer, prepared, signal } = options;
  const { plan, gas } = await chain.check(prepared, prepared.bytes, signal);
  demand(plan.kind === 'certify' || plan.kind === 'hand-over' || plan.kind === 'delete', 'kind');
  demand(plan.sender === holder.address, 'sender');
  const isBlobs = plan.kind === 'certify' || (plan.kind === 'hand-over' && plan.objects.length > 0);
  demand(plan.handOverTo === (isBlobs ? owner : payer), 'recipient');
  const changeTo = plan.kind === 'delete' ? undefined : plan.changeTo;
  demand((changeTo ?? plan.handOverTo) === payer, 'change');
  demand(gas.budgetMist <= MAX_STIPEND_MIST, 'gas.budget');
  const digest = blake2b(messageWithIntent('TransactionData', prepared.bytes), { dkLen: 32 });
  const signature = toSerializedSignature({
    signatureScheme: 'Secp256r1',
    signature: lowForm(await pageKey.sign(digest)),
    publicKey: new Secp256r1PublicKey(pageKey.publicKey),
  });
  return holder.combine(signature);
}

/** The one of two signatures that Sui takes: with the smaller second number. */
function lowForm(signature: Uint8Array): Uint8Array<ArrayBuffer> {
  const low = Uint8Array.from(signature);
  const s = BigInt(`0x${hex(low.subarray(SCALAR_BYTES))}`);
  const { ORDER } = p256.Point.Fn;
  if (s <= ORDER / 2n) return low;
  const text = (ORDER - s).toString(16).padStart(2 * SCALAR_BYTES, '0');
  for (let i = 0; i < SCALAR_BYTES; i++) {
    low[SCALAR_BYTES + i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
  return low;
}

const hex = (bytes: Uint8Array) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
