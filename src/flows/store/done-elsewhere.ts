import type { ExecutedTransaction } from '../../chain/chain-client.ts';
import type { IntentRun } from './intent-run.ts';
import { spentIn } from './outcome-facts.ts';

/**
 * What the payer got back, or paid in network fees, by transactions that this page has not sent: a
 * wallet has certified the blobs, or taken them from the holder. In MIST, as far as full nodes remember.
 */
export async function returnedElsewhere(
  run: IntentRun,
  objectIds: Iterable<string>,
  signal: AbortSignal,
): Promise<bigint> {
  const { chain } = run.ports;
  const { key, certified, handedOver, registered } = run.state;
  const known = new Set([handedOver, registered?.digest]);
  for (const { digest } of certified.values()) known.add(digest);
  const ends = (one: ExecutedTransaction, objectId: string) =>
    one.certified.includes(objectId) || (key && isTaken(one, objectId, key.holder));
  const found = new Map<string, ExecutedTransaction>();
  for (const objectId of objectIds) {
    // Most were ended together, by one transaction.
    if ([...found.values()].some((one) => ends(one, objectId))) continue;
    for (const one of await chain.history(objectId, signal)) {
      if (ends(one, objectId) && !known.has(one.digest)) found.set(one.digest, one);
    }
  }
  return -[...found.values()].reduce((sum, one) => sum + spentIn(run, one).mist, 0n);
}

function isTaken({ written }: ExecutedTransaction, objectId: string, holder: string): boolean {
  return written.some(({ ref, owner, ownerBefore }) => {
    return ref.objectId === objectId && ownerBefore === holder && owner !== holder;
  });
}
