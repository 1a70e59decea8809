import type { ExecutedTransaction } from '../../chain/chain-client.ts';
import { SUI_TYPE } from '../../chain/network-info.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { IntentFact, SeenTransaction, SpentAmounts } from '../../store/journal-facts.ts';
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
  const returnedMist = -spentIn(run, executed).mist;
  if (purpose === 'hand-over') return [{ kind: 'handed-over', digest, atMs, returnedMist }];
  return certifiedFacts(run, certifies, digest, atMs, returnedMist);
}

/** A transaction was executed and failed: what it took was the network fee, from whom it names. */
export function failedFact(run: IntentRun, executed: ExecutedTransaction): IntentFact {
  const { digest, failure } = executed;
  const reason = failure?.reason ?? 'no reason was given';
  return { kind: 'lapsed', digest, reason, feeMist: spentIn(run, executed).mist };
}

/** Blobs are certified. What has no certificate went along to the person. */
export function certifiedFacts(
  { state }: IntentRun,
  blobs: readonly number[],
  digest: string,
  atMs: number,
  returnedMist = 0n,
): IntentFact[] {
  const { plan, certificates, certified } = state;
  const epoch = certificates.get(blobs[0] ?? -1)?.certificate.epoch ?? 0;
  const isAll = plan.blobs.every((_, blob) => certified.has(blob) || blobs.includes(blob));
  return [
    { kind: 'certified', digest, atMs, epoch, blobs, returnedMist },
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
  const spent = executed ? { spent: spentIn(run, executed) } : {};
  return [
    { kind: 'registered', digest, atMs, blobs: objects, ...spent },
    { kind: 'certified', digest: '', atMs, epoch: 0, blobs: [...blobs.keys()] },
  ];
}

/** What left the payer; negative where it came back. */
export function spentIn(
  { ports, state }: IntentRun,
  { balanceChanges }: ExecutedTransaction,
): SpentAmounts {
  const spent = (coinType: string) => {
    const change = balanceChanges.find((each) => {
      return each.address === state.plan.payer && each.coinType === coinType;
    });
    return -(change?.amount ?? 0n);
  };
  return { frost: spent(ports.chain.network.walType), mist: spent(SUI_TYPE) };
}

/** What a register transaction has brought, by the order of the plan. It is all or nothing. */
function registeredFact(run: IntentRun, digest: string, executed: ExecutedTransaction): IntentFact {
  const { registered, timestampMs } = executed;
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
    spent: spentIn(run, executed),
  };
}
