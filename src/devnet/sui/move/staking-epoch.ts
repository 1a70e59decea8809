import type { StakingInner, StorageNodeCap } from '../../../chain/layouts/staking.ts';
import type { BlsCommittee } from '../../../chain/layouts/system.ts';
import { sumOfKeys } from '../../../protocol/certificate.ts';
import { insertOrUpdate } from './active-set.ts';
import { u16 } from './arithmetic.ts';
import { isQuorum } from './bls-aggregate.ts';
import { type Call, check } from './call.ts';
import { emit } from './events.ts';
import { borrowField } from './extended-field.ts';
import { type Balance, emptyBalance } from './funds.ts';
import type { Address } from './native.ts';
import { advancePool } from './pool-epoch.ts';
import { walBalanceAt } from './pool-stake.ts';
import { newcomers } from './shard-committee.ts';
import { activeSet, MODULE, poolMut } from './staking-inner.ts';
import type { Reward } from './system-epoch.ts';
import { lookUp, type VecMap } from './vec-map.ts';
import { WRONG_STATE } from './voting.ts';

const INVALID_SYNC_EPOCH = 1;
const DUPLICATE_SYNC = 2;
const NOT_IN_COMMITTEE = 4;
const NO_NEXT_COMMITTEE = 6;

/** The next committee with the keys that were fixed when it was selected. They are taken out. */
export function nextBlsCommittee(call: Call, inner: StakingInner): BlsCommittee {
  const next = inner.next_committee;
  if (next === null) return call.context.abort(MODULE, NO_NEXT_COMMITTEE, 'next_bls_committee');
  type Keys = VecMap<Address, { bytes: Uint8Array }>;
  const stored = borrowField<Keys>(call, inner.next_epoch_public_keys, call.types.publicKeys);
  const members = next.contents.map(({ key, value }) => ({
    public_key: lookUp(stored, key) ?? { bytes: new Uint8Array() },
    weight: value.length,
    node_id: key,
  }));
  stored.contents = [];
  return blsCommittee(inner.epoch + 1, members);
}

export function blsCommittee(epoch: number, members: BlsCommittee['members']): BlsCommittee {
  return {
    members,
    n_shards: u16(members.reduce((sum, { weight }) => sum + weight, 0)),
    epoch,
    total_aggregated_key: { bytes: sumOfKeys(members.map((member) => member.public_key.bytes)) },
  };
}

/** Starts the next epoch, when the current one has lasted long enough. */
export function initiateEpochChange(
  call: Call,
  inner: StakingInner,
  nowMs: bigint,
  rewards: readonly Reward[],
): void {
  const state = inner.epoch_state;
  const name = 'initiate_epoch_change';
  if (state.$kind !== 'NextParamsSelected') call.context.abort(MODULE, WRONG_STATE, name);
  const due =
    inner.epoch === 0 ? inner.first_epoch_start : state.NextParamsSelected + inner.epoch_duration;
  check(call, nowMs >= due, MODULE, WRONG_STATE, name);
  advanceEpoch(call, inner, rewards);
}

function advanceEpoch(call: Call, inner: StakingInner, rewards: readonly Reward[]): void {
  const next = inner.next_committee;
  if (next === null) call.context.abort(MODULE, WRONG_STATE, 'advance_epoch');
  inner.epoch += 1;
  inner.previous_committee = inner.committee;
  inner.committee = next;
  inner.next_committee = null;
  inner.epoch_state = { $kind: 'EpochChangeSync', EpochChangeSync: 0 };
  const set = activeSet(call, inner);
  const advance = (nodeId: Address, reward: Balance) => {
    const pool = poolMut(call, inner, nodeId);
    advancePool(call, pool, reward, inner.epoch);
    insertOrUpdate(set, nodeId, walBalanceAt(call, pool, inner.epoch + 1));
  };
  for (const { nodeId, balance } of rewards) advance(nodeId, balance);
  for (const nodeId of newcomers(inner.previous_committee, inner.committee)) {
    advance(nodeId, emptyBalance());
  }
  emit(call, 'EpochChangeStart', { epoch: inner.epoch });
}

/** A node's word that it has all its shards. With that of a quorum the change is done. */
export function epochSyncDone(
  call: Call,
  inner: StakingInner,
  cap: StorageNodeCap,
  epoch: number,
  nowMs: bigint,
): void {
  const abortUnless = (condition: boolean, code: number) =>
    check(call, condition, MODULE, code, 'epoch_sync_done');
  abortUnless(epoch === inner.epoch, INVALID_SYNC_EPOCH);
  abortUnless(cap.last_epoch_sync_done < inner.epoch, DUPLICATE_SYNC);
  cap.last_epoch_sync_done = inner.epoch;
  const shards = lookUp(inner.committee, cap.node_id);
  if (shards === undefined) {
    call.context.abort(MODULE, NOT_IN_COMMITTEE, 'epoch_sync_done');
  }
  if (inner.epoch_state.$kind === 'EpochChangeSync') {
    const weight = inner.epoch_state.EpochChangeSync + shards.length;
    if (isQuorum(weight, inner.n_shards)) {
      inner.epoch_state = { $kind: 'EpochChangeDone', EpochChangeDone: nowMs };
      emit(call, 'EpochChangeDone', { epoch: inner.epoch });
    } else {
      inner.epoch_state = { $kind: 'EpochChangeSync', EpochChangeSync: weight };
    }
  }
  emit(call, 'ShardsReceived', { epoch: inner.epoch, shards: [...shards] });
}
