import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { IntentFact, SignedBytes } from '../../store/journal-facts.ts';
import { adopt } from './adopt.ts';
import type { IntentRun } from './intent-run.ts';
import { factsOf, failedFact } from './outcome-facts.ts';
import { isChainTrouble, type Patience, persist } from './patience.ts';
import type { Condition } from './types.ts';

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
  onCondition?: (condition: Condition | undefined) => void,
): Promise<void> {
  const { pending } = run.state;
  if (pending === undefined) return;
  const { chain } = run.ports;
  const facts = await persist(
    run.ports,
    PATIENCE,
    () => sendAgain(run, pending, signal),
    (error) => isHauloutError(error, 'outcome-unknown') || isChainTrouble(error),
    signal,
    onCondition,
  ).catch((error: unknown) => {
    if (!isChainTrouble(error)) throw error;
    throw new HauloutError('outcome-unknown', { digest: pending.digest }, { cause: error });
  });
  chain.forget(); // prices, and what lies at our addresses, are no longer what was read before
  await run.append(facts);
}

/**
 * @returns what is true now, as far as it is not written down
 * @throws HauloutError 'transaction-refused' once it is written down that the bytes are dead
 */
async function sendAgain(
  run: IntentRun,
  pending: SignedBytes,
  signal: AbortSignal,
): Promise<readonly IntentFact[]> {
  const { bytes, signatures, digest } = pending;
  let failed: IntentFact | undefined;
  try {
    const executed = await run.ports.chain.execute(bytes, signatures, signal);
    if (executed.success) return factsOf(run, pending, executed);
    // Only gas was spent.
    failed = failedFact(run, executed);
    const { failure, gas } = executed;
    const reason = failure?.reason ?? 'no reason was given';
    throw new HauloutError('transaction-refused', { reason, digest, feeMist: `${gas.netMist}` });
  } catch (error) {
    if (!isHauloutError(error, 'transaction-refused')) throw error;
    // What lies at the holder says more than a full node that calls the payment dead. Where that
    // cannot be told, it is asked for again before the wallet is.
    const isMade = await adopt(run, signal).catch((trouble: unknown) => {
      if (!isChainTrouble(trouble)) throw trouble;
      return false;
    });
    // What failed has cost its fee all the same.
    if (isMade) return failed ? [failed] : [];
    await run.append([failed ?? { kind: 'lapsed', digest, reason: error.detail.reason }]);
    run.ports.chain.forget();
    throw error;
  }
}
