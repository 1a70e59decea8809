import type { ObjectRef, WalPayment } from '../plan.ts';
import { demand, refuse } from './refuse.ts';
import type { Deeds, WalSource } from './values.ts';

/** The one payment of a transaction: split off, used, and put back where it came from. */
export function readPayment(deeds: Deeds, sender: string): WalPayment {
  const [payment = refuse('payment'), ...more] = deeds.payments;
  demand(more.length === 0 && payment.end === 'used', 'payment');
  demand(deeds.exchanges.length <= 1, 'exchange');
  const { from } = payment;
  const joined = deeds.merges.flatMap(({ into, coins }) => {
    demand(into === from, 'payment.coins');
    return coins.filter((coin): coin is WalSource => coin.is !== 'payment');
  });
  if (from.is === 'bought-wal') {
    demand(typeof from.end === 'object' && from.end.sentTo === sender, 'payment.rest');
  }
  const [exchange] = deeds.exchanges;
  if (exchange === undefined)
    return { coins: refsOf([from, ...joined]), maximumFrost: payment.maximumFrost };
  demand([from, ...joined].at(-1) === exchange.bought, 'exchange');
  const { bought: _, ...plan } = exchange;
  return { coins: refsOf([from, ...joined]), maximumFrost: payment.maximumFrost, exchange: plan };
}

/** Coins that were only made one. */
export function readMergedCoins(deeds: Deeds): readonly ObjectRef[] {
  const [first = refuse('coins')] = deeds.merges;
  demand(
    deeds.merges.every(({ into }) => into === first.into),
    'coins',
  );
  return refsOf([first.into, ...deeds.merges.flatMap(({ coins }) => coins as WalSource[])]);
}

const refsOf = (sources: readonly WalSource[]) =>
  sources.flatMap((source) => (source.is === 'owned' ? [source.ref] : []));
