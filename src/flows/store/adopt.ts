import type { OwnedBlob } from '../../chain/chain-client.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { IntentPlan, SeenTransaction } from '../../store/journal-facts.ts';
import type { IntentState } from '../../store/journal-state.ts';
import { isExtension } from './extend-plan.ts';
import type { IntentRun } from './intent-run.ts';
import { extendedFacts, factsOf } from './outcome-facts.ts';

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
    if (executed === undefined || !run.state.asked.some(({ digest }) => digest === one.digest))
      continue;
    const reason = executed.failure?.reason ?? 'it failed';
    await run.append([{ kind: 'lapsed', digest: one.digest, reason }]);
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
  if (key === undefined || !wasShown(run.state)) return false;
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
  // What it has taken is not to be seen here.
  await run.append([{ kind: 'registered', digest: '', atMs: clock.wall(), blobs }]);
  return true;
}

/** The objects that a plan buys, by position; anybody can send other ones to a holder. */
export function plannedAmong(
  { blobs, deletable }: IntentPlan,
  found: readonly OwnedBlob[],
): [blob: number, object: OwnedBlob][] {
  const left = found.filter((each) => each.deletable === deletable);
  return blobs.flatMap(({ blobId, unencodedBytes }, blob) => {
    const at = left.findIndex((each) => {
      return each.blobId === blobId && each.unencodedBytes === unencodedBytes;
    });
    const [object] = at < 0 ? [] : left.splice(at, 1);
    return object === undefined ? [] : [[blob, object] as [number, OwnedBlob]];
  });
}
