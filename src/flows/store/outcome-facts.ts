import type { ExecutedTransaction } from '../../chain/chain-client.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { IntentFact, SeenTransaction } from '../../store/journal-facts.ts';
import { isExtension } from './extend-plan.ts';
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
  if (purpose === 'register') {
    return isExtension(run.state.plan)
      ? extendedFacts(run, digest, executed)
      : [registeredFact(run, digest, executed)];
  }
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

/** Blobs that are certified last as long as was planned. */
export function extendedFacts(
  run: IntentRun,
  digest: string,
  executed?: ExecutedTransaction,
): IntentFact[] {
  const { blobs, endEpoch } = run.state.plan;
  const objects = blobs.map(({ extended }, blob) => {
    return { blob, objectId: extended?.objectId ?? '', registeredEpoch: 0, endEpoch };
  });
  const atMs = executed?.timestampMs ?? run.ports.clock.wall();
  const [spentFrost, mist] = [executed ? spentIn(run, executed) : 0n, executed?.gas.netMist ?? 0n];
  return [
    { kind: 'registered', digest, atMs, blobs: objects, spentFrost, gas: { mist } },
    { kind: 'certified', digest: '', atMs, epoch: 0, blobs: [...blobs.keys()] },
  ];
}

function spentIn({ ports, state }: IntentRun, { balanceChanges }: ExecutedTransaction): bigint {
  const { walType } = ports.chain.network;
  const spent = balanceChanges.find((change) => {
    return change.address === state.plan.payer && change.coinType === walType;
  });
  return -(spent?.amount ?? 0n);
}

/** What a register transaction has brought, by the order of the plan. It is all or nothing. */
function registeredFact(run: IntentRun, digest: string, executed: ExecutedTransaction): IntentFact {
  const { registered, gas, timestampMs } = executed;
  const { plan } = run.state;
  const left = [...registered];
  const blobs = plan.blobs.map(({ blobId }, blob) => {
    const at = left.findIndex((each) => each.blobId === blobId);
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (found === undefined) throw new HauloutError('outcome-unknown', { digest });
    const { ref, registeredEpoch, endEpoch } = found;
    return { blob, objectId: ref.objectId, registeredEpoch, endEpoch };
  });
  return {
    kind: 'registered',
    digest,
    atMs: timestampMs ?? run.ports.clock.wall(),
    blobs,
    spentFrost: spentIn(run, executed),
    gas: { mist: gas.netMist },
  };
}
