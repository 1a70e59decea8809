import type { Clock } from '../protocol/ports.ts';

/** Messages that the kernel hashes side by side. */
export type HashWidth = 2 | 3;

/** Groups before the first that counts: code that has become hot is compiled anew meanwhile. */
const WARM_GROUPS = 64;
/** Groups that are compared, half of them with each width. */
const JUDGED_GROUPS = 32;

/**
 * Finds out while blobs are encoded whether this processor hashes pairs or trios of messages faster:
 * trios take a third less time on some, pairs on others. Nothing but the speed depends on it.
 */
export class HashWidthChoice {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #times: Record<HashWidth, number[]> = { 2: [], 3: [] };
  #group = 0;
  #begin = 0;
  #best: HashWidth | undefined;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Call before the trees of a whole group are hashed. @returns the width to use */
  begin(): HashWidth {
    if (this.#best !== undefined) return this.#best;
    this.#begin = this.#clock.monotonic();
    const everyFourth = this.#group % 4 === 3;
    const everyOther = this.#group % 2 === 1;
    return (this.#group < WARM_GROUPS ? everyFourth : everyOther) ? 3 : 2;
  }

  /** Call after that. */
  end(width: HashWidth): void {
    if (this.#best !== undefined) return;
    if (this.#group++ < WARM_GROUPS) return;
    this.#times[width].push(this.#clock.monotonic() - this.#begin);
    if (this.#group < WARM_GROUPS + JUDGED_GROUPS) return;
    this.#best = undisturbed(this.#times[3]) < undisturbed(this.#times[2]) ? 3 : 2;
  }
}

/** The sum of the shorter half: what took longer had other work of the machine in between. */
function undisturbed(times: readonly number[]): number {
  const half = times.toSorted((a, b) => a - b).slice(0, times.length >> 1);
  return half.reduce((sum, time) => sum + time, 0);
}
