import type { ExecutedTransaction } from '../../chain/chain-client.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { IntentFact, SignedBytes } from '../../store/journal-facts.ts';
import type { IntentRun } from './intent-run.ts';
import { isChainTrouble, type Patience, persist } from './patience.ts';

/** Nothing may be paid again before the chain answers, so it is asked for long. */
const PATIENCE: Patience = { firstMs: 500, longestMs: 20_000, totalMs: 600_000 };

/**
 * Turns 'maybe' into a fact: sends the same bytes until the chain says what became of them, and
 * writes that down. Does nothing if no transaction is open.
 *
 * @throws HauloutError 'outcome-unknown' if the chain does not say, and the transaction stays open;
 *   'transaction-refused' if it failed or never can be executed
 */
export async function settle(
  run: IntentRun,
  signal: AbortSignal,
  onWait?: (error: unknown, retryAtMs: number) => void,
): Promise<void> {
  const { pending } = run.state;
  if (pending === undefined) return;
  const { chain } = run.ports;
  const executed = await persist(
    run.ports,
    PATIENCE,
    () => sendAgain(run, pending, signal),
    (error) => isHauloutError(error, 'outcome-unknown') || isChainTrouble(error),
    signal,
    onWait,
  ).catch((error: unknown) => {
    if (!isChainTrouble(error)) throw error;
    throw new HauloutError('outcome-unknown', { digest: pending.digest }, { cause: error });
  });
  chain.forget(); // prices, and what lies at our addresses, are no longer what was read before
  if (!executed.success) throw await lapse(run, pending, executed);
  await run.append(factsOf(run, pending, executed));
}

/** @throws HauloutError 'transaction-refused' once it is written down that the bytes are dead */
async function sendAgain(
  run: IntentRun,
  { bytes, signatures, digest }: SignedBytes,
  signal: AbortSignal,
): Promise<ExecutedTransaction> {
  try {
    return await run.ports.chain.execute(bytes, signatures, signal);
  } catch (error) {
    if (isHauloutError(error, 'transaction-refused')) {
      await run.append([{ kind: 'lapsed', digest, reason: error.detail.reason }]);
    }
    throw error;
  }
}

/** Executed, and failed: only gas was spent. */
async function lapse(
  run: IntentRun,
  { digest }: SignedBytes,
  { failure, gas }: ExecutedTransaction,
): Promise<HauloutError> {
  const reason = failure?.reason ?? 'no reason was given';
  await run.append([{ kind: 'lapsed', digest, reason }]);
  return new HauloutError('transaction-refused', { reason, digest, feeMist: `${gas.netMist}` });
}

function factsOf(
  run: IntentRun,
  { purpose, digest, certifies }: SignedBytes,
  executed: ExecutedTransaction,
): IntentFact[] {
  const atMs = executed.timestampMs ?? run.ports.clock.wall();
  switch (purpose) {
    case 'register':
      return [registeredFact(run, digest, executed)];
    case 'certify': {
      const { objects, certificates } = run.state;
      const epoch = certificates.get(certifies[0] ?? -1)?.certificate.epoch ?? 0;
      const certified = { kind: 'certified', digest, atMs, epoch, blobs: certifies } as const;
      // What has no certificate went along to the person.
      const isAll = certifies.length === objects.size;
      return isAll ? [certified] : [certified, { kind: 'handed-over', digest, atMs }];
    }
    case 'hand-over':
      return [{ kind: 'handed-over', digest, atMs }];
  }
}

/** What a register transaction has brought, by the order of the plan. */
export function registeredFact(
  run: IntentRun,
  digest: string,
  { registered, balanceChanges, gas, timestampMs }: ExecutedTransaction,
): IntentFact {
  const { plan } = run.state;
  const { walType } = run.ports.chain.network;
  const left = [...registered];
  const blobs = plan.blobs.flatMap(({ blobId }, blob) => {
    const at = left.findIndex((each) => each.blobId === blobId);
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (found === undefined) return [];
    const { ref, registeredEpoch, endEpoch } = found;
    return [{ blob, objectId: ref.objectId, registeredEpoch, endEpoch }];
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
