import type {
  ChainClient,
  Holdings,
  OwnedBlob,
  PreparedTransaction,
} from '../../chain/chain-client.ts';
import type { HandOverPlan, ObjectRef } from '../../chain/plan.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { IntentFact, IntentPlan } from '../../store/journal-facts.ts';
import { isEnded } from '../../store/journal-state.ts';
import { adopt, plannedAmong, wasShown } from './adopt.ts';
import { returnedElsewhere } from './done-elsewhere.ts';
import { openHolder } from './holder.ts';
import type { IntentRun } from './intent-run.ts';
import { CHAIN_PATIENCE, isChainTrouble, persist } from './patience.ts';
import { settle } from './settle.ts';
import type { Condition } from './types.ts';

/** More of what strangers have sent does not go along: a transaction has limits. */
const MAX_STRAYS = 50;

/**
 * Gives away what lies at the holder, unfinished as it is: the blobs to their owner, or where they
 * are to be deleted their storage to who has paid, as the change. What strangers have sent there goes along if it can.
 *
 * @throws HauloutError 'transaction-refused', 'outcome-unknown', 'chain-unavailable'
 */
export async function handOver(
  run: IntentRun,
  signal: AbortSignal,
  onCondition?: (condition: Condition | undefined) => void,
): Promise<void> {
  const { ports, state } = run;
  const over = { kind: 'handed-over', digest: '', atMs: ports.clock.wall() } as const;
  // The blobs were at the person's address all the time.
  if (state.key === undefined) return run.append([over]);
  const adoptOnce = () => adopt(run, signal);
  if (await persist(ports, CHAIN_PATIENCE, adoptOnce, isChainTrouble, signal, onCondition)) return;
  const holder = await openHolder(run);
  const prepared = await persist(
    ports,
    CHAIN_PATIENCE,
    async () => {
      const found = await ports.chain.holdings(holder.address, signal);
      return prepareRest(run, holder.address, found, signal);
    },
    isChainTrouble,
    signal,
    onCondition,
  );
  if (prepared === undefined) {
    if (isEnded(state.phase)) return;
    // An empty address alone says nothing: the full node may not have heard of the purchase.
    if (!(await isHandOverSeen(run, signal))) throw new HauloutError('not-final-yet', {});
    const ids = [...state.objects.values()].map(({ objectId }) => objectId);
    const look = () => returnedElsewhere(run, ids, signal);
    const returnedMist = await persist(
      ports,
      CHAIN_PATIENCE,
      look,
      isChainTrouble,
      signal,
      onCondition,
    );
    return run.append([{ ...over, returnedMist }]);
  }
  const { bytes, digest, expirationEpoch } = prepared;
  const signatures = [await holder.sign(prepared)];
  const transaction = { bytes, digest, expirationEpoch, signatures };
  await run.append([
    { kind: 'signed', transaction: { ...transaction, purpose: 'hand-over', certifies: [] } },
  ]);
  await settle(run, signal, onCondition);
}

/** @returns undefined if there is nothing */
async function prepareRest(
  run: IntentRun,
  sender: string,
  { blobs, suiCoins, others }: Holdings,
  signal: AbortSignal,
): Promise<PreparedTransaction | undefined> {
  const { chain } = run.ports;
  const { plan, cancelled } = run.state;
  const ours = oursAmong(run, blobs);
  const deletable = ours.filter((blob) => blob.deletable);
  if (cancelled?.deletes && deletable.length > 0) {
    const refs = deletable.map(({ ref }) => ref);
    const back = { sender, handOverTo: plan.payer };
    return chain.prepare({ kind: 'delete', ...back, blobs: refs }, { signal });
  }
  if (ours.length === 0 && suiCoins.length === 0) return undefined;
  const strays = [...blobs.filter((blob) => !ours.includes(blob)), ...others];
  return prepareHandOver(chain, { sender, ...handOverTo(plan) }, ours, strays, signal);
}

/** Blobs go to their owner; money that is left, back to who has paid. */
export function handOverTo({ owner, payer }: IntentPlan) {
  return { handOverTo: owner, ...(owner === payer ? {} : { changeTo: payer }) };
}

type Found = readonly { readonly ref: ObjectRef }[];

/**
 * Gives away what is at a holder.
 *
 * @param strays what goes along if it can: anybody can send things that cannot be given away
 */
export async function prepareHandOver(
  chain: ChainClient,
  between: Omit<HandOverPlan, 'kind' | 'objects'>,
  ours: Found,
  strays: Found,
  signal: AbortSignal,
): Promise<PreparedTransaction> {
  const give = (all: Found) => {
    const objects = all.map(({ ref }) => ref);
    const { sender, handOverTo, changeTo = handOverTo } = between;
    const ends = objects.length > 0 ? between : { sender, handOverTo: changeTo };
    return chain.prepare({ kind: 'hand-over', ...ends, objects }, { signal });
  };
  try {
    return await give([...ours, ...strays.slice(0, MAX_STRAYS)]);
  } catch (error) {
    if (strays.length === 0 || !isHauloutError(error, 'transaction-refused')) throw error;
    return give(ours);
  }
}

/**
 * After the end: deletes the page key once nothing of this intent is seen at the holder by a full
 * node that has seen our last transaction. What turned up there is handed over first. Anybody can
 * send things to a holder: what cannot be moved from there without money is left to the person's
 * wallet, whose address it is, too.
 *
 * @returns 'not-yet' if the full node is behind, or a wallet may still execute what it was shown
 */
export async function sweep(run: IntentRun, signal: AbortSignal): Promise<'closed' | 'not-yet'> {
  const { ports, journal, intentId } = run;
  const { key, phase, plan } = run.state;
  const isUnused = phase === 'dead' && !wasShown(run.state); // nobody was ever told of its address
  if (key !== undefined && !isUnused) {
    const isSeen =
      phase === 'dead' ? await areAsksDead(run, signal) : await isHandOverSeen(run, signal);
    if (!isSeen) return 'not-yet';
    const found = await ports.chain.holdings(key.holder, signal);
    if (phase === 'dead') {
      if (plannedAmong(plan, found.blobs).length > 0) return 'not-yet';
    } else if (await moveRest(run, found, signal)) {
      return 'not-yet';
    }
  }
  const forgotten = await journal.forgetHoldings(intentId);
  const closed: IntentFact = { kind: 'closed' };
  await run.append([closed], [{ store: 'keys', key: intentId, value: undefined }, ...forgotten]);
  return 'closed';
}

/** @returns whether there was something to move */
async function moveRest(
  run: IntentRun,
  { blobs, suiCoins }: Holdings,
  signal: AbortSignal,
): Promise<boolean> {
  const isOurs = oursAmong(run, blobs).length > 0;
  if (!isOurs && suiCoins.length === 0) return false;
  try {
    await handOver(run, signal);
    return true;
  } catch (error) {
    if (isOurs || !isHauloutError(error, 'sui-short')) throw error;
    return false; // less than it costs to send it
  }
}

function oursAmong({ state }: IntentRun, blobs: readonly OwnedBlob[]): OwnedBlob[] {
  const ids = new Set([...state.objects.values()].map(({ objectId }) => objectId));
  return blobs.filter(({ ref }) => ids.has(ref.objectId));
}

/** Nothing that a wallet was shown, or was called dead, can be executed any more. */
async function areAsksDead({ ports, state }: IntentRun, signal: AbortSignal): Promise<boolean> {
  const maybe = [...state.asked, ...state.lapsed];
  if (maybe.length === 0) return true;
  const { suiEpoch } = await ports.chain.gas({ certain: true, signal });
  return maybe.every(({ expirationEpoch }) => suiEpoch > expirationEpoch);
}

/**
 * Whether a full node that has heard of the purchase sees that the blobs are not at the holder any
 * more. An answer from before would call the holder empty, or full, for nothing.
 */
async function isHandOverSeen({ ports, state }: IntentRun, signal: AbortSignal): Promise<boolean> {
  const { chain } = ports;
  const [first] = state.objects.values();
  if (first === undefined) return true;
  const object = await chain.blob(first.objectId, signal);
  if (object !== undefined) return object.owner !== state.key?.holder;
  // It was deleted, or it is not known yet: who knows what came after knows that it was.
  const digests = [state.handedOver, ...[...state.certified.values()].map((each) => each.digest)];
  for (const digest of [...digests, state.registered?.digest]) {
    if (digest) return (await chain.transaction(digest, signal)) !== undefined;
  }
  return true;
}
