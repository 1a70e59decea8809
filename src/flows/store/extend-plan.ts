import type { ChainClient, OwnedBlob } from '../../chain/chain-client.ts';
import { planPayment } from '../../chain/plan-payment.ts';
import { type Prices, storageFrost } from '../../chain/price.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { IntentPlan } from '../../store/journal-facts.ts';
import { affordable, sum } from './amounts.ts';
import type { PayableIntent, PayChoice } from './register-plan.ts';

/** Whether an intent pays for more time of blobs that are there, and for nothing else. */
export function isExtension({ blobs }: Pick<IntentPlan, 'blobs'>): boolean {
  return blobs.every(({ extended }) => extended !== undefined);
}

/** The price of the time that is missing, as the blobs were when they were found. */
export function extensionFrost(
  prices: Prices,
  { blobs, endEpoch }: Pick<IntentPlan, 'blobs' | 'endEpoch'>,
): bigint {
  return sum(
    blobs.map(({ encodedBytes, extended }) => {
      return storageFrost(prices, encodedBytes, endEpoch - (extended?.endEpoch ?? endEpoch));
    }),
  );
}

/**
 * Makes an intent that is an extension a transaction, from how long its blobs last now.
 *
 * @throws HauloutError 'blob-expired'; 'transaction-refused' if a blob is not the payer's any more;
 *   'wal-short', 'wal-foreign', 'coins-fragmented', 'price-over-cap', 'chain-unavailable'
 */
export async function extendPlan(
  chain: ChainClient,
  intent: PayableIntent,
  signal: AbortSignal,
): Promise<PayChoice> {
  const { payer, endEpoch, exchange, maxFrost, maxExchangeMist } = intent;
  const [system, coins, balances, owned, offer] = await Promise.all([
    chain.system({ signal }),
    chain.coins(payer, 'wal', signal),
    chain.balance(payer, signal),
    chain.blobs(payer, signal),
    exchange ? chain.exchange(signal) : undefined,
  ]);
  const early = objectsOf(intent, owned).filter((blob) => blob.endEpoch < endEpoch);
  const over = early.find((blob) => blob.endEpoch <= system.epoch);
  if (over) {
    throw new HauloutError('blob-expired', { endEpoch: over.endEpoch, epoch: system.epoch });
  }
  const needFrost = sum(
    early.map((blob) => storageFrost(system, blob.encodedBytes, endEpoch - blob.endEpoch)),
  );
  const maximum = affordable(needFrost, balances.walFrost, maxFrost);
  return {
    plan: {
      ...{ kind: 'extend', sender: payer },
      payment: planPayment(maximum, coins, balances, offer, maxExchangeMist),
      blobs: early.map((blob) => ({ blob: blob.ref, epochs: endEpoch - blob.endEpoch })),
    },
    ...{ needFrost, writeFrost: 0n, reusedBytes: 0 },
  };
}

function objectsOf({ blobs }: PayableIntent, owned: readonly OwnedBlob[]): readonly OwnedBlob[] {
  const byId = new Map(owned.map((blob) => [blob.ref.objectId, blob]));
  return blobs.map(({ extended }) => {
    const { objectId = '' } = extended ?? {};
    const blob = byId.get(objectId);
    if (blob !== undefined) return blob;
    throw new HauloutError('transaction-refused', { reason: `${objectId} is not there any more` });
  });
}
