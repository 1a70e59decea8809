import { Address as AddressLayout } from '../../../chain/layouts/base.ts';
import type { Authenticated, Authorized, StakingPool } from '../../../chain/layouts/staking.ts';
import { verifySignature } from '../../../protocol/certificate.ts';
import { u64 } from './arithmetic.ts';
import { matches, toAddress } from './auth.ts';
import { type Call, check } from './call.ts';
import { FLAT } from './exchange-rate.ts';
import { type Balance, emptyBalance, join, split } from './funds.ts';
import { possessionMessage } from './messages.ts';
import { type NodeDescription, newNodeInfo, toElement } from './storage-node.ts';
import { emptyMap, put } from './vec-map.ts';

export const MODULE = 'staking_pool';
const INVALID_POSSESSION = 4;
const INCORRECT_COMMISSION = 14;
const AUTHORIZATION = 15;
const INVALID_ADDRESS_LENGTH = 16;
const INVALID_NAME_LENGTH = 17;
const INVALID_KEY_LENGTH = 6; // of messages

const MAX_NAME = 100;
const MAX_ADDRESS = 259;
export const BASIS_POINTS = 10_000;
const KEY_BYTES = 48;
const NO_FIELDS = { dummy_field: false };

/** The epoch, and whether the committee of the next one was selected. */
export interface EpochContext {
  readonly epoch: number;
  readonly committeeSelected: boolean;
}

export interface Candidate extends NodeDescription {
  readonly proofOfPossession: Uint8Array;
  /** in 1/10,000 */
  readonly commissionRate: number;
  readonly storagePrice: bigint;
  readonly writePrice: bigint;
  readonly nodeCapacity: bigint;
}

export function newPool(call: Call, candidate: Candidate, at: EpochContext): StakingPool {
  const { context, types } = call;
  const id = context.freshId();
  checkPossession(call, candidate.publicKey, candidate.proofOfPossession, at.epoch, 'new');
  checkName(call, candidate.name, 'new');
  checkAddress(call, candidate.networkAddress, 'new');
  checkCommission(call, candidate.commissionRate, 'new');
  const activation = at.committeeSelected ? at.epoch + 1 : at.epoch;
  const rates = context.freshId();
  context.fields.add(rates, 'u32', activation, types.exchangeRate, FLAT);
  return {
    id,
    state: { $kind: 'Active', Active: true },
    voting_params: {
      storage_price: candidate.storagePrice,
      write_price: candidate.writePrice,
      node_capacity: candidate.nodeCapacity,
    },
    node_info: newNodeInfo(call, id, candidate),
    activation_epoch: activation,
    latest_epoch: at.epoch,
    wal_balance: 0n,
    num_shares: 0n,
    pending_shares_withdraw: emptyMap(),
    pre_active_withdrawals: emptyMap(),
    pending_commission_rate: emptyMap(),
    commission_rate: candidate.commissionRate,
    exchange_rates: { id: rates, size: 1n },
    pending_stake: emptyMap(),
    rewards_pool: emptyBalance(),
    commission: emptyBalance(),
    commission_receiver: toAddress(context.sender),
    governance_authorized: toAddress(context.sender),
    extra_fields: { id: context.freshId(), size: 0n },
  };
}

export function setNextKey(
  call: Call,
  pool: StakingPool,
  publicKey: Uint8Array,
  proof: Uint8Array,
  epoch: number,
): void {
  checkPossession(call, publicKey, proof, epoch, 'set_next_public_key');
  pool.node_info.next_epoch_public_key = toElement(call, publicKey);
}

export function setNextCommission(
  call: Call,
  pool: StakingPool,
  rate: number,
  epoch: number,
): void {
  checkCommission(call, rate, 'set_next_commission');
  put(pool.pending_commission_rate, epoch + 2, BigInt(rate));
}

export function checkName(call: Call, name: string, functionName: string): void {
  const bytes = new TextEncoder().encode(name).length;
  check(call, bytes <= MAX_NAME, MODULE, INVALID_NAME_LENGTH, functionName);
}

export function checkAddress(call: Call, address: string, functionName: string): void {
  const bytes = new TextEncoder().encode(address).length;
  check(call, bytes <= MAX_ADDRESS, MODULE, INVALID_ADDRESS_LENGTH, functionName);
}

/** @param blocked whether it can be collected only after the next voting */
export function addCommission(
  call: Call,
  pool: StakingPool,
  commission: Balance,
  blocked: boolean,
): void {
  const amount = commission.value;
  join(pool.commission, commission);
  if (!blocked) return;
  const { fields } = call.context;
  const { id } = pool.extra_fields;
  const key = call.types.blockedCommission;
  const before = blockedCommission(call, pool);
  if (before === undefined) {
    fields.add(id, key, NO_FIELDS, 'u64', amount);
    pool.extra_fields.size += 1n;
  } else {
    fields.remove(id, key, NO_FIELDS, 'u64');
    fields.add(id, key, NO_FIELDS, 'u64', u64(before + amount));
  }
}

export function clearBlockedCommission(call: Call, pool: StakingPool): void {
  if (blockedCommission(call, pool) === undefined) return;
  const { id } = pool.extra_fields;
  call.context.fields.remove(id, call.types.blockedCommission, NO_FIELDS, 'u64');
  pool.extra_fields.size -= 1n;
}

export function collectCommission(call: Call, pool: StakingPool, by: Authenticated): Balance {
  checkAuthorized(call, by, pool.commission_receiver, 'collect_commission');
  const blocked = blockedCommission(call, pool) ?? 0n;
  const free = pool.commission.value - blocked;
  return free > 0n ? split(call, pool.commission, free) : emptyBalance();
}

export function setCommissionReceiver(
  call: Call,
  pool: StakingPool,
  by: Authenticated,
  receiver: Authorized,
): void {
  checkAuthorized(call, by, pool.commission_receiver, 'set_commission_receiver');
  pool.commission_receiver = receiver;
}

export function setGovernance(
  call: Call,
  pool: StakingPool,
  by: Authenticated,
  authorized: Authorized,
): void {
  checkAuthorized(call, by, pool.governance_authorized, 'set_governance_authorized');
  pool.governance_authorized = authorized;
}

function blockedCommission({ context, types }: Call, pool: StakingPool): bigint | undefined {
  const { id } = pool.extra_fields;
  const key = types.blockedCommission;
  if (!context.fields.has(id, key, NO_FIELDS)) return undefined;
  return context.fields.borrow(id, key, NO_FIELDS, 'u64');
}

function checkAuthorized(call: Call, by: Authenticated, to: Authorized, name: string): void {
  check(call, matches(by, to), MODULE, AUTHORIZATION, name);
}

function checkCommission(call: Call, rate: number, functionName: string): void {
  check(call, rate <= BASIS_POINTS, MODULE, INCORRECT_COMMISSION, functionName);
}

function checkPossession(
  call: Call,
  publicKey: Uint8Array,
  proof: Uint8Array,
  epoch: number,
  functionName: string,
): void {
  const fits = publicKey.length === KEY_BYTES;
  check(call, fits, 'messages', INVALID_KEY_LENGTH, 'new_proof_of_possession_msg');
  const sender = AddressLayout.serialize(call.context.sender).toBytes();
  const message = possessionMessage(epoch, sender, publicKey);
  const valid = call.context.trusting || verifySignature(publicKey, message, proof);
  check(call, valid, MODULE, INVALID_POSSESSION, functionName);
}
