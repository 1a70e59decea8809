import { HauloutError } from '../../protocol/errors.ts';
import { deferred } from '../deferred.ts';

export interface Gathering<T> {
  /** what is enough, in any unit */
  readonly need: number;
  /** in the order in which they are asked */
  readonly candidates: Iterable<T>;
  /** what a candidate is expected to bring */
  promises(candidate: T): number;
  /**
   * Asks one.
   *
   * @param late to be called when it takes longer than it should: another one is asked as well
   * @returns what it brought, 0 if nothing
   * @throws what ends the whole
   */
  ask(candidate: T, signal: AbortSignal, late: () => void): Promise<number>;
}

/**
 * Asks as many candidates as are expected to be enough, and further ones in the place of those that bring less or are
 * late. Ends as soon as there is enough; who is still asked then is stopped.
 *
 * @returns what was brought; less than `need` once nobody is left
 * @throws HauloutError 'aborted', and what `ask` throws
 */
export async function gather<T>(
  { need, candidates, promises, ask }: Gathering<T>,
  signal: AbortSignal,
): Promise<number> {
  const queue = candidates[Symbol.iterator]();
  const over = new AbortController();
  const end = deferred<number>();
  let got = 0;
  let expected = 0;
  let running = 0;
  const more = () => {
    while (got + expected < need && !over.signal.aborted) {
      const next = queue.next();
      if (next.done) break;
      void begin(next.value);
    }
    if (running === 0) end.resolve(got);
  };
  const begin = async (candidate: T) => {
    let promised = promises(candidate);
    running++;
    expected += promised;
    const drop = () => {
      expected -= promised;
      promised = 0;
    };
    try {
      const own = AbortSignal.any([signal, over.signal]); // each its own: listeners do not pile up on one
      const brought = await ask(candidate, own, () => {
        drop();
        more();
      });
      got += brought;
    } catch (error) {
      end.reject(error);
      over.abort();
    }
    running--;
    drop();
    if (got < need) return more();
    end.resolve(got);
    over.abort();
  };
  const abort = () => {
    end.reject(new HauloutError('aborted', {}, { cause: signal.reason }));
    over.abort();
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (!signal.aborted) more();
    return await end.promise;
  } finally {
    signal.removeEventListener('abort', abort);
    over.abort();
  }
}
