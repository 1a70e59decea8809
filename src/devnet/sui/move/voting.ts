import type { ShardCommittee, StakingInner } from '../../../chain/layouts/staking.ts';
import { apportion } from './apportionment.ts';
import { U64_MAX } from './arithmetic.ts';
import { isQuorum } from './bls-aggregate.ts';
import { type Call, check } from './call.ts';
import { emit } from './events.ts';
import { borrowField } from './extended-field.ts';
import type { Address } from './native.ts';
import { initialCommittee, transition } from './shard-committee.ts';
import { activeSet, hasPool, MODULE, poolMut, poolRef } from './staking-inner.ts';
import { clearBlockedCommission } from './staking-pool.ts';
import type { VecMap } from './vec-map.ts';

export const WRONG_STATE = 0;
const COMMITTEE_SELECTED = 5;

interface Vote {
  readonly value: bigint;
  readonly weight: number;
}

/** The greatest value that nodes of a quorum reach or exceed. */
export function quorumAbove(votes: readonly Vote[], shardCount: number): bigint {
  let weight = 0;
  for (const vote of descending(votes)) {
    weight += vote.weight;
    if (isQuorum(weight, shardCount)) return vote.value;
  }
  return 0n;
}

/** The least value that nodes of a quorum do not exceed. */
export function quorumBelow(votes: readonly Vote[], shardCount: number): bigint {
  let weight = shardCount;
  for (const vote of descending(votes)) {
    weight -= vote.weight;
    if (!isQuorum(weight, shardCount)) return vote.value;
  }
  return U64_MAX;
}

/** Selects the next committee, half an epoch after the change to the current one. */
export function votingEnd(
  call: Call,
  inner: StakingInner,
  nowMs: bigint,
  leastLimit: number,
): void {
  const state = inner.epoch_state;
  if (state.$kind !== 'EpochChangeDone') call.context.abort(MODULE, WRONG_STATE, 'voting_end');
  const changed = state.EpochChangeDone;
  const due = inner.epoch === 0 ? inner.first_epoch_start : changed + inner.epoch_duration / 2n;
  check(call, nowMs >= due, MODULE, WRONG_STATE, 'voting_end');
  for (const { key } of inner.previous_committee.contents) {
    if (hasPool(call, inner, key)) clearBlockedCommission(call, poolMut(call, inner, key));
  }
  selectCommittee(call, inner, leastLimit);
  inner.epoch_state = { $kind: 'NextParamsSelected', NextParamsSelected: changed };
  emit(call, 'EpochParametersSelected', { next_epoch: inner.epoch + 1 });
}

/** The committee that the stake of now gives. */
export function computeNextCommittee(
  call: Call,
  inner: StakingInner,
  leastLimit: number,
): ShardCommittee {
  const distribution = apportion(call, activeSet(call, inner), inner.n_shards, leastLimit);
  if (inner.committee.contents.length === 0) return initialCommittee(distribution);
  return transition(call, inner.committee, distribution);
}

/** @returns prices that a quorum finds enough; without a committee, the highest there are */
export function recalculatePrices(
  call: Call,
  inner: StakingInner,
): { storagePrice: bigint; writePrice: bigint } {
  const votes = inner.committee.contents.map(({ key, value }) => {
    const { storage_price, write_price } = poolRef(call, inner, key).voting_params;
    return { storage: storage_price, write: write_price, weight: value.length };
  });
  const quorum = (of: 'storage' | 'write') =>
    quorumBelow(
      votes.map((vote) => ({ value: vote[of], weight: vote.weight })),
      inner.n_shards,
    );
  return { storagePrice: quorum('storage'), writePrice: quorum('write') };
}

function selectCommittee(call: Call, inner: StakingInner, leastLimit: number): void {
  const name = 'select_committee_and_calculate_votes';
  check(call, inner.next_committee === null, MODULE, COMMITTEE_SELECTED, name);
  const committee = computeNextCommittee(call, inner, leastLimit);
  const votes: Vote[] = [];
  const keys: VecMap<Address, { bytes: Uint8Array }> = { contents: [] };
  for (const { key, value } of committee.contents) {
    const { node_info, voting_params } = poolRef(call, inner, key);
    const weight = value.length;
    keys.contents.push({ key, value: node_info.next_epoch_public_key ?? node_info.public_key });
    const vote = (voting_params.node_capacity * BigInt(inner.n_shards)) / BigInt(weight);
    votes.push({ value: vote < U64_MAX ? vote : U64_MAX, weight });
  }
  const stored = borrowField<typeof keys>(
    call,
    inner.next_epoch_public_keys,
    call.types.publicKeys,
  );
  stored.contents = keys.contents;
  inner.next_committee = committee;
  inner.next_epoch_params = {
    total_capacity_size: quorumAbove(votes, inner.n_shards),
    // Prices follow the votes at once, not at the change of the epoch.
    storage_price_per_unit_size: U64_MAX,
    write_price_per_unit_size: U64_MAX,
  };
}

const descending = (votes: readonly Vote[]) =>
  votes.toSorted((a, b) => (a.value > b.value ? -1 : Number(a.value < b.value)));
