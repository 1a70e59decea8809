import type { ExecutedTransaction, PreparedTransaction } from '../../chain/chain-client.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { askWallet, ownedInputs, walletFor } from './ask-wallet.ts';
import { storeNewKey } from './holder.ts';
import type { IntentRun } from './intent-run.ts';
import { CHAIN_PATIENCE, isChainTrouble, persist } from './patience.ts';
import { registerPlan } from './register-plan.ts';
import { registeredFact, settle } from './settle.ts';
import type { Condition, StoreState } from './types.ts';

/**
 * Pays for an intent, once: the key is stored before the wallet is shown anything, the signed bytes
 * before they are sent, and nothing is asked while a payment may be on its way.
 *
 * @throws HauloutError those of the wallet, of prices, 'transaction-altered', 'transaction-refused',
 *   'outcome-unknown'
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
  if (run.state.asked.length > 0 && (await adopt(run, signal))) return;
  const prepared = await persist(
    ports,
    CHAIN_PATIENCE,
    () => prepare(run, signal),
    isChainTrouble,
    signal,
  );
  await dropOldAsks(run, prepared, signal);
  onState('in-wallet');
  const what = { purpose: 'register', certifies: [] } as const;
  const signed = await askWallet(run, wallet, prepared, what, signal, (error) =>
    onCondition({ error }),
  );
  onCondition(undefined);
  await run.append([{ kind: 'signed', transaction: signed }]);
  onState('settling');
  await settle(run, signal);
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
  const choice = await registerPlan(chain, plan, recipient, signal);
  return chain.prepare(choice.plan, { signal });
}

/**
 * Looks whether a wallet has executed by itself what it was asked to sign.
 *
 * @returns whether the purchase was found, and written down
 */
export async function adopt(run: IntentRun, signal: AbortSignal): Promise<boolean> {
  const { chain } = run.ports;
  for (const { digest, purpose } of run.state.asked) {
    if (purpose !== 'register') continue;
    const executed = await chain.transaction(digest, signal);
    if (executed?.success) {
      await run.append([registeredFact(run, digest, executed)]);
      return true;
    }
    if (executed) await run.append([{ kind: 'lapsed', digest, reason: reasonOf(executed) }]);
  }
  return adoptHoldings(run, signal);
}

/** Whatever lies at the holder belongs to this intent and to no other, however it came there. */
async function adoptHoldings(run: IntentRun, signal: AbortSignal): Promise<boolean> {
  const { chain, clock } = run.ports;
  const { key, plan } = run.state;
  if (key === undefined) return false;
  const { blobs: found } = await chain.holdings(key.holder, signal);
  if (found.length === 0) return false;
  const left = [...found];
  const blobs = plan.blobs.flatMap(({ blobId }, blob) => {
    const at = left.findIndex((each) => each.blobId === blobId);
    const [object] = at < 0 ? [] : left.splice(at, 1);
    if (object === undefined) return [];
    const { ref, registeredEpoch, endEpoch } = object;
    return [{ blob, objectId: ref.objectId, registeredEpoch, endEpoch }];
  });
  await run.append([
    {
      ...{ kind: 'registered', digest: '', atMs: clock.wall(), blobs, spentFrost: 0n },
      gas: { mist: 0n },
    },
  ]);
  return true;
}

/**
 * Of two transactions that share an owned input in one version the chain admits one. So what was
 * asked before is either such a rival of the new one, or must be dead.
 *
 * @throws HauloutError 'outcome-unknown' if both could be executed
 */
async function dropOldAsks(
  run: IntentRun,
  prepared: PreparedTransaction,
  signal: AbortSignal,
): Promise<void> {
  const { chain } = run.ports;
  const { suiEpoch } = await chain.gas({ fresh: true, signal });
  const inputs = new Set(ownedInputs(prepared).map(({ objectId }) => objectId));
  for (const { digest, expirationEpoch, inputs: theirs } of run.state.asked) {
    const ids = theirs.map(({ objectId }) => objectId);
    const now = await chain.references(ids, signal);
    const areSpent = theirs.some(({ version }, at) => now[at]?.version !== version);
    const isExpired = suiEpoch > expirationEpoch;
    if (isExpired || areSpent) {
      const reason = isExpired ? 'expired' : 'its inputs are gone';
      await run.append([{ kind: 'lapsed', digest, reason }]);
    } else if (!ids.some((id) => inputs.has(id))) {
      throw new HauloutError('outcome-unknown', { digest });
    }
  }
}

function reasonOf({ failure }: ExecutedTransaction): string {
  return failure?.reason ?? 'it failed';
}
