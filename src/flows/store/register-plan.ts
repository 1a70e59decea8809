import type { ChainClient } from '../../chain/chain-client.ts';
import { contractFrost } from '../../chain/pay.ts';
import type { BlobPlan, ExtendPlan, Marker, RegisterPlan, RelayTip } from '../../chain/plan.ts';
import { planPayment } from '../../chain/plan-payment.ts';
import { planStorage } from '../../chain/plan-storage.ts';
import { sha256 } from '../../protocol/digest.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { IntentPlan, PlannedTip } from '../../store/journal-facts.ts';
import { affordable, formulaFrost, stipendMist } from './amounts.ts';

/** Whoever finishes the upload: the holder with its marker, or the person alone. */
export interface Recipient {
  readonly address: string;
  readonly marker?: Marker;
}

export type PayableIntent = Pick<
  IntentPlan,
  'payer' | 'blobs' | 'deletable' | 'endEpoch' | 'tip' | 'reuse' | 'exchange'
> & {
  /** what was shown as the most; absent while there is no quote yet */
  readonly maxFrost?: bigint;
  readonly maxExchangeMist?: bigint;
};

/** What is paid, and how. */
export interface PayChoice {
  readonly plan: RegisterPlan | ExtendPlan;
  /** at the prices of now */
  readonly needFrost: bigint;
  /** encoded bytes for which owned space is used up */
  readonly reusedBytes: number;
  readonly writeFrost: bigint;
}

/**
 * Makes an intent a transaction, from what lies in the wallet now: owned space first, then coins.
 *
 * @throws HauloutError 'wal-short', 'wal-foreign', 'coins-fragmented', 'price-over-cap',
 *   'blob-expired', 'chain-unavailable'
 */
export async function registerPlan(
  chain: ChainClient,
  intent: PayableIntent,
  recipient: Recipient,
  signal: AbortSignal,
): Promise<PayChoice> {
  const { payer, blobs, deletable, endEpoch, tip, reuse, exchange } = intent;
  const { maxFrost, maxExchangeMist } = intent;
  const [system, coins, balances, owned, offer] = await Promise.all([
    chain.system({ signal }),
    chain.coins(payer, 'wal', signal),
    chain.balance(payer, signal),
    reuse ? chain.storages(payer, signal) : [],
    exchange ? chain.exchange(signal) : undefined,
  ]);
  const { epoch } = system;
  if (endEpoch <= epoch) throw new HauloutError('blob-expired', { endEpoch, epoch });
  const { pools, poolOf } = planStorage(owned, blobs, epoch, endEpoch);
  const unpaid: RegisterPlan = {
    kind: 'register',
    sender: payer,
    recipient: recipient.address,
    stipendMist: recipient.marker === undefined ? 0n : stipendMist(blobs.length),
    ...(recipient.marker ? { marker: recipient.marker } : {}),
    ...(tip ? { tip: relayTip(tip, blobs[0]?.unencodedBytes ?? 0) } : {}),
    payment: { coins: [], maximumFrost: 0n },
    pools,
    blobs: blobs.map((blob, at): BlobPlan => {
      const { blobId, rootHash, unencodedBytes, encodedBytes, attributes } = blob;
      const pool = poolOf[at];
      const storage = pool === undefined ? { epochs: endEpoch - epoch } : { pool };
      return { blobId, rootHash, unencodedBytes, encodedBytes, deletable, attributes, storage };
    }),
  };
  const need = contractFrost(unpaid, system) ?? 0n;
  const maximum = affordable(need, balances.walFrost, maxFrost);
  const sizes = blobs.map(({ encodedBytes }) => encodedBytes);
  return {
    plan: { ...unpaid, payment: planPayment(maximum, coins, balances, offer, maxExchangeMist) },
    needFrost: need,
    reusedBytes: sizes.reduce((sum, bytes, at) => sum + (poolOf[at] === undefined ? 0 : bytes), 0),
    writeFrost: formulaFrost(system, sizes, 0).writeFrost,
  };
}

function relayTip(tip: PlannedTip, unencodedBytes: number): RelayTip {
  const { address, amountMist: mist, blobDigest, nonce } = tip;
  return { address, mist, blobDigest, nonceDigest: sha256(nonce), unencodedBytes };
}
