import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import { buildTransaction, transactionDigest } from './build/build-transaction.ts';
import type {
  ExecutedTransaction,
  PreparedTransaction,
  PrepareOptions,
  SystemView,
  TransactionCost,
} from './chain-client.ts';
import { contractOf } from './contract.ts';
import type { ContractState } from './contract-state.ts';
import { checkTransaction } from './decode/check-transaction.ts';
import { isWrongVersion, refusal } from './failures.ts';
import type { NetworkInfo } from './network-info.ts';
import type { OwnedObjects } from './owned.ts';
import {
  budgetFor,
  chooseGas,
  contractFrost,
  givesAllSui,
  MAX_BUDGET_MIST,
  suiSpent,
} from './pay.ts';
import type { GasPayment, TransactionPlan } from './plan.ts';
import type { Transactions } from './transactions.ts';

const LIFE_EPOCHS = 1n; // of Sui, after the current one: then a signature is worth nothing

/** Before a full node is asked again that may be behind. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000];

export interface PrepareDoors {
  readonly clock: Clock;
  readonly network: NetworkInfo;
  readonly state: ContractState;
  readonly owned: OwnedObjects;
  readonly transactions: Transactions;
}

/**
 * Writes a plan as bytes with everything filled in by this client: coins, price, budget, expiration.
 * A full node only says what the bytes would do and cost.
 */
export async function prepare(
  plan: TransactionPlan,
  options: PrepareOptions,
  doors: PrepareDoors,
): Promise<PreparedTransaction> {
  for (const pause of PAUSES_MS) {
    try {
      return await prepareOnce(plan, options, doors);
    } catch (error) {
      if (!mayBeBehind(error, plan)) throw error;
    }
    await doors.clock.sleep(pause, options.signal);
  }
  return prepareOnce(plan, options, doors);
}

/**
 * Whether a full node that has not heard of our last transaction would say the same: it knows older
 * versions of the objects, and nothing of the coin that a holder was given.
 */
function mayBeBehind(error: unknown, plan: TransactionPlan): boolean {
  if (isHauloutError(error, 'sui-short')) return givesAllSui(plan);
  return isHauloutError(error, 'transaction-refused') && error.cause instanceof Error;
}

async function prepareOnce(
  plan: TransactionPlan,
  options: PrepareOptions,
  doors: PrepareDoors,
): Promise<PreparedTransaction> {
  const { state, transactions } = doors;
  const { signal } = options;
  const read = { ...(signal && { signal }) };
  const { suiEpoch, referencePriceMist: priceMist } = await state.gas(read);
  const expirationEpoch = suiEpoch + LIFE_EPOCHS;
  let system = await state.system(read);
  const build = (gas: GasPayment) =>
    buildTransaction(plan, contractOf(doors.network, system), gas, expirationEpoch);
  const tryOut = async () => {
    demandKnown(plan, system);
    const bytes = await build({ coins: [], priceMist, budgetMist: MAX_BUDGET_MIST });
    return transactions.simulate(bytes, signal);
  };

  let tried = await tryOut();
  if (tried.failure && isWrongVersion(tried.failure)) {
    system = await state.system({ ...read, fresh: true });
    tried = await tryOut();
  }
  if (tried.failure) throw await refused(plan, tried, doors, signal);

  const budgetMist = budgetFor(tried.gas, priceMist, options.maximumBudgetMist);
  const coins = await gasFor(plan, budgetMist, doors, signal);
  const gas = { coins, priceMist, budgetMist };
  const bytes = await build(gas);
  const outcome = await transactions.simulate(bytes, signal);
  if (outcome.failure) throw await refused(plan, outcome, doors, signal);
  checkTransaction(bytes, { plan, gas, expirationEpoch }, contractOf(doors.network, system));
  const digest = transactionDigest(bytes);
  const cost = costOf(plan, outcome, gas, system);
  return { plan, bytes, digest, gas, expirationEpoch, cost };
}

/** A contract that this release does not know is called only where somebody said yes to it. */
function demandKnown(plan: TransactionPlan, { packages }: SystemView): void {
  const calls = !['hand-over', 'tip', 'merge-coins'].includes(plan.kind);
  if (!calls || packages.isKnown) return;
  throw new HauloutError('contract-unknown', { packageId: packages.callId });
}

async function gasFor(
  plan: TransactionPlan,
  budgetMist: bigint,
  { owned }: PrepareDoors,
  signal: AbortSignal | undefined,
) {
  const used = new Set(plan.kind === 'merge-coins' ? plan.coins.map((c) => c.objectId) : []);
  const coins = await owned.coins(plan.sender, 'sui', signal);
  const free = coins.filter(({ ref }) => !used.has(ref.objectId));
  return chooseGas(plan, free, budgetMist + suiSpent(plan));
}

/** The price of the moment, where that is what the trial failed at. */
async function refused(
  plan: TransactionPlan,
  { failure }: ExecutedTransaction,
  { state }: PrepareDoors,
  signal: AbortSignal | undefined,
): Promise<HauloutError> {
  const { abort, reason } = failure ?? { reason: 'unknown' };
  if (abort?.module === 'balance' && 'payment' in plan) {
    const system = await state.system({ fresh: true, ...(signal && { signal }) });
    const { maximumFrost } = plan.payment;
    const now = contractFrost(plan, system);
    const [nowFrost, capFrost] = [now ?? maximumFrost + 1n, maximumFrost].map(String);
    return new HauloutError('price-over-cap', { nowFrost: `${nowFrost}`, capFrost: `${capFrost}` });
  }
  return refusal(failure ?? { reason });
}

function costOf(
  plan: TransactionPlan,
  { gas: used, balanceChanges }: ExecutedTransaction,
  gas: GasPayment,
  system: SystemView,
): TransactionCost {
  const payment = 'payment' in plan ? plan.payment : undefined;
  const moved = balanceChanges
    .filter(({ address, coinType }) => address === plan.sender && isWal(coinType, system))
    .reduce((sum, { amount }) => sum + amount, 0n);
  const grown = used.storageMist - used.rebateMist - used.nonRefundableMist;
  return {
    // What was bought and spent in one transaction does not show in balances.
    walFrost: payment?.exchange ? (contractFrost(plan, system) ?? 0n) : -moved,
    walMaximumFrost: payment?.maximumFrost ?? 0n,
    gasNetMist: used.netMist,
    gasMaximumMist: gas.budgetMist,
    gasRefundableMist: grown > 0n ? (grown * 99n) / 100n : 0n,
    tipMist: 'tip' in plan ? (plan.tip?.mist ?? 0n) : 0n,
    stipendMist: plan.kind === 'register' ? plan.stipendMist : 0n,
    exchangeMist: payment?.exchange?.payMist ?? 0n,
  };
}

const isWal = (coinType: string, { packages }: SystemView) => coinType === packages.walType;
