import { u64 } from './arithmetic.ts';
import type { Call } from './call.ts';
import type { Address } from './native.ts';

export interface Balance {
  value: bigint;
}

export interface Coin {
  id: Address;
  balance: Balance;
}

export const emptyBalance = (): Balance => ({ value: 0n });

/** Takes `amount` out of `from`; aborts as `0x2::balance` if there is not as much. */
export function split(call: Call, from: Balance, amount: bigint): Balance {
  if (from.value < amount) call.context.abort('0x2::balance', 2, 'split');
  from.value -= amount;
  return { value: amount };
}

export function join(to: Balance, part: Balance): void {
  to.value = u64(to.value + part.value);
  part.value = 0n;
}

export function intoCoin(call: Call, balance: Balance): Coin {
  return { id: call.context.freshId(), balance };
}

/** Ends the coin and gives what was in it. */
export function intoBalance(call: Call, coin: Coin): Balance {
  call.context.deleteId(coin.id);
  return coin.balance;
}
