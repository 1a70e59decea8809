import type { SystemView, TransactionCost } from '../../chain/chain-client.ts';
import type { HauloutError } from '../../protocol/errors.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { formulaFrost, maximumFrost, stipendMist } from './amounts.ts';
import { extendPlan, extensionFrost, isExtension } from './extend-plan.ts';
import { type DraftIntent, SOME_ADDRESS, SOME_MARKER } from './plan-intents.ts';
import type { StorePorts } from './ports.ts';
import { type PayChoice, registerPlan } from './register-plan.ts';
import type { QuotedCost } from './types.ts';

/** What an intent costs; `error` is what stands in the way of paying it now. */
export interface PricedIntent {
  readonly intent: DraftIntent;
  readonly cost: QuotedCost;
  readonly error?: HauloutError;
}

const NOTHING: QuotedCost = {
  ...{ storageFrost: 0n, writeFrost: 0n, walFrost: 0n, walMaximumFrost: 0n, tipMist: 0n },
  ...{ gasMist: 0n, gasMaximumMist: 0n, gasRefundableMist: 0n, stipendMist: 0n },
  ...{ exchangeMist: 0n, reusedBytes: 0, isEstimate: false },
};

/** Without a wallet: one transaction, and about 0.002 SUI that a Blob object keeps until it is deleted. */
const GAS_MIST = 3_000_000n;
const GAS_PER_BLOB_MIST = 2_500_000n;

/** Codes that say why the person cannot pay now; the price is known all the same. */
const CONDITIONS: readonly string[] = [
  ...['wal-short', 'wal-foreign', 'sui-short', 'coins-fragmented', 'capacity-full'],
];

/**
 * Prices an intent as its transaction would be charged now: it is built and tried. The holder is
 * not known yet, another address costs the same.
 *
 * @throws HauloutError that is no condition of the wallet
 */
export async function priceIntent(
  ports: StorePorts,
  intent: DraftIntent,
  system: SystemView,
  signal: AbortSignal,
): Promise<PricedIntent> {
  const { blobs, approvals } = intent;
  if (blobs.every(({ registered }) => registered !== undefined)) {
    return {
      intent,
      cost: { ...NOTHING, gasMist: GAS_MIST, gasMaximumMist: GAS_MIST, isEstimate: true },
    };
  }
  const recipient =
    approvals === 'two'
      ? { address: intent.owner }
      : { address: SOME_ADDRESS, marker: SOME_MARKER };
  const isMoreTime = isExtension(intent);
  try {
    const choice = isMoreTime
      ? await extendPlan(ports.chain, intent, signal)
      : await registerPlan(ports.chain, intent, recipient, signal);
    const { cost } = await ports.chain.prepare(choice.plan, { signal });
    return { intent, cost: quotedCost(choice, cost) };
  } catch (error) {
    if (!isHauloutError(error) || !CONDITIONS.includes(error.code)) throw error;
    const cost = isMoreTime
      ? estimateOf({ storageFrost: extensionFrost(system, intent), writeFrost: 0n }, 0)
      : estimateCost(blobs, system, intent.endEpoch);
    return { intent, cost, error };
  }
}

/** The price by the formula, with fees as they usually are. */
export function estimateCost(
  blobs: readonly { readonly encodedBytes: number }[],
  system: SystemView,
  endEpoch: number,
): QuotedCost {
  if (blobs.length === 0) return NOTHING;
  const sizes = blobs.map(({ encodedBytes }) => encodedBytes);
  return estimateOf(formulaFrost(system, sizes, endEpoch - system.epoch), blobs.length);
}

/** @param blobCount objects that are made, and certified by the page */
function estimateOf(
  price: Pick<QuotedCost, 'storageFrost' | 'writeFrost'>,
  blobCount: number,
): QuotedCost {
  const walFrost = price.storageFrost + price.writeFrost;
  const refundable = GAS_PER_BLOB_MIST * BigInt(blobCount);
  const gasMist = GAS_MIST + refundable;
  return {
    ...NOTHING,
    ...price,
    walFrost,
    walMaximumFrost: maximumFrost(walFrost, walFrost * 2n),
    gasMist,
    gasMaximumMist: 2n * gasMist,
    gasRefundableMist: refundable,
    stipendMist: blobCount === 0 ? 0n : stipendMist(blobCount),
    isEstimate: true,
  };
}

/** The sum over all transactions of a batch. */
export function addCosts(costs: readonly QuotedCost[]): QuotedCost {
  return costs.reduce((a, b) => {
    const add = (field: keyof QuotedCost) => (a[field] as bigint) + (b[field] as bigint);
    return {
      storageFrost: add('storageFrost'),
      writeFrost: add('writeFrost'),
      walFrost: add('walFrost'),
      walMaximumFrost: add('walMaximumFrost'),
      tipMist: add('tipMist'),
      gasMist: add('gasMist'),
      gasMaximumMist: add('gasMaximumMist'),
      gasRefundableMist: add('gasRefundableMist'),
      stipendMist: add('stipendMist'),
      exchangeMist: add('exchangeMist'),
      reusedBytes: a.reusedBytes + b.reusedBytes,
      isEstimate: a.isEstimate || b.isEstimate,
    };
  }, NOTHING);
}

function quotedCost(choice: PayChoice, cost: TransactionCost): QuotedCost {
  // What is bought and spent in one transaction does not show in balances.
  const walFrost = choice.plan.payment.exchange ? choice.needFrost : cost.walFrost;
  return {
    // What pools save is not storage that is paid; the write fee is always paid in full.
    storageFrost: walFrost - choice.writeFrost,
    writeFrost: choice.writeFrost,
    walFrost,
    walMaximumFrost: cost.walMaximumFrost,
    tipMist: cost.tipMist,
    gasMist: cost.gasNetMist,
    gasMaximumMist: cost.gasMaximumMist,
    gasRefundableMist: cost.gasRefundableMist,
    stipendMist: cost.stipendMist,
    exchangeMist: cost.exchangeMist,
    reusedBytes: choice.reusedBytes,
    isEstimate: false,
  };
}
