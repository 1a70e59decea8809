import type { Blob, Storage } from '../../../chain/layouts/blob.ts';
import type { SystemStateInner } from '../../../chain/layouts/system.ts';
import { divideRoundingUp, u32, u64 } from './arithmetic.ts';
import {
  assertCertifiedNotExpired,
  certify,
  emitCertified,
  newBlob,
  type Registration,
} from './blob.ts';
import { type SignedBytes, verifyOneCorrectNode, verifyQuorum } from './bls-aggregate.ts';
import { type Call, check } from './call.ts';
import { encodedBlobLength } from './encoding.ts';
import { emit } from './events.ts';
import { type Balance, join, split } from './funds.ts';
import { certifiedBlob, invalidBlobId } from './messages.ts';
import { increaseUsed, lookUpEpoch } from './storage-accounting.ts';
import { createStorage, extendEnd } from './storage-resource.ts';

export const MODULE = 'system_state_inner';
const STORAGE_EXCEEDED = 1;
export const INVALID_EPOCHS_AHEAD = 2;
export const INVALID_RESOURCE_SIZE = 11;

const BYTES_PER_UNIT = 1024n * 1024n;

export const epochOf = (inner: SystemStateInner) => inner.committee.epoch;
export const shardsOf = (inner: SystemStateInner) => inner.committee.n_shards;
const maxEpochsAhead = (inner: SystemStateInner) => inner.future_accounting.length;

export function reserveSpace(
  call: Call,
  inner: SystemStateInner,
  amount: bigint,
  epochsAhead: number,
  payment: Balance,
): Storage {
  checkEpochs(call, inner, epochsAhead, 'reserve_space');
  const start = epochOf(inner);
  return reserveSpaceForEpochs(call, inner, amount, start, u32(start + epochsAhead), payment);
}

export function reserveSpaceForEpochs(
  call: Call,
  inner: SystemStateInner,
  amount: bigint,
  startEpoch: number,
  endEpoch: number,
  payment: Balance,
): Storage {
  const epoch = epochOf(inner);
  const begin = Math.max(startEpoch, epoch) - epoch;
  const end = endEpoch - epoch;
  check(call, end > begin, MODULE, INVALID_EPOCHS_AHEAD, 'reserve_space_for_epochs');
  checkEpochs(call, inner, end, 'reserve_space_for_epochs');
  payForEpochs(call, inner, amount, begin, end, payment);
  return reserveWithoutPayment(call, inner, amount, begin, end);
}

/** @param begin first epoch, counted from the current one; `end` is exclusive */
export function reserveWithoutPayment(
  call: Call,
  inner: SystemStateInner,
  amount: bigint,
  begin: number,
  end: number,
  checkCapacity = true,
): Storage {
  const name = 'reserve_space_without_payment';
  check(call, end > begin, MODULE, INVALID_EPOCHS_AHEAD, name);
  checkEpochs(call, inner, end, name);
  check(call, amount > 0n, MODULE, INVALID_RESOURCE_SIZE, name);
  accountCapacity(call, inner, amount, begin, end, checkCapacity, name);
  const epoch = epochOf(inner);
  return createStorage(call, u32(epoch + begin), u32(epoch + end), amount);
}

/** Puts the price of each epoch into the account of that epoch. */
export function payForEpochs(
  call: Call,
  inner: SystemStateInner,
  bytes: bigint,
  begin: number,
  end: number,
  payment: Balance,
): void {
  const due = priceOf(bytes, inner.storage_price_per_unit_size);
  for (let i = begin; i < end; i++) {
    const part = split(call, payment, due);
    join(lookUpEpoch(call, inner.future_accounting, i).rewards_to_distribute, part);
  }
}

/** Counts the bytes as used, in each epoch up to its limit. */
export function accountCapacity(
  call: Call,
  inner: SystemStateInner,
  bytes: bigint,
  begin: number,
  end: number,
  checkCapacity = true,
  functionName = 'account_capacity',
): void {
  for (let i = begin; i < end; i++) {
    const used = increaseUsed(lookUpEpoch(call, inner.future_accounting, i), bytes);
    if (i === 0) inner.used_capacity_size = used;
    const fits = !checkCapacity || used <= inner.total_capacity_size;
    check(call, fits, MODULE, STORAGE_EXCEEDED, functionName);
  }
}

export function registerBlob(
  call: Call,
  inner: SystemStateInner,
  registration: Registration,
  payment: Balance,
): Blob {
  const blob = newBlob(call, registration, epochOf(inner), shardsOf(inner));
  payForWrite(call, inner, blob.size, blob.encoding_type, payment);
  return blob;
}

/** The fee for a write goes to the nodes of the current epoch. */
export function payForWrite(
  call: Call,
  inner: SystemStateInner,
  size: bigint,
  encodingType: number,
  payment: Balance,
): void {
  const encoded = encodedBlobLength(call, size, encodingType, shardsOf(inner));
  const part = split(call, payment, priceOf(encoded, inner.write_price_per_unit_size));
  join(lookUpEpoch(call, inner.future_accounting, 0).rewards_to_distribute, part);
}

export function certifyBlob(
  call: Call,
  inner: SystemStateInner,
  blob: Blob,
  signed: SignedBytes,
): void {
  const message = verifyQuorum(call, inner.committee, signed);
  certify(call, blob, epochOf(inner), certifiedBlob(call, message));
}

export function extendBlob(
  call: Call,
  inner: SystemStateInner,
  blob: Blob,
  epochs: number,
  payment: Balance,
): void {
  assertCertifiedNotExpired(call, blob, epochOf(inner));
  const { storage } = blob;
  const begin = storage.end_epoch - epochOf(inner);
  const end = u32(begin + epochs);
  check(call, epochs > 0, MODULE, INVALID_EPOCHS_AHEAD, 'extend_blob');
  checkEpochs(call, inner, end, 'extend_blob');
  payForEpochs(call, inner, storage.storage_size, begin, end, payment);
  accountCapacity(call, inner, storage.storage_size, begin, end, true, 'extend_blob');
  extendEnd(storage, epochs);
  emitCertified(call, blob, true);
}

/** @returns the blob ID that a part of the nodes with one honest among it calls invalid */
export function invalidateBlobId(call: Call, inner: SystemStateInner, signed: SignedBytes): bigint {
  const message = verifyOneCorrectNode(call, inner.committee, signed);
  const blobId = invalidBlobId(call, message);
  emit(call, 'InvalidBlobID', { epoch: epochOf(inner), blob_id: blobId });
  return blobId;
}

/** Adds a balance to the rewards of the coming epochs in equal parts, what is left over to the first. */
export function addSubsidy(
  call: Call,
  inner: SystemStateInner,
  subsidy: Balance,
  epochsAhead: number,
): void {
  checkEpochs(call, inner, epochsAhead, 'add_subsidy');
  const part = subsidy.value / BigInt(epochsAhead);
  for (let i = 0; i < epochsAhead; i++) {
    const account = lookUpEpoch(call, inner.future_accounting, i);
    join(account.rewards_to_distribute, split(call, subsidy, part));
  }
  join(lookUpEpoch(call, inner.future_accounting, 0).rewards_to_distribute, subsidy);
}

/** One balance per epoch, from the current one on. */
export function addSubsidies(
  call: Call,
  inner: SystemStateInner,
  subsidies: readonly Balance[],
): void {
  const few = subsidies.length <= maxEpochsAhead(inner);
  check(call, few, MODULE, INVALID_EPOCHS_AHEAD, 'add_per_epoch_subsidies');
  for (const [i, subsidy] of subsidies.entries()) {
    join(lookUpEpoch(call, inner.future_accounting, i).rewards_to_distribute, subsidy);
  }
}

/** Aborts unless `0 < epochs <= max_epochs_ahead`. */
export function checkEpochs(
  call: Call,
  inner: SystemStateInner,
  epochs: number,
  functionName: string,
): void {
  const allowed = epochs > 0 && epochs <= maxEpochsAhead(inner);
  check(call, allowed, MODULE, INVALID_EPOCHS_AHEAD, functionName);
}

function priceOf(bytes: bigint, pricePerUnit: bigint): bigint {
  return u64(pricePerUnit * divideRoundingUp(bytes, BYTES_PER_UNIT));
}
