import { type Prices, storageFrost, writeFrost } from '../../chain/price.ts';
import { HauloutError } from '../../protocol/errors.ts';

/** Room above the present price, in percent: a price that moves within it needs no new consent. */
const SLACK_PERCENT = 3n;

/** What is lent to the page key: certifying costs about 0.001 SUI, and a little per blob. */
const STIPEND_MIST = 6_000_000n;
const STIPEND_PER_BLOB_MIST = 120_000n;
const MAX_STIPEND_MIST = 50_000_000n;

export function stipendMist(blobCount: number): bigint {
  const wanted = STIPEND_MIST + STIPEND_PER_BLOB_MIST * BigInt(blobCount);
  return wanted < MAX_STIPEND_MIST ? wanted : MAX_STIPEND_MIST;
}

/** The price by the contract's formula, for storage that is bought for all of its time. */
export function formulaFrost(
  prices: Prices,
  sizes: readonly number[],
  epochs: number,
): { storageFrost: bigint; writeFrost: bigint } {
  return {
    storageFrost: sum(sizes.map((bytes) => storageFrost(prices, bytes, epochs))),
    writeFrost: sum(sizes.map((bytes) => writeFrost(prices, bytes))),
  };
}

/**
 * The most that may be taken for a price of `frost`: with room for a price that moves, as far as
 * there is money, and never more than was shown.
 */
export function maximumFrost(frost: bigint, balanceFrost: bigint, shownFrost?: bigint): bigint {
  const wanted = shownFrost ?? frost + (frost * SLACK_PERCENT + 99n) / 100n;
  return wanted <= balanceFrost || balanceFrost < frost ? wanted : balanceFrost;
}

/** The same, for a price of now. @throws HauloutError 'price-over-cap' if it is above what was shown */
export function affordable(frost: bigint, balanceFrost: bigint, shownFrost?: bigint): bigint {
  if (shownFrost !== undefined && frost > shownFrost) {
    throw new HauloutError('price-over-cap', { nowFrost: `${frost}`, capFrost: `${shownFrost}` });
  }
  return maximumFrost(frost, balanceFrost, shownFrost);
}

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, each) => total + each, 0n);
}
