import type { OwnedBlob } from '../../chain/chain-client.ts';
import type { CertifiedBlob, CertifyPlan, ObjectRef } from '../../chain/plan.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { askWallet, walletFor } from './ask-wallet.ts';
import { openHolder } from './holder.ts';
import type { IntentRun } from './intent-run.ts';
import { CHAIN_PATIENCE, isChainTrouble, persist } from './patience.ts';
import { keepCommittee } from './receipts.ts';
import { settle } from './settle.ts';
import type { StoreState } from './types.ts';

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
  signal: AbortSignal,
  onState: (state: StoreState) => void,
): Promise<void> {
  const { ports } = run;
  const { plan } = run.state;
  const holder = run.state.key && (await openHolder(run));
  const sender = holder?.address ?? plan.payer;
  const prepared = await persist(
    ports,
    CHAIN_PATIENCE,
    async () => {
      const refs = await objectsAt(run, sender, signal);
      return ports.chain.prepare(certifyPlan(run, sender, certifies, refs), { signal });
    },
    (error) => isChainTrouble(error) || isBehind(error),
    signal,
  );
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
  const committee = await keepCommittee(ports, signal);
  await run.append([{ kind: 'signed', transaction: signed }], committee);
  onState('certifying');
  await settle(run, signal);
}

/** The full node has not heard of the registration yet. */
function isBehind(error: unknown): boolean {
  return isHauloutError(error, 'not-final-yet');
}

/**
 * The blob objects in their present versions.
 *
 * @throws HauloutError 'not-final-yet' if not all of them are to be seen there
 */
async function objectsAt(
  run: IntentRun,
  address: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, ObjectRef>> {
  const { chain } = run.ports;
  const { objects } = run.state;
  const refs = new Map<number, ObjectRef>();
  const found: readonly OwnedBlob[] = await chain.blobs(address, signal);
  const byId = new Map(found.map((blob) => [blob.ref.objectId, blob]));
  for (const [blob, { objectId }] of objects) {
    const object = byId.get(objectId);
    if (object === undefined) throw new HauloutError('not-final-yet', {});
    refs.set(blob, object.ref);
  }
  return refs;
}

function certifyPlan(
  { state }: IntentRun,
  sender: string,
  certifies: readonly number[],
  refs: ReadonlyMap<number, ObjectRef>,
): CertifyPlan {
  const { plan, certificates } = state;
  const blobs: CertifiedBlob[] = [];
  const uncertified: ObjectRef[] = [];
  for (const [at, blob] of refs) {
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
    ...(isHolder ? { handOverTo: plan.owner } : {}),
  };
}
