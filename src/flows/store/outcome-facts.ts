import type { ExecutedTransaction } from '../../chain/chain-client.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { IntentFact, SeenTransaction } from '../../store/journal-facts.ts';
import type { IntentRun } from './intent-run.ts';

/**
 * What is true of an intent once a transaction of it has succeeded.
 *
 * @throws HauloutError 'outcome-unknown' if the full node does not tell all that was bought
 */
export function factsOf(
  run: IntentRun,
  { purpose, digest, certifies }: SeenTransaction,
  executed: ExecutedTransaction,
): IntentFact[] {
  const atMs = executed.timestampMs ?? run.ports.clock.wall();
  if (purpose === 'register') return [registeredFact(run, digest, executed)];
  if (purpose === 'hand-over') return [{ kind: 'handed-over', digest, atMs }];
  return certifiedFacts(run, certifies, digest, atMs);
}

/** Blobs are certified. What has no certificate went along to the person. */
export function certifiedFacts(
  { state }: IntentRun,
  blobs: readonly number[],
  digest: string,
  atMs: number,
): IntentFact[] {
  const { plan, certificates, certified } = state;
  const epoch = certificates.get(blobs[0] ?? -1)?.certificate.epoch ?? 0;
  const isAll = plan.blobs.every((_, blob) => certified.has(blob) || blobs.includes(blob));
  return [
    { kind: 'certified', digest, atMs, epoch, blobs },
    ...(isAll ? [] : [{ kind: 'handed-over', digest, atMs } as const]),
  ];
}

/** What a register transaction has brought, by the order of the plan. It is all or nothing. */
function registeredFact(
  run: IntentRun,
  digest: string,
  { registered, balanceChanges, gas, timestampMs }: ExecutedTransaction,
): IntentFact {
  const { plan } = run.state;
  const { walType } = run.ports.chain.network;
  const left = [...registered];
  const blobs = plan.blobs.map(({ blobId }, blob) => {
    const at = left.findIndex((each) => each.blobId === blobId);
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (found === undefined) throw new HauloutError('outcome-unknown', { digest });
    const { ref, registeredEpoch, endEpoch } = found;
    return { blob, objectId: ref.objectId, registeredEpoch, endEpoch };
  });
  const spent = balanceChanges.find((change) => {
    return change.address === plan.payer && change.coinType === walType;
  });
  return {
    kind: 'registered',
    digest,
    atMs: timestampMs ?? run.ports.clock.wall(),
    blobs,
    spentFrost: -(spent?.amount ?? 0n),
    gas: { mist: gas.netMist },
  };
}
