import { isHauloutError } from '../../protocol/errors.ts';
import { adopt } from './adopt.ts';
import { type DriveContext, driveIntent } from './drive-intent.ts';
import type { IntentRun } from './intent-run.ts';
import { CHAIN_PATIENCE, isChainTrouble, persist } from './patience.ts';
import { settle } from './settle.ts';
import type { CancelReport } from './types.ts';

/**
 * Gives an intent up, in whichever of three meanings is still possible. What a wallet may have
 * executed by itself is looked for first.
 *
 * @throws HauloutError 'outcome-unknown' if it cannot be told yet whether anything was paid
 */
export async function cancelIntent(
  run: IntentRun,
  context: DriveContext,
): Promise<CancelReport['meaning']> {
  const { signal, onCondition, onState } = context;
  await settle(run, signal, onCondition).catch((error: unknown) => {
    if (!isHauloutError(error, 'transaction-refused')) throw error;
  });
  const { phase } = run.state;
  const isUnpaid = phase === 'planned' || phase === 'keyed';
  const look = () => adopt(run, signal);
  const isMade = () =>
    persist(run.ports, CHAIN_PATIENCE, look, isChainTrouble, signal, onCondition);
  if (isUnpaid && !(await isMade())) {
    await run.append([{ kind: 'dead', reason: 'cancelled' }]);
    await driveIntent(run, context);
    return 'nothing-paid';
  }
  if (phase === 'dead') return 'nothing-paid';
  if (run.state.phase === 'registered') {
    // Where the page key does not hold them, only the person's wallet can delete them.
    const { deletable } = run.state.plan;
    const deletes = deletable && run.state.key !== undefined;
    await run.append([{ kind: 'cancelled', reason: 'person', deletes }]);
  }
  onState(undefined); // it is not being sent any more
  await driveIntent(run, context).finally(() => onState(undefined)); // what it took in the end is known
  const { cancelled } = run.state;
  if (run.state.phase === 'done') return 'finished';
  return cancelled?.deletes ? 'space-kept' : 'blobs-kept';
}
