/** What comes into a staking pool and goes out of it. */
import type { PoolExchangeRate, StakedWal, StakingPool } from '../../../chain/layouts/staking.ts';
import { u64 } from './arithmetic.ts';
import { type Call, check } from './call.ts';
import { FLAT, rateOf, toShares, toWal } from './exchange-rate.ts';
import { type Balance, join, split } from './funds.ts';
import { insertOrAdd, reduce, valueAt } from './pending-values.ts';
import {
  canWithdrawEarly,
  intoPrincipal,
  isStaked,
  mint,
  setWithdrawing,
  withdrawEpoch,
} from './staked-wal.ts';
import { type EpochContext, MODULE } from './staking-pool.ts';

const NOT_ACTIVE = 6;
const ZERO_STAKE = 7;
const NOT_STAKED = 8;
const INCORRECT_POOL = 9;
const NOT_WITHDRAWING = 10;
const WITHDRAW_EPOCH_NOT_REACHED = 11;
const ACTIVATION_EPOCH_NOT_REACHED = 12;
const WITHDRAW_DIRECTLY = 13;
const ZERO_SHARES = 18;

/** In which of the two committees that matter the pool's node is. */
export interface Membership {
  readonly current: boolean;
  readonly next: boolean;
}

export function stake(call: Call, pool: StakingPool, added: Balance, at: EpochContext): StakedWal {
  check(call, pool.state.$kind === 'Active', MODULE, NOT_ACTIVE, 'stake');
  check(call, added.value > 0n, MODULE, ZERO_STAKE, 'stake');
  const activation = at.epoch + (at.committeeSelected ? 2 : 1);
  const amount = added.value;
  const staked = mint(call, pool.id, added, activation);
  insertOrAdd(pool.pending_stake, activation, amount);
  return staked;
}

export function requestWithdraw(
  call: Call,
  pool: StakingPool,
  staked: StakedWal,
  member: Membership,
  { epoch }: EpochContext,
): void {
  const abortUnless = (condition: boolean, code: number) =>
    check(call, condition, MODULE, code, 'request_withdraw_stake');
  const amount = staked.principal.value;
  abortUnless(amount > 0n, ZERO_STAKE);
  abortUnless(staked.node_id === pool.id, INCORRECT_POOL);
  abortUnless(isStaked(staked), NOT_STAKED);
  abortUnless(!canWithdrawEarly(staked, member.next, epoch), WITHDRAW_DIRECTLY);
  if (staked.activation_epoch === epoch + 1) {
    // Not active yet, but counted for the next committee: it stays for that one epoch.
    const end = staked.activation_epoch + 1;
    insertOrAdd(pool.pre_active_withdrawals, end, amount);
    setWithdrawing(call, staked, end);
    return;
  }
  abortUnless(staked.activation_epoch <= epoch, ACTIVATION_EPOCH_NOT_REACHED);
  abortUnless(member.next || member.current, WITHDRAW_DIRECTLY);
  const end = epoch + (member.next ? 2 : 1);
  const shares = toShares(exchangeRateAt(call, pool, staked.activation_epoch), amount);
  abortUnless(shares !== 0n, ZERO_SHARES);
  insertOrAdd(pool.pending_shares_withdraw, end, shares);
  setWithdrawing(call, staked, end);
}

/** @returns what was staked, and its share of the rewards */
export function withdraw(
  call: Call,
  pool: StakingPool,
  staked: StakedWal,
  member: Membership,
  { epoch }: EpochContext,
): Balance {
  const abortUnless = (condition: boolean, code: number) =>
    check(call, condition, MODULE, code, 'withdraw_stake');
  const amount = staked.principal.value;
  const activation = staked.activation_epoch;
  abortUnless(amount > 0n, ZERO_STAKE);
  abortUnless(staked.node_id === pool.id, INCORRECT_POOL);
  if (canWithdrawEarly(staked, member.next, epoch)) {
    reduce(call, pool.pending_stake, activation, amount);
    return intoPrincipal(call, staked);
  }
  let rewards = 0n;
  if (!member.current && !member.next && isStaked(staked)) {
    // The node does not serve: there is nothing to wait for.
    if (activation > epoch) {
      reduce(call, pool.pending_stake, activation, amount);
    } else {
      const shares = toShares(exchangeRateAt(call, pool, activation), amount);
      insertOrAdd(pool.pending_shares_withdraw, epoch, shares);
      rewards = rewardsOf(call, pool, amount, activation, epoch);
    }
  } else {
    abortUnless(!isStaked(staked), NOT_WITHDRAWING);
    const end = withdrawEpoch(call, staked);
    abortUnless(end <= epoch, WITHDRAW_EPOCH_NOT_REACHED);
    abortUnless(activation <= epoch, ACTIVATION_EPOCH_NOT_REACHED);
    rewards = rewardsOf(call, pool, amount, activation, end);
  }
  const available = pool.rewards_pool.value;
  const total = split(call, pool.rewards_pool, rewards < available ? rewards : available);
  join(total, intoPrincipal(call, staked));
  return total;
}

/** What a stake has earned from one epoch to another. */
export function rewardsOf(
  call: Call,
  pool: StakingPool,
  principal: bigint,
  activation: number,
  end: number,
): bigint {
  const shares = toShares(exchangeRateAt(call, pool, activation), principal);
  const amount = toWal(exchangeRateAt(call, pool, end), shares);
  return amount >= principal ? amount - principal : 0n;
}

/** The rate of the latest epoch up to `epoch` in which the pool took part. */
export function exchangeRateAt(call: Call, pool: StakingPool, epoch: number): PoolExchangeRate {
  const { fields } = call.context;
  const { id } = pool.exchange_rates;
  // There is none after the latest epoch: the contract would look for it until its gas is gone.
  const latest = Math.max(pool.latest_epoch, pool.activation_epoch);
  for (let at = Math.min(epoch, latest); at >= pool.activation_epoch; at--) {
    if (fields.has(id, 'u32', at)) return fields.borrow(id, 'u32', at, call.types.exchangeRate);
  }
  return FLAT;
}

/** The stake as it will be in a coming epoch, before that epoch's rewards. */
export function walBalanceAt(call: Call, pool: StakingPool, epoch: number): bigint {
  const rate = rateOf(call, pool.wal_balance, pool.num_shares);
  const shares = valueAt(pool.pending_shares_withdraw, epoch) + earlySharesDue(call, pool, epoch);
  return u64(pool.wal_balance + valueAt(pool.pending_stake, epoch) - toWal(rate, shares));
}

/** Shares of stakes that are withdrawn after the one epoch in which they were active. */
export function earlySharesDue(call: Call, pool: StakingPool, epoch: number): bigint {
  return pool.pre_active_withdrawals.contents
    .filter(({ key }) => key <= epoch)
    .reduce(
      (sum, { key, value }) => sum + toShares(exchangeRateAt(call, pool, key - 1), value),
      0n,
    );
}
