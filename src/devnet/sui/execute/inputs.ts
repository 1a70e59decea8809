import { fromBase64 } from '@mysten/bcs';
import { coinBalance, GAS_COIN_TYPE, type LedgerObject } from '../ledger/ledger-object.ts';
import type { ObjectReader } from '../ledger/object-store.ts';
import type { Address } from '../move/native.ts';
import { Code, invalid, notFound, RpcStatus, unimplemented } from '../status.ts';
import type { Registry } from '../types/registry.ts';
import { parseAddress } from '../types/type-tag.ts';
import { COMPUTATION_UNITS } from './gas.ts';
import type { GasPayment } from './gas-coin.ts';
import { LIMITS } from './limits.ts';
import { checkShape } from './shape.ts';
import type { CallArg, ObjectRef, ParsedTransaction } from './transaction.ts';

export interface ObjectInput {
  readonly kind: 'object';
  readonly object: LedgerObject;
  readonly mutable: boolean;
}
export type CheckedInput = { readonly kind: 'pure'; readonly bytes: Uint8Array } | ObjectInput;

export interface CheckedTransaction {
  readonly inputs: readonly CheckedInput[];
  /** none: the gas is invented */
  readonly gas: readonly LedgerObject[];
}

export interface CheckOptions {
  readonly registry: Registry;
  readonly objects: ObjectReader;
  readonly payment: GasPayment;
  /** false for simulations without checks: anybody's objects may be used */
  readonly ownership: boolean;
  readonly epoch: bigint;
  /** MIST per unit: the least that is taken */
  readonly gasPrice: bigint;
  readonly chainId: string;
  readonly timestampMs: bigint;
}

/**
 * What validators look at before they execute.
 *
 * @throws RpcStatus INVALID_ARGUMENT and others: such a transaction is not executed and costs nothing
 */
export function checkTransaction(tx: ParsedTransaction, options: CheckOptions): CheckedTransaction {
  checkShape(tx, options.registry);
  checkExpiration(tx, options);
  const seen = new Set<Address>();
  const inputs = tx.programmable.inputs.map((input) => checkInput(tx, input, seen, options));
  return { inputs, gas: options.payment === 'invented' ? [] : checkGas(tx, seen, options) };
}

function checkExpiration({ data }: ParsedTransaction, o: CheckOptions): void {
  const { expiration } = data;
  if (expiration.$kind === 'None') return;
  if (expiration.$kind === 'Epoch') {
    if (BigInt(expiration.Epoch) < o.epoch) throw invalid('Transaction Expired');
    return;
  }
  const rules = expiration.$kind === 'ValidDuring' ? expiration.ValidDuring : expiration.Validity;
  if (rules.chain !== o.chainId) throw invalid('the transaction is meant for another chain');
  const outside =
    (rules.minEpoch !== null && BigInt(rules.minEpoch) > o.epoch) ||
    (rules.maxEpoch !== null && BigInt(rules.maxEpoch) < o.epoch) ||
    (rules.minTimestamp !== null && BigInt(rules.minTimestamp) > o.timestampMs) ||
    (rules.maxTimestamp !== null && BigInt(rules.maxTimestamp) < o.timestampMs);
  if (outside) throw invalid('Transaction Expired');
}

function checkInput(
  tx: ParsedTransaction,
  input: CallArg,
  seen: Set<Address>,
  options: CheckOptions,
): CheckedInput {
  if (input.$kind === 'Pure') {
    return { kind: 'pure', bytes: fromBase64(input.Pure.bytes) };
  }
  if (input.$kind !== 'Object') {
    throw unimplemented('the local chain has no address balances: funds withdrawals are refused');
  }
  const argument = input.Object;
  if (argument.$kind === 'Receiving') {
    throw unimplemented('the local chain does not receive objects that were sent to objects');
  }
  if (argument.$kind === 'SharedObject') {
    const { objectId, initialSharedVersion, mutable } = argument.SharedObject;
    const object = find(objectId, seen, options);
    if (object.owner.kind !== 'shared') throw invalid(`Object ${objectId} is not a shared object`);
    if (object.owner.initialVersion !== BigInt(initialSharedVersion)) {
      throw invalid(
        `Object ${objectId} was shared at version ${object.owner.initialVersion}, not ${initialSharedVersion}`,
      );
    }
    return { kind: 'object', object, mutable };
  }
  const object = findExact(argument.ImmOrOwnedObject, seen, options);
  if (object.owner.kind === 'immutable') return { kind: 'object', object, mutable: false };
  if (object.owner.kind === 'shared') {
    throw invalid(`Object ${object.id} is shared and must be given as a shared input`);
  }
  if (options.ownership) checkOwner(object, tx.data.sender);
  return { kind: 'object', object, mutable: true };
}

function checkGas(
  tx: ParsedTransaction,
  seen: Set<Address>,
  options: CheckOptions,
): LedgerObject[] {
  const { payment, owner, price, budget } = tx.data.gasData;
  if (BigInt(price) < options.gasPrice) {
    throw invalid(`Gas price ${price} under reference gas price (RGP) ${options.gasPrice}`);
  }
  if (BigInt(budget) > LIMITS.maxBudget) {
    throw invalid(`Gas budget: ${budget} is higher than max: ${LIMITS.maxBudget}`);
  }
  const least = COMPUTATION_UNITS * BigInt(price);
  if (BigInt(budget) < least) throw invalid(`Gas budget: ${budget} is lower than min: ${least}`);
  if (payment.length === 0) {
    throw unimplemented('the local chain has no address balances: gas must be paid with coins');
  }
  let sum = 0n;
  const coins = payment.map((reference) => {
    const coin = findExact(reference, seen, options);
    if (coin.type !== GAS_COIN_TYPE) throw invalid(`Gas object ${coin.id} is not a SUI coin`);
    checkOwner(coin, owner);
    sum += coinBalance(coin.contents);
    return coin;
  });
  if (sum < BigInt(budget)) {
    throw invalid(`Balance of gas object ${sum} is lower than the needed amount: ${budget}`);
  }
  return coins;
}

function checkOwner({ id, owner }: LedgerObject, wanted: Address): void {
  if (owner.kind === 'address' && owner.address === wanted) return;
  if (owner.kind === 'object') {
    throw invalid(`Object ${id} is owned by object ${owner.parent}; such objects cannot be inputs`);
  }
  const actual = owner.kind === 'address' ? owner.address : owner.kind;
  throw invalid(
    `Transaction was not signed by the correct sender: Object ${id} is owned by account address ${actual}, but given owner/signer address is ${wanted}`,
  );
}

function findExact(reference: ObjectRef, seen: Set<Address>, options: CheckOptions): LedgerObject {
  const object = find(reference.objectId, seen, options);
  if (object.version !== BigInt(reference.version)) {
    throw invalid(
      `Transaction needs to be rebuilt because object ${object.id} version ${reference.version} is unavailable for consumption, current version: ${object.version}`,
    );
  }
  if (object.digest !== reference.digest) {
    throw invalid(`Invalid Object digest for object ${object.id}: expected ${object.digest}`);
  }
  return object;
}

function find(id: string, seen: Set<Address>, options: CheckOptions): LedgerObject {
  const full = parseAddress(id, 'object id');
  if (seen.has(full)) throw invalid(`Object ${full} is used as an input more than once`);
  seen.add(full);
  const object = options.objects.get(full);
  if (object) return object;
  throw options.ownership
    ? invalid(`Object ${full} not found: it does not exist, or was deleted or wrapped`)
    : notFound(`Object ${full} not found`);
}

export const objectLocked = (id: Address, digest: string) =>
  new RpcStatus(
    Code.failedPrecondition,
    `Object ${id} is already locked by a different transaction: ${digest}`,
  );
