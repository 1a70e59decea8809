import { isDamage, Journal } from '../../store/journal.ts';
import type { IntentPlan, PlannedBlob } from '../../store/journal-facts.ts';
import { type IntentState, isEnded } from '../../store/journal-state.ts';
import { plannedAmong, wasShown } from './adopt.ts';
import type { StorePorts } from './ports.ts';

/** A blob that an upload of this client has paid for, or may have, and not finished. */
export interface Unfinished {
  readonly plan: IntentPlan;
  readonly blob: PlannedBlob;
}

/**
 * Of some blobs those in uploads that were paid, or are being paid, and those that are seen at the
 * holders of uploads that a wallet was shown: it may have paid without telling.
 *
 * What an upload has paid whose facts are damaged is not seen: `rescue` finds it.
 *
 * @throws HauloutError 'chain-unavailable', 'store-unavailable'
 */
export async function unfinishedBlobs(
  { chain, store, onSetAside }: StorePorts,
  blobIds: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly Unfinished[]> {
  const journal = new Journal(store, onSetAside);
  const all: Unfinished[] = [];
  for (const { intentIds } of await journal.jobs()) {
    for (const intentId of intentIds) {
      const state = await journal.intent(intentId).catch(ignoreDamage);
      if (state === undefined || state.closed || state.plan.chainId !== chain.network.chainId) {
        continue;
      }
      const { plan, key } = state;
      const wanted = plan.blobs.filter(({ blobId }) => blobIds.has(blobId));
      if (wanted.length === 0) continue;
      if (mayBePaid(state)) all.push(...wanted.map((blob) => ({ plan, blob })));
      else if (state.registered === undefined && key && wasShown(state)) {
        const { blobs } = await chain.holdings(key.holder, signal);
        const held = plannedAmong(plan, blobs).flatMap(([at]) => plan.blobs[at] ?? []);
        all.push(...held.filter((blob) => wanted.includes(blob)).map((blob) => ({ plan, blob })));
      }
    }
  }
  return all;
}

function ignoreDamage(error: unknown): undefined {
  if (!isDamage(error)) throw error;
}

function mayBePaid({ pending, registered, phase }: IntentState): boolean {
  return pending?.purpose === 'register' || (registered !== undefined && !isEnded(phase));
}
