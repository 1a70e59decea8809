import type { Contract } from '../contract.ts';
import type { DecodedTransaction, GasPayment, TransactionPlan } from '../plan.ts';
import { decodeTransaction } from './decode-transaction.ts';
import { demand, refuse } from './refuse.ts';

/** What bytes have to say. */
export interface Expected {
  readonly plan: TransactionPlan;
  readonly gas: GasPayment;
  readonly expirationEpoch: bigint;
}

/**
 * Checks that bytes do what was planned and nothing else, down to the gas.
 *
 * @throws HauloutError 'transaction-altered', naming the first field that differs
 */
export function checkTransaction(
  bytes: Uint8Array,
  expected: Expected,
  contract: Contract,
): DecodedTransaction {
  const decoded = decodeTransaction(bytes, contract);
  demandSame(decoded.plan, expected.plan, 'plan');
  demandSame(decoded.gas, expected.gas, 'gas');
  demand(decoded.expirationEpoch === expected.expirationEpoch, 'expiration');
  return decoded;
}

/** How far a wallet may change the gas of a transaction that it was given. */
export interface GasLimits {
  readonly budgetMist: bigint;
  readonly priceMist: bigint;
  readonly expirationEpoch: bigint;
  /** object IDs of the coins that the sender has */
  readonly coins: ReadonlySet<string>;
}

const MAX_GAS_COINS = 256;

/**
 * The same for bytes that came back from a wallet: gas may differ within limits.
 *
 * @throws HauloutError 'transaction-altered'
 */
export function checkReturned(
  bytes: Uint8Array,
  plan: TransactionPlan,
  limits: GasLimits,
  contract: Contract,
): DecodedTransaction {
  const decoded = decodeTransaction(bytes, contract);
  const { gas, expirationEpoch } = decoded;
  demandSame(decoded.plan, plan, 'plan');
  demand(gas.budgetMist <= limits.budgetMist, 'gas.budget');
  demand(gas.priceMist <= limits.priceMist, 'gas.price');
  demand(gas.coins.length <= MAX_GAS_COINS, 'gas.coins');
  demand(
    gas.coins.every(({ objectId }) => limits.coins.has(objectId)),
    'gas.coins',
  );
  demand(expirationEpoch <= limits.expirationEpoch, 'expiration');
  return decoded;
}

/** Compares plain data; `undefined` and an absent member are the same. */
function demandSame(actual: unknown, expected: unknown, where: string): void {
  if (Object.is(actual, expected)) return;
  if (!isRecord(actual) || !isRecord(expected)) throw refuse(where);
  demand(isList(actual) === isList(expected), where);
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    demandSame(actual[key], expected[key], `${where}.${key}`);
  }
}

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null;
const isList = (x: object) => Array.isArray(x) || ArrayBuffer.isView(x);
