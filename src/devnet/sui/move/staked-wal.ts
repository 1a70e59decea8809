import type { StakedWal } from '../../../chain/layouts/staking.ts';
import { type Call, check, moduleOf } from './call.ts';
import { type Balance, join, split } from './funds.ts';
import { type Address, type NativeFunction, TX_CONTEXT } from './native.ts';
import { mut, ref, type WalrusTypes } from './types.ts';

const MODULE = 'staked_wal';
const NOT_WITHDRAWING = 0;
const METADATA_MISMATCH = 1;
const INVALID_AMOUNT = 2;
const ALREADY_WITHDRAWING = 6;
const BELOW_THRESHOLD = 7;

export const MIN_STAKE = 1_000_000_000n; // 1 WAL

export function mint(call: Call, nodeId: Address, principal: Balance, epoch: number): StakedWal {
  check(call, principal.value >= MIN_STAKE, MODULE, BELOW_THRESHOLD, 'mint');
  return {
    id: call.context.freshId(),
    state: { $kind: 'Staked', Staked: true },
    node_id: nodeId,
    principal,
    activation_epoch: epoch,
  };
}

export function intoPrincipal(call: Call, staked: StakedWal): Balance {
  call.context.deleteId(staked.id);
  return staked.principal;
}

export const isStaked = (staked: StakedWal) => staked.state.$kind === 'Staked';

export function setWithdrawing(call: Call, staked: StakedWal, epoch: number): void {
  check(call, isStaked(staked), MODULE, ALREADY_WITHDRAWING, 'set_withdrawing');
  staked.state = { $kind: 'Withdrawing', Withdrawing: { withdraw_epoch: epoch } };
}

/** @returns the epoch in which the stake is free, which is known once withdrawal was requested */
export function withdrawEpoch(call: Call, { state }: StakedWal): number {
  if (state.$kind === 'Withdrawing') return state.Withdrawing.withdraw_epoch;
  return call.context.abort(MODULE, NOT_WITHDRAWING, 'withdraw_epoch');
}

/** Whether the stake does not count for any committee yet. */
export function canWithdrawEarly(
  staked: StakedWal,
  nodeInNextCommittee: boolean,
  epoch: number,
): boolean {
  if (!isStaked(staked)) return false;
  if (staked.activation_epoch === epoch + 2) return true;
  return staked.activation_epoch === epoch + 1 && !nodeInNextCommittee;
}

function joinStakes(call: Call, self: StakedWal, other: StakedWal): void {
  const same = (condition: boolean) => check(call, condition, MODULE, METADATA_MISMATCH, 'join');
  same(self.node_id === other.node_id);
  same(self.activation_epoch === other.activation_epoch);
  same(isStaked(self) === isStaked(other));
  if (!isStaked(self)) same(withdrawEpoch(call, self) === withdrawEpoch(call, other));
  join(self.principal, intoPrincipal(call, other));
}

function splitStake(call: Call, self: StakedWal, amount: bigint): StakedWal {
  const { principal } = self;
  check(call, principal.value > amount, MODULE, INVALID_AMOUNT, 'split');
  check(call, amount >= MIN_STAKE, MODULE, BELOW_THRESHOLD, 'split');
  check(call, principal.value - amount >= MIN_STAKE, MODULE, BELOW_THRESHOLD, 'split');
  const part = split(call, principal, amount);
  return { ...self, id: call.context.freshId(), principal: part };
}

export function stakedWalFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, MODULE);
  const parameters = [ref(types.stakedWal)];
  return [
    define('node_id', { parameters, returns: [types.id], run: (_, s: StakedWal) => s.node_id }),
    define('value', {
      parameters,
      returns: ['u64'],
      run: (_, s: StakedWal) => s.principal.value,
    }),
    define('activation_epoch', {
      parameters,
      returns: ['u32'],
      run: (_, s: StakedWal) => s.activation_epoch,
    }),
    define('is_staked', {
      parameters,
      returns: ['bool'],
      run: (_, s: StakedWal) => isStaked(s),
    }),
    define('is_withdrawing', {
      parameters,
      returns: ['bool'],
      run: (_, s: StakedWal) => !isStaked(s),
    }),
    define('withdraw_epoch', { parameters, returns: ['u32'], run: withdrawEpoch }),
    define('join', { parameters: [mut(types.stakedWal), types.stakedWal], run: joinStakes }),
    define('split', {
      parameters: [mut(types.stakedWal), 'u64', TX_CONTEXT],
      returns: [types.stakedWal],
      run: splitStake,
    }),
  ];
}
