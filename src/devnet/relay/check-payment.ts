import { sha256 } from '@noble/hashes/sha2.js';
import { HauloutError } from '../../protocol/errors.ts';
import { encodedLength } from '../../protocol/geometry.ts';
import type { ChainTransaction } from '../chain-port.ts';
import { SUI_TYPE } from '../sui/ledger/ledger-object.ts';
import { RelayError } from './relay-error.ts';
import { type Tip, tipFor } from './tip.ts';

const COMMITMENT_BYTES = 72; // SHA-256 of the blob, SHA-256 of the nonce, u64 length

export interface Payment {
  readonly transaction: ChainTransaction;
  readonly nonce: Uint8Array;
}

export interface PaymentRules {
  readonly tip: Exclude<Tip, 'none'>;
  readonly shardCount: number;
  /** the transaction may be this much older or, as clocks differ, younger than now */
  readonly oldestMs: number;
  readonly youngestMs: number;
}

/**
 * Checks that a transaction paid for just this upload, in the order of the real relay: age, amount, nonce, length, bytes.
 *
 * @throws RelayError 400, 401, 402
 */
export function checkPayment(
  { transaction, nonce }: Payment,
  blob: Uint8Array,
  nowMs: number,
  rules: PaymentRules,
): void {
  const { tip, shardCount } = rules;
  const ageMs = nowMs - transaction.timestampMs;
  if (ageMs > rules.oldestMs) throw new RelayError(400, 'the transaction is too old');
  if (ageMs < -rules.youngestMs) throw new RelayError(400, 'the transaction is in the future');

  const needed = tipFor(tip, encodedBytesOf(blob.length, shardCount));
  const paid = transaction.balanceChanges
    .filter(({ address, coinType }) => address === tip.address && coinType === SUI_TYPE)
    .reduce((sum, { amount }) => sum + amount, 0n);
  if (!transaction.succeeded || paid < needed) {
    throw new RelayError(402, `the tip is ${needed} MIST and ${paid > 0n ? paid : 0n} were paid`);
  }

  const commitment = transaction.firstPureInput;
  if (commitment?.length !== COMMITMENT_BYTES) {
    throw new RelayError(
      401,
      'the first input of the transaction is not an authentication payload',
    );
  }
  if (!same(commitment.subarray(32, 64), sha256(nonce))) {
    throw new RelayError(401, 'the nonce is not the one that the transaction commits to');
  }
  const view = new DataView(commitment.buffer, commitment.byteOffset, COMMITMENT_BYTES);
  if (view.getBigUint64(64, true) !== BigInt(blob.length)) {
    throw new RelayError(401, 'the blob does not have the length that the transaction commits to');
  }
  if (!same(commitment.subarray(0, 32), sha256(blob))) {
    throw new RelayError(401, 'the blob is not the one that the transaction commits to');
  }
}

function encodedBytesOf(length: number, shardCount: number): number {
  try {
    return encodedLength(length, shardCount);
  } catch (cause) {
    if (!(cause instanceof HauloutError)) throw cause;
    throw new RelayError(400, 'the blob is too large to be encoded', { cause });
  }
}

const same = (a: Uint8Array, b: Uint8Array) => a.every((byte, i) => byte === b[i]);
