import type { ExecutedTransaction, OwnedBlob } from '../../chain/chain-client.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { IntentPlan, PlannedBlob, SeenTransaction } from '../../store/journal-facts.ts';
import type { IntentState } from '../../store/journal-state.ts';
import { isExtension } from './extend-plan.ts';
import type { IntentRun } from './intent-run.ts';
import { extendedFacts, factsOf, failedFact, spentIn } from './outcome-facts.ts';
import { isChainTrouble } from './patience.ts';

/**
 * Looks whether something of this intent was executed without our knowing: by a wallet that was only
 * asked to sign, or by bytes that were called dead. Nothing new is shown to a wallet before.
 *
 * @returns whether it was found, and written down
 * @throws HauloutError 'chain-unavailable'; 'outcome-unknown' if a part of the purchase is seen
 */
export async function adopt(run: IntentRun, signal: AbortSignal): Promise<boolean> {
  const { chain } = run.ports;
  for (const one of candidates(run)) {
    const executed = await chain.transaction(one.digest, signal);
    if (executed?.success) {
      await run.append(factsOf(run, one, executed));
      return true;
    }
    // What was called dead may have failed only later.
    if (executed === undefined || run.state.failedFees.has(one.digest)) continue;
    await run.append([failedFact(run, executed)]);
  }
  const { registered, plan } = run.state;
  if (registered !== undefined) return false;
  return isExtension(plan) ? adoptExtension(run, signal) : adoptHoldings(run, signal);
}

/** Whether a wallet has seen anything of it: who was asked nothing has executed nothing. */
export function wasShown({ asked, lapsed }: IntentState): boolean {
  return asked.length + lapsed.length > 0;
}

/** What may have been executed, and would change where the intent stands. */
function candidates({ state }: IntentRun): SeenTransaction[] {
  const isPaid = state.registered !== undefined;
  return [...state.asked, ...state.lapsed].filter(({ purpose }) => {
    return (purpose === 'register') !== isPaid;
  });
}

/** Blobs that last long enough need no more time, whoever has paid for it. */
async function adoptExtension(run: IntentRun, signal: AbortSignal): Promise<boolean> {
  const { blobs, endEpoch } = run.state.plan;
  for (const { extended } of blobs) {
    const blob = await run.ports.chain.blob(extended?.objectId ?? '', signal);
    if (blob === undefined || blob.endEpoch < endEpoch) return false;
  }
  await run.append(extendedFacts(run, ''));
  return true;
}

/** What was planned and lies at the holder is this intent's and no other's, however it came there. */
async function adoptHoldings(run: IntentRun, signal: AbortSignal): Promise<boolean> {
  const { chain, clock } = run.ports;
  const { key, plan, asked } = run.state;
  if (!wasShown(run.state)) return false;
  if (key === undefined) return adoptRival(run, signal);
  const { blobs: found } = await chain.holdings(key.holder, signal);
  const blobs = plannedAmong(plan, found).map(([blob, object]) => {
    const { ref, registeredEpoch, endEpoch } = object;
    return { blob, objectId: ref.objectId, registeredEpoch, endEpoch };
  });
  if (blobs.length === 0) return false;
  // They were bought all at once: whoever tells of some does not tell of all yet.
  if (blobs.length < plan.blobs.length) {
    throw new HauloutError('outcome-unknown', { digest: asked.at(-1)?.digest ?? '' });
  }
  // What it took is for the person to see; that it is theirs is certain already.
  const purchase = await purchaseOf(run, blobs[0]?.objectId ?? '', signal).catch(ifChainTrouble);
  const { digest = '', timestampMs: atMs = clock.wall() } = purchase ?? {};
  const spent = purchase ? { spent: spentIn(run, purchase) } : {};
  await run.append([{ kind: 'registered', digest, atMs, blobs, ...spent }]);
  return true;
}

/**
 * Without a holder, a purchase is told by what it took: a wallet that has executed what it was asked
 * in another form has used one of the objects that it was shown, in the same version.
 *
 * @throws HauloutError 'outcome-unknown' if the full node does not tell all that was bought
 */
async function adoptRival(run: IntentRun, signal: AbortSignal): Promise<boolean> {
  const { chain } = run.ports;
  const { plan, asked, lapsed } = run.state;
  const inputs = new Map(
    [...asked, ...lapsed]
      .flatMap((each) => each.inputs ?? [])
      .map(({ objectId, version }) => [objectId, version]),
  );
  const isRival = ({ written }: ExecutedTransaction) =>
    written.some(({ ref, versionBefore }) => {
      return versionBefore !== undefined && inputs.get(ref.objectId) === versionBefore;
    });
  // An older blob of the same bytes may lie there too, or one that somebody sent: all are looked at.
  const planned = (await chain.blobs(plan.owner, signal))
    .filter((one) => plan.deletable === one.deletable)
    .filter((one) => plan.blobs.some((blob) => isOf(blob, one)))
    .toSorted((a, b) => b.registeredEpoch - a.registeredEpoch);
  for (const { ref } of planned) {
    const purchase = await purchaseOf(run, ref.objectId, signal);
    if (purchase === undefined || !isRival(purchase)) continue;
    const seen = { purpose: 'register', digest: purchase.digest, certifies: [] } as const;
    await run.append(factsOf(run, { ...seen, expirationEpoch: 0n }, purchase));
    return true;
  }
  return false;
}

function ifChainTrouble(error: unknown): undefined {
  if (!isChainTrouble(error)) throw error;
}

/** The transaction that made a blob object: its wallet may have changed it, so that its digest was not known. */
async function purchaseOf({ ports }: IntentRun, objectId: string, signal: AbortSignal) {
  const history = await ports.chain.history(objectId, signal);
  return history.find(({ registered }) => registered.some(({ ref }) => ref.objectId === objectId));
}

/** The objects that a plan buys, by position; anybody can send other ones to a holder. */
export function plannedAmong(
  { blobs, deletable }: IntentPlan,
  found: readonly OwnedBlob[],
): [blob: number, object: OwnedBlob][] {
  const left = found.filter((each) => each.deletable === deletable);
  return blobs.flatMap((planned, blob) => {
    const at = left.findIndex((each) => isOf(planned, each));
    const [object] = at < 0 ? [] : left.splice(at, 1);
    return object === undefined ? [] : [[blob, object] as [number, OwnedBlob]];
  });
}

function isOf(planned: PlannedBlob, { blobId, unencodedBytes }: OwnedBlob): boolean {
  return planned.blobId === blobId && planned.unencodedBytes === unencodedBytes;
}
