import { HauloutError } from '../protocol/errors.ts';
import type { Balances, ExchangeOffer, OwnedCoin } from './chain-client.ts';
import { chooseWal } from './pay.ts';
import type { WalPayment } from './plan.ts';

/**
 * Coins for a payment, and SUI to be exchanged for what is missing where there is an offer.
 *
 * @param coins WAL, largest first
 * @param maximumPayMist the most SUI that may be given; an exchange that takes more is none
 * @throws HauloutError 'wal-short', 'wal-foreign', 'coins-fragmented'
 */
export function planPayment(
  maximumFrost: bigint,
  coins: readonly OwnedCoin[],
  { foreignWal }: Pick<Balances, 'foreignWal'>,
  offer?: ExchangeOffer,
  maximumPayMist?: bigint,
): WalPayment {
  const have = coins.reduce((sum, { amount }) => sum + amount, 0n);
  if (have >= maximumFrost && coins.length > 0) {
    return { coins: chooseWal(coins, maximumFrost), maximumFrost };
  }
  const missingFrost = maximumFrost - have;
  if (offer !== undefined) {
    const { rate, ...exchange } = offer;
    const needed = missingFrost > 0n ? missingFrost : 1n;
    const payMist = (needed * rate.suiMist + rate.walFrost - 1n) / rate.walFrost;
    const own = have > 0n ? chooseWal(coins, have) : [];
    if (maximumPayMist === undefined || payMist <= maximumPayMist) {
      return { coins: own, maximumFrost, exchange: { ...exchange, payMist } };
    }
  }
  const [coinType] = foreignWal;
  if (coinType !== undefined) throw new HauloutError('wal-foreign', { coinType });
  throw new HauloutError('wal-short', {
    haveFrost: have.toString(),
    needFrost: maximumFrost.toString(),
    missingFrost: missingFrost.toString(),
  });
}
