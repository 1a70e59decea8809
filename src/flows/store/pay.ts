import type { PreparedTransaction } from '../../chain/chain-client.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { IntentFact } from '../../store/journal-facts.ts';
import { adopt } from './adopt.ts';
import { askWallet, ownedInputs, walletFor } from './ask-wallet.ts';
import { extendPlan, isExtension } from './extend-plan.ts';
import { endIfBought, findBought } from './find-bought.ts';
import { storeNewKey } from './holder.ts';
import type { IntentRun } from './intent-run.ts';
import { CHAIN_PATIENCE, isChainTrouble, persist } from './patience.ts';
import { registerPlan } from './register-plan.ts';
import { settle } from './settle.ts';
import type { Condition, StoreState } from './types.ts';

/**
 * Pays for an intent, once: the key is stored before the wallet is shown anything, the signed bytes
 * before they are sent, and nothing is asked while a payment may be on its way.
 *
 * @throws HauloutError those of the wallet, of prices, 'transaction-altered', 'transaction-refused',
 *   'outcome-unknown', 'paid-already'
 */
export async function pay(
  run: IntentRun,
  signal: AbortSignal,
  onState: (state: StoreState) => void,
  onCondition: (condition: Condition | undefined) => void,
): Promise<void> {
  const { ports } = run;
  const wallet = walletFor(run);
  if (run.state.plan.approvals === 'one' && run.state.key === undefined) await storeNewKey(run);
  else if (await adopt(run, signal)) return;
  const bought = findBought(run, signal);
  bought.catch(() => undefined); // it is asked for below, unless something else ends this before
  const prepared = await persist(
    ports,
    CHAIN_PATIENCE,
    () => prepare(run, signal),
    isChainTrouble,
    signal,
    onCondition,
  );
  if (await dropOldAsks(run, prepared, signal)) return;
  if (await endIfBought(run, await bought, signal)) return;
  onState('in-wallet');
  const what = { purpose: 'register', certifies: [] } as const;
  const signed = await askWallet(run, wallet, prepared, what, signal, (error) =>
    onCondition({ error }),
  );
  onCondition(undefined);
  // Once more: the wallet took its time, and a full node may have been behind.
  if (await endIfBought(run, await findBought(run, signal), signal)) return;
  await run.append([{ kind: 'signed', transaction: signed }]);
  onState('settling');
  await settle(run, signal, onCondition);
}

async function prepare(run: IntentRun, signal: AbortSignal): Promise<PreparedTransaction> {
  const { chain } = run.ports;
  const { plan, key } = run.state;
  const recipient = key
    ? {
        address: key.holder,
        marker: { pagePublicKey: key.publicKey, batchId: key.batchId },
      }
    : { address: plan.owner };
  const choice = isExtension(plan)
    ? await extendPlan(chain, plan, signal)
    : await registerPlan(chain, plan, recipient, signal);
  return chain.prepare(choice.plan, { signal, maximumBudgetMist: plan.maxGasMist });
}

/**
 * Of two transactions that share an owned input in one version the chain admits one. So what was
 * asked before is either such a rival of the new one, or must be dead.
 *
 * @returns whether one of them was executed after all, and is written down
 * @throws HauloutError 'outcome-unknown' if both could be executed
 */
async function dropOldAsks(
  run: IntentRun,
  prepared: PreparedTransaction,
  signal: AbortSignal,
): Promise<boolean> {
  const { chain } = run.ports;
  const { asked } = run.state;
  const taken = new Set(ownedInputs(prepared).map(nameOf));
  const dead: IntentFact[] = [];
  for (const one of asked) {
    const reason = await chain.whyDead(one, signal);
    if (reason !== undefined) {
      dead.push({ kind: 'lapsed', digest: one.digest, reason });
    } else if (!one.inputs.some((input) => taken.has(nameOf(input)))) {
      throw new HauloutError('outcome-unknown', { digest: one.digest });
    }
  }
  // Its objects are used, too, where it was executed itself in the meantime.
  if (dead.length === 0) return false;
  if (await adopt(run, signal)) return true;
  await run.append(dead);
  return false;
}

const nameOf = ({ objectId, version }: { objectId: string; version: string }) =>
  `${objectId} ${version}`;
