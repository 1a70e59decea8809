import type { StakingPool } from '../../../chain/layouts/staking.ts';
import { u64 } from './arithmetic.ts';
import { type Call, check } from './call.ts';
import { rateOf, toShares, toWal } from './exchange-rate.ts';
import { type Balance, join, split } from './funds.ts';
import { flush } from './pending-values.ts';
import { earlySharesDue } from './pool-stake.ts';
import { addCommission, BASIS_POINTS, MODULE } from './staking-pool.ts';
import { lookUp } from './vec-map.ts';

const ALREADY_UPDATED = 0;
const CALCULATION = 1;
const INCORRECT_ADVANCE = 2;

/** Moves a pool on to `epoch`: commission and rewards of the last one, new key, stake that is due. */
export function advancePool(call: Call, pool: StakingPool, rewards: Balance, epoch: number): void {
  check(call, epoch > pool.latest_epoch, MODULE, ALREADY_UPDATED, 'advance_epoch');
  const sane = rewards.value === 0n || pool.wal_balance > 0n;
  check(call, sane, MODULE, INCORRECT_ADVANCE, 'advance_epoch');

  const commission = (rewards.value * BigInt(pool.commission_rate)) / BigInt(BASIS_POINTS);
  addCommission(call, pool, split(call, rewards, commission), true);
  const nextRate = lookUp(pool.pending_commission_rate, epoch);
  if (nextRate !== undefined) {
    pool.commission_rate = Number(nextRate);
    flush(pool.pending_commission_rate, epoch);
  }

  pool.wal_balance = u64(pool.wal_balance + rewards.value);
  join(pool.rewards_pool, rewards);
  pool.latest_epoch = epoch;
  const { node_info } = pool;
  if (node_info.next_epoch_public_key !== null) {
    node_info.public_key = node_info.next_epoch_public_key;
    node_info.next_epoch_public_key = null;
  }
  processPending(call, pool, epoch);
}

/** Fixes the rate of the epoch, then lets stake in and out at that rate. */
function processPending(call: Call, pool: StakingPool, epoch: number): void {
  const { context, types } = call;
  const rate = rateOf(call, pool.wal_balance, pool.num_shares);
  context.fields.add(pool.exchange_rates.id, 'u32', epoch, types.exchangeRate, rate);
  pool.exchange_rates.size += 1n;

  pool.wal_balance = u64(pool.wal_balance + flush(pool.pending_stake, epoch));
  const early = earlySharesDue(call, pool, epoch);
  flush(pool.pre_active_withdrawals, epoch);
  const withdrawn = toWal(rate, flush(pool.pending_shares_withdraw, epoch) + early);
  const covered = pool.wal_balance >= withdrawn;
  check(call, covered, MODULE, CALCULATION, 'process_pending_stake');
  pool.wal_balance -= withdrawn;
  pool.num_shares = toShares(rate, pool.wal_balance);
}
