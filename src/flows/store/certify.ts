import type { OwnedBlob } from '../../chain/chain-client.ts';
import type { CertifiedBlob, CertifyPlan, ObjectRef } from '../../chain/plan.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { IntentFact } from '../../store/journal-facts.ts';
import { adopt } from './adopt.ts';
import { askWallet, walletFor } from './ask-wallet.ts';
import { returnedElsewhere } from './done-elsewhere.ts';
import { handOverTo } from './hand-over.ts';
import { openHolder } from './holder.ts';
import type { IntentRun } from './intent-run.ts';
import { certifiedFacts } from './outcome-facts.ts';
import { CHAIN_PATIENCE, isChainTrouble, persist } from './patience.ts';
import { settle } from './settle.ts';
import type { Condition, StoreState } from './types.ts';

/** What stops the work on a certificate, and hears of it. */
export interface CertifyContext {
  readonly signal: AbortSignal;
  onState(state: StoreState): void;
  onCondition(condition: Condition | undefined): void;
}

/**
 * Records on chain what is uploaded and hands everything over to the owner, in one transaction: by
 * the page key, or by the wallet where the blobs are at the person's address.
 *
 * @param certifies positions of the blobs that have a certificate; the others go along without
 * @throws HauloutError 'transaction-refused', 'outcome-unknown', those of the wallet
 */
export async function certify(
  run: IntentRun,
  certifies: readonly number[],
  { signal, onState, onCondition }: CertifyContext,
): Promise<void> {
  const { ports } = run;
  const adoptOnce = () => adopt(run, signal);
  if (await persist(ports, CHAIN_PATIENCE, adoptOnce, isChainTrouble, signal, onCondition)) return;
  const { plan } = run.state;
  const holder = run.state.key && (await openHolder(run));
  const sender = holder?.address ?? plan.payer;
  const prepared = await persist(
    ports,
    CHAIN_PATIENCE,
    async () => {
      const objects = await objectsOf(run, sender, signal);
      const facts = await elsewhereFacts(run, sender, objects, signal);
      if (facts.length > 0) return facts;
      return ports.chain.prepare(certifyPlan(run, sender, certifies, objects), { signal });
    },
    (error) => isChainTrouble(error) || isBehind(error),
    signal,
    onCondition,
  );
  if ('length' in prepared) return run.append(prepared);
  if (holder === undefined) onState('in-wallet');
  const signed = holder
    ? {
        ...{
          purpose: 'certify' as const,
          certifies,
          bytes: prepared.bytes,
          digest: prepared.digest,
        },
        expirationEpoch: prepared.expirationEpoch,
        signatures: [await holder.sign(prepared)],
      }
    : await askWallet(run, walletFor(run), prepared, { purpose: 'certify', certifies }, signal);
  await run.append([{ kind: 'signed', transaction: signed }]);
  onState('certifying');
  await settle(run, signal, onCondition);
}

/** The full node has not heard of the registration yet. */
function isBehind(error: unknown): boolean {
  return isHauloutError(error, 'not-final-yet');
}

/**
 * The blob objects as they are now, by position in the plan.
 *
 * @throws HauloutError 'not-final-yet' if not all of them are to be seen
 */
async function objectsOf(
  run: IntentRun,
  address: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, OwnedBlob>> {
  const { chain } = run.ports;
  const objects = new Map<number, OwnedBlob>();
  const found = await chain.blobs(address, signal);
  const byId = new Map(found.map((blob) => [blob.ref.objectId, blob]));
  for (const [blob, { objectId }] of run.state.objects) {
    const object = byId.get(objectId) ?? (await chain.blob(objectId, signal));
    if (object === undefined) throw new HauloutError('not-final-yet', {});
    objects.set(blob, object);
  }
  return objects;
}

/**
 * What somebody else has done with the blobs: a wallet that executed what it was asked to sign, or
 * the person, who took from the holder what lay there.
 *
 * @throws HauloutError 'not-final-yet' if only some are where they were
 */
async function elsewhereFacts(
  run: IntentRun,
  address: string,
  objects: ReadonlyMap<number, OwnedBlob>,
  signal: AbortSignal,
): Promise<readonly IntentFact[]> {
  const { certified } = run.state;
  const news = [...objects].flatMap(([blob, { certifiedEpoch }]) => {
    return certifiedEpoch === undefined || certified.has(blob) ? [] : [blob];
  });
  const atMs = run.ports.clock.wall();
  const gone = [...objects.values()].filter(({ owner }) => owner !== address);
  const isGone = gone.length === objects.size;
  if (gone.length > 0 && !isGone) throw new HauloutError('not-final-yet', {});
  if (!isGone && news.length === 0) return [];
  const ended = isGone ? [...objects.keys()] : news;
  const ids = ended.flatMap((blob) => objects.get(blob)?.ref.objectId ?? []);
  const returnedMist = await returnedElsewhere(run, ids, signal);
  if (isGone && news.length > 0) return certifiedFacts(run, news, '', atMs, returnedMist);
  if (isGone) return [{ kind: 'handed-over', digest: '', atMs, returnedMist }];
  const epoch = objects.get(news[0] ?? -1)?.certifiedEpoch ?? 0;
  return [{ kind: 'certified', digest: '', atMs, epoch, blobs: news, returnedMist }];
}

function certifyPlan(
  { state }: IntentRun,
  sender: string,
  certifies: readonly number[],
  objects: ReadonlyMap<number, OwnedBlob>,
): CertifyPlan {
  const { plan, certificates } = state;
  const blobs: CertifiedBlob[] = [];
  const uncertified: ObjectRef[] = [];
  for (const [at, { ref: blob }] of objects) {
    const kept = certifies.includes(at) ? certificates.get(at)?.certificate : undefined;
    if (kept === undefined) {
      uncertified.push(blob);
      continue;
    }
    const { signers, message, signature } = kept;
    blobs.push({ blob, certificate: { signers, message, signature } });
  }
  const isHolder = sender !== plan.payer;
  return {
    kind: 'certify',
    sender,
    blobs,
    uncertified: isHolder ? uncertified : [],
    ...(isHolder ? handOverTo(plan) : {}),
  };
}
