import type {
  ActiveSet,
  StakedWal,
  StakingInner,
  StakingPool,
  StorageNodeCap,
} from '../../../chain/layouts/staking.ts';
import { insertOrUpdate } from './active-set.ts';
import { toObject } from './auth.ts';
import { type Call, check } from './call.ts';
import { borrowField } from './extended-field.ts';
import type { Balance } from './funds.ts';
import type { Address } from './native.ts';
import {
  type Membership,
  requestWithdraw,
  rewardsOf,
  stake,
  walBalanceAt,
  withdraw,
} from './pool-stake.ts';
import { canWithdrawEarly } from './staked-wal.ts';
import { type Candidate, type EpochContext, newPool } from './staking-pool.ts';
import { newCap } from './storage-node.ts';
import { hasKey } from './vec-map.ts';

export const MODULE = 'staking_inner';
const POOL_NOT_FOUND = 8;

export const epochContext = (inner: StakingInner): EpochContext => ({
  epoch: inner.epoch,
  committeeSelected: inner.next_committee !== null,
});

/** A pool, to be changed. Aborts as the table if there is none. */
export function poolMut(call: Call, inner: StakingInner, nodeId: Address): StakingPool {
  const { context, types } = call;
  return context.objectFields.borrowMut(inner.pools.id, types.id, nodeId, types.stakingPool);
}

/** A pool, to be read. */
export function poolRef(call: Call, inner: StakingInner, nodeId: Address): StakingPool {
  const { context, types } = call;
  return context.objectFields.borrow(inner.pools.id, types.id, nodeId, types.stakingPool);
}

export function hasPool({ context, types }: Call, inner: StakingInner, nodeId: Address): boolean {
  return context.objectFields.has(inner.pools.id, types.id, nodeId);
}

/** @returns the operator's right to act for the new node */
export function registerCandidate(
  call: Call,
  inner: StakingInner,
  candidate: Candidate,
): StorageNodeCap {
  const pool = newPool(call, candidate, epochContext(inner));
  const cap = newCap(call, pool.id);
  pool.commission_receiver = toObject(cap.id);
  const { context, types } = call;
  context.objectFields.add(inner.pools.id, types.id, pool.id, types.stakingPool, pool);
  inner.pools.size += 1n;
  return cap;
}

export function stakeWithPool(
  call: Call,
  inner: StakingInner,
  added: Balance,
  nodeId: Address,
): StakedWal {
  const pool = poolMut(call, inner, nodeId);
  const staked = stake(call, pool, added, epochContext(inner));
  updateActiveSet(call, inner, pool);
  return staked;
}

export function requestWithdrawStake(call: Call, inner: StakingInner, staked: StakedWal): void {
  const pool = poolMut(call, inner, staked.node_id);
  requestWithdraw(call, pool, staked, membership(inner, staked.node_id), epochContext(inner));
  updateActiveSet(call, inner, pool);
}

export function withdrawStake(call: Call, inner: StakingInner, staked: StakedWal): Balance {
  const nodeId = staked.node_id;
  const pool = poolMut(call, inner, nodeId);
  const total = withdraw(call, pool, staked, membership(inner, nodeId), epochContext(inner));
  updateActiveSet(call, inner, pool);
  return total;
}

export function mayWithdrawEarly(inner: StakingInner, staked: StakedWal): boolean {
  const { next } = membership(inner, staked.node_id);
  return canWithdrawEarly(staked, next, inner.epoch);
}

export function calculateRewards(
  call: Call,
  inner: StakingInner,
  nodeId: Address,
  principal: bigint,
  activation: number,
  end: number,
): bigint {
  const known = hasPool(call, inner, nodeId);
  check(call, known, MODULE, POOL_NOT_FOUND, 'calculate_rewards');
  return rewardsOf(call, poolRef(call, inner, nodeId), principal, activation, end);
}

/** Notes the stake that counts when a committee is selected next. */
export function updateActiveSet(call: Call, inner: StakingInner, pool: StakingPool): void {
  const selected = inner.epoch_state.$kind === 'NextParamsSelected';
  const stakeThen = walBalanceAt(call, pool, inner.epoch + (selected ? 2 : 1));
  insertOrUpdate(activeSet(call, inner), pool.id, stakeThen);
}

export function activeSet(call: Call, inner: StakingInner): ActiveSet {
  return borrowField(call, inner.active_set, call.types.activeSet);
}

function membership(inner: StakingInner, nodeId: Address): Membership {
  return {
    current: hasKey(inner.committee, nodeId),
    next: inner.next_committee !== null && hasKey(inner.next_committee, nodeId),
  };
}
