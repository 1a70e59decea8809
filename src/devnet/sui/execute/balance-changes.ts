import { coinBalance, coinTypeOf, type LedgerObject } from '../ledger/ledger-object.ts';
import type { Address } from '../move/native.ts';
import type { ObjectChange } from './changes.ts';

/** What a transaction did to the coins of an address, gas included. */
export interface BalanceChange {
  readonly address: Address;
  readonly coinType: string;
  /** never 0 */
  readonly amount: bigint;
}

/** Sorted by address, then by coin type. Coins inside other objects do not count. */
export function balanceChanges(changes: readonly ObjectChange[]): BalanceChange[] {
  const sums = new Map<string, BalanceChange>();
  const add = (object: LedgerObject | undefined, sign: 1n | -1n) => {
    const coinType = object && coinTypeOf(object.type);
    if (!object || coinType === undefined || object.owner.kind !== 'address') return;
    const { address } = object.owner;
    const key = `${address} ${coinType}`;
    const amount = (sums.get(key)?.amount ?? 0n) + sign * coinBalance(object.contents);
    sums.set(key, { address, coinType, amount });
  };
  for (const { before, after } of changes) {
    add(before, -1n);
    add(after, 1n);
  }
  return [...sums]
    .filter(([, { amount }]) => amount !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, change]) => change);
}
