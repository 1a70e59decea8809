import type { BlsCommittee, SystemStateInner } from '../../../chain/layouts/system.ts';
import { type Call, check } from './call.ts';
import { borrowField } from './extended-field.ts';
import { type Balance, join, split } from './funds.ts';
import type { Address } from './native.ts';
import { lookUpEpoch, popEpoch } from './storage-accounting.ts';
import { epochOf, MODULE } from './system-state-inner.ts';
import { lookUp, type VecMap } from './vec-map.ts';

const INCORRECT_COMMITTEE = 4;
const INVALID_ACCOUNTING_EPOCH = 5;

/** A node and what it earned in the epoch that ends. */
export interface Reward {
  readonly nodeId: Address;
  readonly balance: Balance;
}

/**
 * Moves the system on to the epoch of `committee`. The rewards of the ended epoch go to its nodes by
 * weight and by how much of what is stored they do not deny; what rounding leaves over goes to the
 * next epoch.
 */
export function advanceEpoch(
  call: Call,
  inner: SystemStateInner,
  committee: BlsCommittee,
  capacity: bigint,
): Reward[] {
  const oldEpoch = epochOf(inner);
  const { members } = inner.committee;
  const follows = committee.epoch === oldEpoch + 1;
  check(call, follows, MODULE, INCORRECT_COMMITTEE, 'advance_epoch');
  inner.committee = committee;

  const ended = popEpoch(inner.future_accounting);
  check(call, ended.epoch === oldEpoch, MODULE, INVALID_ACCOUNTING_EPOCH, 'advance_epoch');
  inner.event_blob_certification_state.aggregate_weight_per_blob.contents = [];

  const current = lookUpEpoch(call, inner.future_accounting, 0);
  inner.used_capacity_size = current.used_capacity;
  inner.total_capacity_size = max(capacity, inner.used_capacity_size);

  const denied = denyListSizes(call, inner);
  const shares = members.map(({ node_id, weight }) => {
    const kept = ended.used_capacity - min(lookUp(denied, node_id) ?? 0n, ended.used_capacity);
    return BigInt(weight) * kept;
  });
  const total = max(
    shares.reduce((sum, share) => sum + share, 0n),
    1n,
  );
  const rewards = ended.rewards_to_distribute;
  const available = rewards.value;
  const given = members.map(({ node_id }, i) => ({
    nodeId: node_id,
    balance: split(call, rewards, ((shares[i] ?? 0n) * available) / total),
  }));
  join(current.rewards_to_distribute, rewards);
  return given;
}

/** By node, in bytes. */
export function denyListSizes(call: Call, inner: SystemStateInner): VecMap<Address, bigint> {
  return borrowField(call, inner.deny_list_sizes, call.types.sizes);
}

const max = (a: bigint, b: bigint) => (a > b ? a : b);
const min = (a: bigint, b: bigint) => (a < b ? a : b);
