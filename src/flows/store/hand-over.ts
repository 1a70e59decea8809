import type { Holdings } from '../../chain/chain-client.ts';
import type { DeletePlan, HandOverPlan } from '../../chain/plan.ts';
import type { IntentFact } from '../../store/journal-facts.ts';
import { isEnded } from '../../store/journal-state.ts';
import { openHolder } from './holder.ts';
import type { IntentRun } from './intent-run.ts';
import { CHAIN_PATIENCE, isChainTrouble, persist } from './patience.ts';
import { settle } from './settle.ts';

/**
 * Gives the person what lies at the holder, unfinished as it is: the blobs, or where they are to be
 * deleted their storage, and the change.
 *
 * @throws HauloutError 'transaction-refused', 'outcome-unknown', 'chain-unavailable'
 */
export async function handOver(run: IntentRun, signal: AbortSignal): Promise<void> {
  const { ports, state } = run;
  if (state.key === undefined) {
    // The blobs were at the person's address all the time.
    return run.append([{ kind: 'handed-over', digest: '', atMs: ports.clock.wall() }]);
  }
  const holder = await openHolder(run);
  const prepared = await persist(
    ports,
    CHAIN_PATIENCE,
    async () => {
      const found = await ports.chain.holdings(holder.address, signal);
      const plan = handOverPlan(run, holder.address, found);
      return plan && ports.chain.prepare(plan, { signal });
    },
    isChainTrouble,
    signal,
  );
  if (prepared === undefined) {
    if (isEnded(state.phase)) return;
    return run.append([{ kind: 'handed-over', digest: '', atMs: ports.clock.wall() }]);
  }
  const { bytes, digest, expirationEpoch } = prepared;
  const signatures = [await holder.sign(prepared)];
  const transaction = { bytes, digest, expirationEpoch, signatures };
  await run.append([
    { kind: 'signed', transaction: { ...transaction, purpose: 'hand-over', certifies: [] } },
  ]);
  await settle(run, signal);
}

/** @returns undefined if there is nothing */
function handOverPlan(
  { state }: IntentRun,
  sender: string,
  { blobs, suiCoins, others }: Holdings,
): HandOverPlan | DeletePlan | undefined {
  const { plan, cancelled } = state;
  const handOverTo = plan.owner;
  const deletable = blobs.filter(({ deletable }) => deletable);
  if (cancelled?.deletes && deletable.length > 0) {
    return { kind: 'delete', sender, blobs: deletable.map(({ ref }) => ref), handOverTo };
  }
  const objects = [...blobs, ...others].map(({ ref }) => ref);
  if (objects.length === 0 && suiCoins.length === 0) return undefined;
  return { kind: 'hand-over', sender, objects, handOverTo };
}

/**
 * After the end: deletes the page key once the holder is seen empty by a full node that has seen our
 * last transaction. What turned up there is handed over first.
 *
 * @returns 'not-yet' if the full node is behind, or a wallet may still execute what it was shown
 */
export async function sweep(
  run: IntentRun,
  signal: AbortSignal,
): Promise<'closed' | 'not-yet' | 'not-empty'> {
  const { ports, journal, intentId } = run;
  const { key, phase } = run.state;
  if (key !== undefined) {
    const isSeen =
      phase === 'dead' ? await areAsksDead(run, signal) : await isHandOverSeen(run, signal);
    if (!isSeen) return 'not-yet';
    const { blobs, suiCoins, others } = await ports.chain.holdings(key.holder, signal);
    if (blobs.length + suiCoins.length + others.length > 0) return 'not-empty';
  }
  const forgotten = await journal.forgetHoldings(intentId);
  const closed: IntentFact = { kind: 'closed' };
  await run.append([closed], [{ store: 'keys', key: intentId, value: undefined }, ...forgotten]);
  return 'closed';
}

/** Nothing that a wallet was shown can be executed any more. */
async function areAsksDead({ ports, state }: IntentRun, signal: AbortSignal): Promise<boolean> {
  if (state.asked.length === 0) return true;
  const { suiEpoch } = await ports.chain.gas({ fresh: true, signal });
  return state.asked.every(({ expirationEpoch }) => suiEpoch > expirationEpoch);
}

/** An answer from before our last transaction would call the holder empty, or full, for nothing. */
async function isHandOverSeen({ ports, state }: IntentRun, signal: AbortSignal): Promise<boolean> {
  const [first] = state.objects.values();
  if (first === undefined) return true;
  const object = await ports.chain.blob(first.objectId, signal);
  return object?.owner !== state.key?.holder;
}
