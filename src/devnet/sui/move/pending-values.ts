import type { PendingValues } from '../../../chain/layouts/staking.ts';
import { u64 } from './arithmetic.ts';
import { type Call, check } from './call.ts';
import { put } from './vec-map.ts';

const MODULE = 'pending_values';
const MISSING_EPOCH = 0;
const TOO_LARGE = 1;

export function insertOrAdd(values: PendingValues, epoch: number, amount: bigint): void {
  put(values, epoch, u64(amountAt(values, epoch) + amount));
}

export function reduce(call: Call, values: PendingValues, epoch: number, amount: bigint): void {
  const known = values.contents.some(({ key }) => key === epoch);
  check(call, known, MODULE, MISSING_EPOCH, 'reduce');
  const current = amountAt(values, epoch);
  check(call, current >= amount, MODULE, TOO_LARGE, 'reduce');
  put(values, epoch, current - amount);
}

/** What has become due by `epoch`. */
export function valueAt(values: PendingValues, epoch: number): bigint {
  return values.contents.reduce((sum, { key, value }) => (key <= epoch ? sum + value : sum), 0n);
}

/** Takes out what has become due. */
export function flush(values: PendingValues, epoch: number): bigint {
  const due = u64(valueAt(values, epoch));
  values.contents = values.contents.filter(({ key }) => key > epoch);
  return due;
}

function amountAt(values: PendingValues, epoch: number): bigint {
  return values.contents.find(({ key }) => key === epoch)?.value ?? 0n;
}
