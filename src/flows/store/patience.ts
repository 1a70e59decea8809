import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { Clock, Random } from '../../protocol/ports.ts';
import type { Condition } from './types.ts';

/** Gaps between tries: they double, with some chance in them, up to `longestMs`. */
export interface Patience {
  readonly firstMs: number;
  readonly longestMs: number;
  /** from the first failure on; then the last error stands */
  readonly totalMs: number;
}

/** For reads and sends that a full node may miss for a while. */
export const CHAIN_PATIENCE: Patience = { firstMs: 300, longestMs: 8_000, totalMs: 120_000 };

/**
 * Does something again until it succeeds, fails for good, or patience ends.
 *
 * @param isPassing whether an error may go away by itself
 * @param onCondition told what is waited for, and once that is over
 */
export async function persist<T>(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  { firstMs, longestMs, totalMs }: Patience,
  work: () => Promise<T>,
  isPassing: (error: unknown) => boolean,
  signal: AbortSignal,
  onCondition?: (condition: Condition | undefined) => void,
): Promise<T> {
  let endMs: number | undefined;
  for (let gapMs = firstMs; ; gapMs = Math.min(longestMs, gapMs * 2)) {
    if (signal.aborted) throw new HauloutError('aborted', {});
    try {
      const done = await work();
      if (endMs !== undefined) onCondition?.(undefined);
      return done;
    } catch (error) {
      const nowMs = clock.monotonic();
      endMs ??= nowMs + totalMs;
      if (!isPassing(error) || nowMs >= endMs) throw error;
      const waitMs = gapMs / 2 + random.below(Math.ceil(gapMs / 2) + 1);
      if (isHauloutError(error)) onCondition?.({ error, retryAtMs: nowMs + waitMs });
      await clock.sleep(waitMs, signal);
    }
  }
}

/** The full node was not reached, or its answer was lost before anything was decided. */
export function isChainTrouble(error: unknown): boolean {
  return isHauloutError(error, 'chain-unavailable');
}
