import type { SystemView } from '../../chain/chain-client.ts';
import { HauloutError } from '../../protocol/errors.ts';

type Periods = Pick<SystemView, 'epoch' | 'epochEndsMs' | 'epochDurationMs' | 'maxEpochsAhead'>;

/**
 * The epoch in which storage ends, exclusive. A date is rounded up to the end of an epoch.
 *
 * @param choice `epochs` counts the running one; `until` is wall time in ms
 * @throws HauloutError 'argument-invalid' unless it is from 1 to `maxEpochsAhead` epochs
 */
export function endEpochFor(
  system: Periods,
  choice: { readonly epochs?: number; readonly until?: number },
): number {
  const { epoch, epochEndsMs, epochDurationMs, maxEpochsAhead } = system;
  const { until } = choice;
  const epochs =
    choice.epochs ??
    (until === undefined ? Number.NaN : 1 + Math.ceil((until - epochEndsMs) / epochDurationMs));
  const counted = choice.epochs === undefined ? Math.max(1, epochs) : epochs;
  if (!Number.isInteger(counted) || counted < 1 || counted > maxEpochsAhead) {
    const name = choice.epochs === undefined ? 'until' : 'epochs';
    throw new HauloutError('argument-invalid', {
      name,
      reason: `not 1 to ${maxEpochsAhead} epochs`,
    });
  }
  return epoch + counted;
}

/** Wall time in ms at which storage with this (exclusive) end stops, by the present schedule. */
export function endsMs(system: Periods, endEpoch: number): number {
  const { epoch, epochEndsMs, epochDurationMs } = system;
  return epochEndsMs + (endEpoch - epoch - 1) * epochDurationMs;
}
