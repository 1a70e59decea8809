import { quorumWeight } from '../protocol/committee.ts';
import { HauloutError } from '../protocol/errors.ts';
import { PutState } from './put-state.ts';
import type { PutBlob, PutOutcome, TransferDoors } from './put-types.ts';
import { Round } from './round.ts';

/** Epochs that may end during one upload. */
const MAX_ROUNDS = 10;

/**
 * Brings a blob to the storage nodes and collects a certificate. Nodes hold what they took when this rejects: the
 * facts that were told make a later try send only what is missing.
 *
 * @param signal ends everything, also the tail
 * @returns as soon as there is a quorum
 * @throws HauloutError 'quorum-unreached', 'blob-refused', 'aborted'; what `put.committee`, `put.slivers` and
 *   `put.registration` reject with
 */
export async function putBlob(
  doors: TransferDoors,
  put: PutBlob,
  signal: AbortSignal,
): Promise<PutOutcome> {
  if (signal.aborted) throw new HauloutError('aborted', {}, { cause: signal.reason });
  let committee = await put.committee();
  const state = new PutState(doors, put, committee.shardCount);
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) {
    const end = await new Round(state, committee, signal).run();
    if (end.kind === 'certified') return end.outcome;
    committee = end.committee;
  }
  const need = quorumWeight(committee.shardCount);
  throw new HauloutError('quorum-unreached', { have: 0, need });
}
