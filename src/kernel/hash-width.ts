import type { Clock } from '../protocol/ports.ts';

/** Messages that the kernel hashes side by side. */
export type HashWidth = 2 | 3;

/** Groups before the first that counts: code that has become hot is compiled anew meanwhile. */
const WARM_GROUPS = 64;
/** Groups that are compared, half of them with each width. */
const JUDGED_GROUPS = 32;

/** What is hashed: groups of columns by those who write, rows by those who read. */
export type Hashed = 'columns' | 'rows';

interface Trial {
  readonly times: Record<HashWidth, number[]>;
  group: number;
}

/**
 * Finds out while blobs are encoded or read whether this processor hashes pairs or trios of messages
 * faster: trios take a third less time on some, pairs on others. Nothing but the speed depends on it.
 */
export class HashWidthChoice {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** Only times of the same work are compared; whichever is judged first decides for both. */
  readonly #trials: Record<Hashed, Trial> = { columns: newTrial(), rows: newTrial() };
  #begin = 0;
  #best: HashWidth | undefined;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** The width for what is too short to be timed. */
  get best(): HashWidth {
    return this.#best ?? 2;
  }

  /** Call before the trees of a whole group are hashed. @returns the width to use */
  begin(what: Hashed): HashWidth {
    if (this.#best !== undefined) return this.#best;
    this.#begin = this.#clock.monotonic();
    const { group } = this.#trials[what];
    const everyFourth = group % 4 === 3;
    const everyOther = group % 2 === 1;
    return (group < WARM_GROUPS ? everyFourth : everyOther) ? 3 : 2;
  }

  /** Call after that. */
  end(what: Hashed, width: HashWidth): void {
    if (this.#best !== undefined) return;
    const trial = this.#trials[what];
    if (trial.group++ < WARM_GROUPS) return;
    trial.times[width].push(this.#clock.monotonic() - this.#begin);
    if (trial.group < WARM_GROUPS + JUDGED_GROUPS) return;
    this.#best = undisturbed(trial.times[3]) < undisturbed(trial.times[2]) ? 3 : 2;
  }
}

function newTrial(): Trial {
  return { times: { 2: [], 3: [] }, group: 0 };
}

/** The sum of the shorter half: what took longer had other work of the machine in between. */
function undisturbed(times: readonly number[]): number {
  const half = times.toSorted((a, b) => a - b).slice(0, times.length >> 1);
  return half.reduce((sum, time) => sum + time, 0);
}
