import type {
  FutureAccounting,
  FutureAccountingRingBuffer as Ring,
} from '../../../chain/layouts/system.ts';
import { u32, u64 } from './arithmetic.ts';
import { type Call, check } from './call.ts';
import { type Balance, emptyBalance, split } from './funds.ts';

const TOO_FAR_IN_FUTURE = 0;
const BURNED_PERCENT = 3n;

/** Empty accounts for `length` epochs, the first one `epoch`. */
export function newRing(epoch: number, length: number): Ring {
  const ring_buffer = Array.from({ length }, (_, i) => newAccounting(epoch + i));
  return { current_index: 0, length, ring_buffer };
}

/** The account of the epoch that is `epochsAhead` after the current one. */
export function lookUpEpoch(call: Call, ring: Ring, epochsAhead: number): FutureAccounting {
  const inside = epochsAhead < ring.length;
  check(call, inside, 'storage_accounting', TOO_FAR_IN_FUTURE, 'ring_lookup_mut');
  return ring.ring_buffer[(epochsAhead + ring.current_index) % ring.length] as FutureAccounting;
}

/** Moves on by one epoch. @returns the account of the epoch that ended */
export function popEpoch(ring: Ring): FutureAccounting {
  const at = ring.current_index;
  const ended = ring.ring_buffer[at] as FutureAccounting;
  ring.ring_buffer[at] = newAccounting(ended.epoch + ring.length);
  ring.current_index = (at + 1) % ring.length;
  return ended;
}

export function increaseUsed(account: FutureAccounting, bytes: bigint): bigint {
  account.used_capacity = u64(account.used_capacity + bytes);
  return account.used_capacity;
}

/** Takes the part of the current epoch's rewards that is destroyed at its end. */
export function extractBurned(call: Call, ring: Ring): Balance {
  const rewards = lookUpEpoch(call, ring, 0).rewards_to_distribute;
  return split(call, rewards, u64(rewards.value * BURNED_PERCENT) / 100n);
}

function newAccounting(epoch: number): FutureAccounting {
  return { epoch: u32(epoch), used_capacity: 0n, rewards_to_distribute: emptyBalance() };
}
