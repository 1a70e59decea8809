import { isHauloutError } from '../../protocol/errors.ts';
import type { DriveContext } from './drive-intent.ts';
import type { EarlyUploads } from './early-uploads.ts';
import type { IntentRun } from './intent-run.ts';
import { pay } from './pay.ts';
import { settle } from './settle.ts';
import type { StoreState } from './types.ts';

/** An intent, and what is given to and told by the work on it. */
export interface Work {
  readonly run: IntentRun;
  readonly context: DriveContext;
  readonly early: EarlyUploads;
}

/**
 * Asks for one payment after the other. While the wallet is open, nodes that buffer are sent slivers.
 *
 * @returns why not all are paid; those that are go on all the same
 * @throws HauloutError 'aborted'
 */
export async function payAll(works: readonly Work[]): Promise<unknown> {
  for (const work of works) {
    try {
      await payOne(work);
    } catch (error) {
      if (isHauloutError(error, 'aborted')) throw error;
      return error;
    } finally {
      work.context.onState(undefined);
    }
  }
  return undefined;
}

async function payOne({ run, context, early }: Work): Promise<void> {
  const { signal, onCondition } = context;
  const onState = (state: StoreState) => {
    context.onState(state);
    if (state === 'in-wallet') early.begin(context);
  };
  if (run.state.pending?.purpose === 'register') {
    onState('settling');
    await settle(run, signal, onCondition);
  }
  if (run.state.phase !== 'planned' && run.state.phase !== 'keyed') return;
  try {
    await pay(run, signal, onState, onCondition);
    early.paid();
  } catch (error) {
    early.unpaid(error);
    throw error;
  }
}
