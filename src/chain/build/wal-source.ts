import { HauloutError } from '../../protocol/errors.ts';
import type { WalPayment } from '../plan.ts';
import type { Value, Writer } from './writer.ts';

const MERGE_LIMIT = 500; // arguments of one command: the chain takes 512

/** A coin from which a transaction pays, with the stated maximum in it. */
export interface OpenPayment {
  readonly coin: Value;
  /** Puts what is left back where it came from. */
  close(): void;
}

/**
 * Splits the maximum off the sender's WAL. The contract takes what it takes from that part: a price
 * that changed in the meantime neither aborts the transaction, within the maximum, nor goes beyond it.
 */
export function openPayment(writer: Writer, payment: WalPayment, sender: string): OpenPayment {
  const { coins, maximumFrost, exchange } = payment;
  const bought = exchange && [
    writer.callIn(
      exchange.packageId,
      'wal_exchange::exchange_all_for_wal',
      writer.shared(exchange.objectId, exchange.initialSharedVersion, true),
      writer.split(writer.gas, exchange.payMist),
    ),
  ];
  const [source, ...others] = [...coins.map((coin) => writer.owned(coin)), ...(bought ?? [])];
  if (source === undefined) {
    throw new HauloutError('argument-invalid', { name: 'payment', reason: 'no coin to pay from' });
  }
  mergeAll(writer, source, others);
  const coin = writer.split(source, maximumFrost);
  return {
    coin,
    close: () => {
      writer.merge(source, [coin]);
      if (coins.length === 0) writer.transfer([source], sender);
    },
  };
}

export function mergeAll(writer: Writer, into: Value, coins: readonly Value[]): void {
  for (let at = 0; at < coins.length; at += MERGE_LIMIT) {
    writer.merge(into, coins.slice(at, at + MERGE_LIMIT));
  }
}
