import { HauloutError } from '../protocol/errors.ts';
import type { GasUsed, OwnedCoin, SystemView } from './chain-client.ts';
import type { GasPayment, ObjectRef, TransactionPlan } from './plan.ts';
import { storageFrost, writeFrost } from './price.ts';

const MAX_GAS_COINS = 256;
const MAX_WAL_COINS = 200; // each is an input of 75 bytes, and bytes are scarce
/** MIST; the chain takes no more */
export const MAX_BUDGET_MIST = 50_000_000_000n;
const OVERHEAD_UNITS = 1_000n;

/**
 * What is set aside for the fee of a transaction that was tried: a fifth more than it took, as
 * objects may have grown until it is executed; but no more than the maximum that was shown.
 *
 * @throws HauloutError 'transaction-refused' if it takes more than that maximum
 */
export function budgetFor(gas: GasUsed, priceMist: bigint, maximumMist?: bigint): bigint {
  const tried = gas.netMist > gas.computationMist ? gas.netMist : gas.computationMist;
  const wanted = tried + tried / 5n + OVERHEAD_UNITS * priceMist;
  if (maximumMist === undefined || wanted <= maximumMist) return wanted;
  if (tried <= maximumMist) return maximumMist;
  const reason = `the network fee of ${tried} MIST is above ${maximumMist}`;
  throw new HauloutError('transaction-refused', { reason });
}

/** SUI that a plan gives away besides its fee. */
export function suiSpent(plan: TransactionPlan): bigint {
  switch (plan.kind) {
    case 'register':
      return plan.stipendMist + (plan.tip?.mist ?? 0n) + (plan.payment.exchange?.payMist ?? 0n);
    case 'tip':
      return plan.tip.mist;
    case 'extend':
      return plan.payment.exchange?.payMist ?? 0n;
    default:
      return 0n;
  }
}

/** Whether a plan gives away all SUI of its sender, so that nothing may be left behind. */
export function givesAllSui(plan: TransactionPlan): boolean {
  return 'handOverTo' in plan && plan.handOverTo !== undefined && plan.handOverTo !== plan.sender;
}

/** What the contract takes for a plan at the prices of `system`; undefined if the plan does not tell. */
export function contractFrost(plan: TransactionPlan, system: SystemView): bigint | undefined {
  if (plan.kind === 'extend') return undefined;
  if (plan.kind !== 'register') return 0n;
  const blobs = plan.blobs.reduce((sum, { encodedBytes, storage }) => {
    const reserved = 'epochs' in storage ? storageFrost(system, encodedBytes, storage.epochs) : 0n;
    return sum + reserved + writeFrost(system, encodedBytes);
  }, 0n);
  return plan.pools.reduce((sum, { extension }) => {
    if (extension === undefined) return sum;
    const { bytes, startEpoch, endEpoch } = extension;
    return sum + storageFrost(system, bytes, endEpoch - startEpoch);
  }, blobs);
}

/**
 * Gas coins of the sender, largest first until they cover `needMist`; all of them if nothing may be
 * left behind.
 *
 * @param coins largest first
 * @throws HauloutError 'sui-short'
 */
export function chooseGas(
  plan: TransactionPlan,
  coins: readonly OwnedCoin[],
  needMist: bigint,
): GasPayment['coins'] {
  const all = givesAllSui(plan);
  const chosen: ObjectRef[] = [];
  let sum = 0n;
  for (const { ref, amount } of coins.slice(0, MAX_GAS_COINS)) {
    if (!all && sum >= needMist) break;
    chosen.push(ref);
    sum += amount;
  }
  if (sum >= needMist && chosen.length > 0) return chosen;
  throw new HauloutError('sui-short', {
    haveMist: coins.reduce((have, { amount }) => have + amount, 0n).toString(),
    needMist: needMist.toString(),
    missingMist: (needMist - sum).toString(),
  });
}

/**
 * WAL coins that cover `needFrost`, largest first.
 *
 * @param coins largest first
 * @throws HauloutError 'wal-short', 'coins-fragmented'
 */
export function chooseWal(coins: readonly OwnedCoin[], needFrost: bigint): ObjectRef[] {
  const chosen: ObjectRef[] = [];
  let sum = 0n;
  for (const { ref, amount } of coins) {
    if (chosen.length > 0 && sum >= needFrost) break;
    chosen.push(ref);
    sum += amount;
  }
  if (sum < needFrost || chosen.length === 0) {
    throw new HauloutError('wal-short', {
      haveFrost: sum.toString(),
      needFrost: needFrost.toString(),
      missingFrost: (needFrost - sum).toString(),
    });
  }
  if (chosen.length > MAX_WAL_COINS) {
    throw new HauloutError('coins-fragmented', { coins: chosen.length, limit: MAX_WAL_COINS });
  }
  return chosen;
}
