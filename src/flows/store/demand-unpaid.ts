import type { FoundPurchase } from '../../chain/chain-client.ts';
import { holderOf } from '../../chain/holder.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { adopt } from './adopt.ts';
import type { IntentRun } from './intent-run.ts';
import { isChainTrouble, type Patience, persist } from './patience.ts';

/** A full node that does not tell keeps nobody from paying for long: the quote has looked before. */
const PATIENCE: Patience = { firstMs: 300, longestMs: 2_000, totalMs: 10_000 };

/**
 * Looks whether the payer has bought the same since the quote looked, or while a full node was behind: in another
 * tab, on another device, or in this browser before it lost what it knew. Then this intent is over, unpaid.
 *
 * @returns whether it was bought for this intent after all, by a wallet in a form of its own, and is written down
 * @throws HauloutError 'paid-already'
 */
export async function demandUnpaid(run: IntentRun, signal: AbortSignal): Promise<boolean> {
  const { ports, state } = run;
  const { plan, asked, lapsed } = state;
  if (plan.anew || plan.blobs.some(({ registered, extended }) => registered ?? extended))
    return false;
  const own = new Set([...asked, ...lapsed].map(({ digest }) => digest));
  const blobIds = new Set(plan.blobs.map(({ blobId }) => blobId));
  const look = async () => {
    for (const purchase of await ports.chain.purchases(plan.payer, blobIds, signal)) {
      if (!own.has(purchase.digest) && (await isAsGood(run, purchase, signal))) return purchase;
    }
    return undefined;
  };
  const found = await persist(ports, PATIENCE, look, isChainTrouble, signal).catch(ifChainTrouble);
  if (found === undefined) return false;
  if (await adopt(run, signal)) return true;
  await run.append([{ kind: 'dead', reason: 'paid-already' }]);
  throw new HauloutError('paid-already', { digest: found.digest });
}

/** Whether a purchase has brought something that still is what this intent would bring. */
async function isAsGood(
  { ports: { chain }, state: { plan } }: IntentRun,
  { digest, marker }: FoundPurchase,
  signal: AbortSignal,
): Promise<boolean> {
  const executed = await chain.transaction(digest, signal);
  const holder = marker && holderOf(marker.pagePublicKey, plan.payerKey)?.address;
  for (const { blobId, ref } of executed?.success ? executed.registered : []) {
    const planned = plan.blobs.find((blob) => blob.blobId === blobId);
    if (planned === undefined) continue;
    const blob = await chain.blob(ref.objectId, signal);
    if (blob === undefined || blob.endEpoch < plan.endEpoch) continue;
    if (blob.deletable && !plan.deletable) continue;
    // With attributes it is another thing than what lies at the person's address.
    const isOwn = blob.owner === plan.payer && plan.owner === plan.payer;
    if (blob.owner === holder || (isOwn && planned.attributes.length === 0)) return true;
  }
  return false;
}

function ifChainTrouble(error: unknown): undefined {
  if (!isChainTrouble(error)) throw error;
}
