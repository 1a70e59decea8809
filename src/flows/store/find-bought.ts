import type { FoundPurchase } from '../../chain/chain-client.ts';
import { holderOf } from '../../chain/holder.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { PlannedBlob } from '../../store/journal-facts.ts';
import { adopt } from './adopt.ts';
import type { IntentRun } from './intent-run.ts';
import { isChainTrouble, type Patience, persist } from './patience.ts';

const PATIENCE: Patience = { firstMs: 300, longestMs: 2_000, totalMs: 10_000 };
/** A full node that does not tell keeps nobody from paying for longer: the quote has looked before. */
const LONGEST_MS = 10_000;

/**
 * Looks whether the payer has bought something of an intent since the quote looked, or while a full node was behind: in
 * another tab, on another device, or in this browser before it lost what it knew.
 *
 * @returns undefined also where no full node tells in time
 * @throws HauloutError 'aborted'
 */
export async function findBought(
  run: IntentRun,
  signal: AbortSignal,
): Promise<FoundPurchase | undefined> {
  const { ports, state } = run;
  const { plan, asked, lapsed } = state;
  if (plan.anew || plan.blobs.some(({ registered, extended }) => registered ?? extended)) {
    return undefined;
  }
  const own = new Set([...asked, ...lapsed].map(({ digest }) => digest));
  const blobIds = new Set(plan.blobs.map(({ blobId }) => blobId));
  const [late, over] = [new AbortController(), new AbortController()];
  const stop = AbortSignal.any([signal, late.signal]);
  const look = async () => {
    for (const purchase of await ports.chain.purchases(plan.payer, blobIds, stop)) {
      if (!own.has(purchase.digest) && (await isAsGood(run, purchase, stop))) return purchase;
    }
    return undefined;
  };
  ports.clock.sleep(LONGEST_MS, over.signal).then(
    () => late.abort(),
    () => undefined, // it was told before
  );
  try {
    return await persist(ports, PATIENCE, look, isChainTrouble, stop);
  } catch (error) {
    if (signal.aborted || !(late.signal.aborted || isChainTrouble(error))) throw error;
    return undefined;
  } finally {
    over.abort();
  }
}

/**
 * Ends an intent, unpaid, that buys what was bought already.
 *
 * @returns whether it was bought for this intent after all, by a wallet in a form of its own, and is written down
 * @throws HauloutError 'paid-already'
 */
export async function endIfBought(
  run: IntentRun,
  found: FoundPurchase | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (found === undefined) return false;
  if (await adopt(run, signal)) return true;
  await run.append([{ kind: 'dead', reason: 'paid-already' }]);
  throw new HauloutError('paid-already', { digest: found.digest });
}

/** Whether a purchase has brought something that still is what this intent would bring. */
async function isAsGood(
  run: IntentRun,
  { digest, marker }: FoundPurchase,
  signal: AbortSignal,
): Promise<boolean> {
  const { chain } = run.ports;
  const { plan } = run.state;
  const executed = await chain.transaction(digest, signal);
  const holder = marker && holderOf(marker.pagePublicKey, plan.payerKey)?.address;
  const bought = (executed?.success ? executed.registered : []).map(async ({ blobId, ref }) => {
    const planned = plan.blobs.find((blob) => blob.blobId === blobId);
    if (planned === undefined) return false;
    const blob = await chain.blob(ref.objectId, signal);
    if (blob === undefined || blob.endEpoch < plan.endEpoch) return false;
    if (blob.deletable && !plan.deletable) return false;
    const isOwn = blob.owner === plan.payer && plan.owner === plan.payer;
    return (blob.owner === holder || isOwn) && hasAttributes(run, ref.objectId, planned, signal);
  });
  return (await Promise.all(bought)).includes(true);
}

/** Whether a blob object has all that was wanted to stand beside it. */
async function hasAttributes(
  { ports: { chain } }: IntentRun,
  objectId: string,
  { attributes }: PlannedBlob,
  signal: AbortSignal,
): Promise<boolean> {
  if (attributes.length === 0) return true;
  const found = new Map(await chain.attributes(objectId, signal));
  return attributes.every(([name, value]) => found.get(name) === value);
}
