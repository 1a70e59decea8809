import type {
  Authenticated,
  Authorized,
  NodeMetadata,
  StakedWal,
  StakingInner,
  StorageNodeCap,
} from '../../../chain/layouts/staking.ts';
import type { Versioned } from '../../../chain/layouts/system.ts';
import { type Call, check, moduleOf } from './call.ts';
import { emit } from './events.ts';
import { readField } from './extended-field.ts';
import { type Balance, type Coin, intoBalance, intoCoin } from './funds.ts';
import { type Address, type NativeFunction, TX_CONTEXT, vector } from './native.ts';
import { epochSyncDone, initiateEpochChange, nextBlsCommittee } from './staking-epoch.ts';
import {
  calculateRewards,
  mayWithdrawEarly,
  poolMut,
  poolRef,
  requestWithdrawStake,
  stakeWithPool,
  updateActiveSet,
  withdrawStake,
} from './staking-inner.ts';
import {
  addCommission,
  collectCommission,
  setCommissionReceiver,
  setGovernance,
} from './staking-pool.ts';
import { extractBurned } from './storage-accounting.ts';
import { systemMut } from './system.ts';
import { advanceEpoch } from './system-epoch.ts';
import { mut, ref, type WalrusTypes } from './types.ts';
import { computeNextCommittee, recalculatePrices, votingEnd } from './voting.ts';
import { burnWal, type ProtectedTreasury } from './wal.ts';

const WRONG_VERSION = 1;
const DEPRECATED = 2;

interface Clock {
  readonly timestamp_ms: bigint;
}

/** The state of staking, to be changed. Aborts if another version of the package was called. */
export function stakingMut(call: Call, staking: Versioned): StakingInner {
  checkVersion(call, staking, 'inner_mut');
  const { stakingInner } = call.types;
  return call.context.fields.borrowMut(staking.id, 'u64', staking.version, stakingInner);
}

/** The state of staking, to be read. Aborts if another version of the package was called. */
export function stakingRef(call: Call, staking: Versioned): StakingInner {
  checkVersion(call, staking, 'inner');
  const { stakingInner } = call.types;
  return call.context.fields.borrow(staking.id, 'u64', staking.version, stakingInner);
}

function checkVersion(call: Call, staking: Versioned, functionName: string): void {
  const same = staking.version === BigInt(call.context.packageVersion);
  check(call, same, 'staking', WRONG_VERSION, functionName);
}

/** Puts the prices that a quorum votes for into force. Anyone may ask for it. */
function updatePrices(call: Call, staking: Versioned, system: Versioned): void {
  const inner = stakingRef(call, staking);
  const { storagePrice, writePrice } = recalculatePrices(call, inner);
  const state = systemMut(call, system);
  state.storage_price_per_unit_size = storagePrice;
  state.write_price_per_unit_size = writePrice;
  const prices = { storage_price: storagePrice, write_price: writePrice };
  emit(call, 'PricesUpdated', { epoch: inner.epoch, ...prices });
}

function changeEpoch(
  call: Call,
  staking: Versioned,
  system: Versioned,
  treasury: ProtectedTreasury,
  clock: Clock,
): void {
  const state = systemMut(call, system);
  const burned = intoCoin(call, extractBurned(call, state.future_accounting));
  burnWal(call, treasury, burned);
  const inner = stakingMut(call, staking);
  const committee = nextBlsCommittee(call, inner);
  const capacity = inner.next_epoch_params?.total_capacity_size ?? 0n;
  const rewards = advanceEpoch(call, state, committee, capacity);
  initiateEpochChange(call, inner, clock.timestamp_ms, rewards);
  updatePrices(call, staking, system);
}

/** @param leastLimit see `apportion` */
export function stakingFunctions(types: WalrusTypes, leastLimit: number): NativeFunction[] {
  const define = moduleOf(types, 'staking');
  const { id, nodeCap, stakedWal, walCoin, clock } = types;
  const write = mut(types.staking);
  const read = ref(types.staking);
  return [
    define('stake_with_pool', {
      parameters: [write, walCoin, id, TX_CONTEXT],
      returns: [stakedWal],
      run: (call, self: Versioned, coin: Coin, nodeId: Address) => {
        const inner = stakingMut(call, self);
        return stakeWithPool(call, inner, intoBalance(call, coin), nodeId);
      },
    }),
    define('request_withdraw_stake', {
      parameters: [write, mut(stakedWal), TX_CONTEXT],
      run: (call, self: Versioned, staked: StakedWal) =>
        requestWithdrawStake(call, stakingMut(call, self), staked),
    }),
    define('withdraw_stake', {
      parameters: [write, stakedWal, TX_CONTEXT],
      returns: [walCoin],
      run: (call, self: Versioned, staked: StakedWal) =>
        intoCoin(call, withdrawStake(call, stakingMut(call, self), staked)),
    }),
    define('try_join_active_set', {
      parameters: [write, ref(nodeCap)],
      run: (call, self: Versioned, cap: StorageNodeCap) => {
        const inner = stakingMut(call, self);
        updateActiveSet(call, inner, poolRef(call, inner, cap.node_id));
      },
    }),
    define('voting_end', {
      parameters: [write, ref(clock)],
      run: (call, self: Versioned, now: Clock) =>
        votingEnd(call, stakingMut(call, self), now.timestamp_ms, leastLimit),
    }),
    define('initiate_epoch_change', {
      parameters: [write, mut(types.system), ref(clock)],
      run: (call) => call.context.abort('staking', DEPRECATED),
    }),
    define('initiate_epoch_change_v2', {
      parameters: [write, mut(types.system), mut(types.treasury), ref(clock), TX_CONTEXT],
      run: changeEpoch,
    }),
    define('epoch_sync_done', {
      parameters: [write, mut(nodeCap), 'u32', ref(clock)],
      run: (call, self: Versioned, cap: StorageNodeCap, epoch: number, now: Clock) =>
        epochSyncDone(call, stakingMut(call, self), cap, epoch, now.timestamp_ms),
    }),
    define('update_prices', { parameters: [write, mut(types.system)], run: updatePrices }),
    define('collect_commission', {
      parameters: [write, id, types.authenticated, TX_CONTEXT],
      returns: [walCoin],
      run: (call, self: Versioned, nodeId: Address, by: Authenticated) => {
        const pool = poolMut(call, stakingMut(call, self), nodeId);
        return intoCoin(call, collectCommission(call, pool, by));
      },
    }),
    define('set_commission_receiver', {
      parameters: [write, id, types.authenticated, types.authorized],
      run: (call, self: Versioned, nodeId: Address, by: Authenticated, to: Authorized) =>
        setCommissionReceiver(call, poolMut(call, stakingMut(call, self), nodeId), by, to),
    }),
    define('set_governance_authorized', {
      parameters: [write, id, types.authenticated, types.authorized],
      run: (call, self: Versioned, nodeId: Address, by: Authenticated, to: Authorized) =>
        setGovernance(call, poolMut(call, stakingMut(call, self), nodeId), by, to),
    }),
    define('add_commission_to_pools', {
      parameters: [write, vector(id), vector(types.walBalance)],
      run: (call, self: Versioned, nodeIds: Address[], commissions: Balance[]) => {
        const inner = stakingMut(call, self);
        // As `zip_do!`, which wants two vectors of one length.
        if (nodeIds.length !== commissions.length) call.context.abort('0x1::vector', 0x20000);
        const blocked = inner.epoch_state.$kind !== 'NextParamsSelected';
        for (const [i, commission] of commissions.entries()) {
          addCommission(call, poolMut(call, inner, nodeIds[i] ?? ''), commission, blocked);
        }
      },
    }),
    define('epoch', {
      parameters: [read],
      returns: ['u32'],
      run: (call, self: Versioned) => stakingRef(call, self).epoch,
    }),
    define('compute_next_committee', {
      parameters: [read],
      returns: [types.committee],
      run: (call, self: Versioned) =>
        computeNextCommittee(call, stakingRef(call, self), leastLimit),
    }),
    define('calculate_rewards', {
      parameters: [read, id, 'u64', 'u32', 'u32'],
      returns: ['u64'],
      run: (
        call,
        self: Versioned,
        nodeId: Address,
        principal: bigint,
        activation: number,
        end: number,
      ) => calculateRewards(call, stakingRef(call, self), nodeId, principal, activation, end),
    }),
    define('can_withdraw_staked_wal_early', {
      parameters: [read, ref(stakedWal)],
      returns: ['bool'],
      run: (call, self: Versioned, staked: StakedWal) =>
        mayWithdrawEarly(stakingRef(call, self), staked),
    }),
    define('node_metadata', {
      parameters: [read, id],
      returns: [types.nodeMetadata],
      run: (call, self: Versioned, nodeId: Address): NodeMetadata => {
        const { metadata } = poolRef(call, stakingRef(call, self), nodeId).node_info;
        return structuredClone(readField<NodeMetadata>(call, metadata, types.nodeMetadata));
      },
    }),
  ];
}
