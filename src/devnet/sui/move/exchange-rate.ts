/** Module `pool_exchange_rate`: WAL per share of a pool. */
import type { PoolExchangeRate } from '../../../chain/layouts/staking.ts';
import { u64 } from './arithmetic.ts';
import { type Call, check } from './call.ts';

type Rate = PoolExchangeRate;

export const FLAT: Rate = { $kind: 'Flat', Flat: true };

export function rateOf(call: Call, wal: bigint, shares: bigint): Rate {
  check(call, shares <= wal, 'pool_exchange_rate', 0, 'new');
  if (wal === 0n || shares === 0n) return FLAT;
  return { $kind: 'Variable', Variable: { wal_amount: wal, share_amount: shares } };
}

export function toWal(rate: Rate, shares: bigint): bigint {
  if (rate.$kind === 'Flat') return shares;
  return u64((shares * rate.Variable.wal_amount) / rate.Variable.share_amount);
}

export function toShares(rate: Rate, wal: bigint): bigint {
  if (rate.$kind === 'Flat') return wal;
  return u64((wal * rate.Variable.share_amount) / rate.Variable.wal_amount);
}
