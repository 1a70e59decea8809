import type { Random } from '../../protocol/ports.ts';
import { fraction } from '../seeded-random.ts';

/** When a rule strikes, among the requests that it is about. */
export interface Chance {
  readonly probability: number;
  /** how often at most; null: without limit */
  readonly times: number | null;
  /** matches that are let through first */
  readonly afterN: number;
}

export const ALWAYS: Chance = { probability: 1, times: null, afterN: 0 };

export interface Rule<Match, Action> {
  readonly match: Match;
  readonly action: Action;
}

interface Counted<Match, Action> {
  readonly rule: Rule<Match, Action>;
  matches: number;
  hits: number;
}

interface Held {
  readonly name: string;
  release(): void;
}

/** Rules about what goes wrong, and what they hold back. The same requests under the same seed meet the same faults. */
export class RuleBook<Match extends Chance, Action> {
  readonly random: Random;
  #rules: Counted<Match, Action>[] = [];
  #held: Held[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  get rules(): readonly Rule<Match, Action>[] {
    return this.#rules.map(({ rule }) => rule);
  }

  /** how often each rule struck, in their order */
  get hits(): readonly number[] {
    return this.#rules.map(({ hits }) => hits);
  }

  /** Replaces all rules; counts start again. */
  protected replace(rules: readonly Rule<Match, Action>[]): void {
    this.#rules = rules.map((rule) => ({ rule, matches: 0, hits: 0 }));
  }

  /** The action of the first rule that fits and strikes. */
  protected strike(fits: (rule: Rule<Match, Action>) => boolean): Action | undefined {
    for (const counted of this.#rules) {
      const { match, action } = counted.rule;
      if (!fits(counted.rule)) continue;
      counted.matches += 1;
      if (counted.matches <= match.afterN) continue;
      if (match.times !== null && counted.hits >= match.times) continue;
      if (match.probability < 1 && fraction(this.random) >= match.probability) continue;
      counted.hits += 1;
      return action;
    }
    return undefined;
  }

  /**
   * Waits until `release` is called with this name, or until `over` settles.
   *
   * @returns whether it was released
   */
  async hold(name: string, over: Promise<void>): Promise<boolean> {
    let held: Held | undefined;
    const end = new Promise<boolean>((resolve) => {
      held = { name, release: () => resolve(true) };
      this.#held.push(held);
      void over.then(() => resolve(false));
    });
    const isReleased = await end;
    this.#held = this.#held.filter((each) => each !== held);
    return isReleased;
  }

  /** names of what waits */
  get held(): readonly string[] {
    return this.#held.map(({ name }) => name);
  }

  /** Lets everything go that waits under this name. @returns how many that were */
  release(name: string): number {
    const free = this.#held.filter((held) => held.name === name);
    this.#held = this.#held.filter((held) => held.name !== name);
    for (const held of free) held.release();
    return free.length;
  }
}

/** Whether a rule is about a server as a whole: it asks no more of a request than `all`, which all meet. */
export function isWhole<Match extends Chance>({ match }: { match: Match }, all: Match): boolean {
  return Object.entries(match).every(([name, value]) => all[name as keyof Match] === value);
}

/** Whether a rule about `wanted` is about requests of this method. Preflights are the browser's: only by name. */
export function fitsMethod(wanted: string, method: string): boolean {
  return wanted === '*' ? method !== 'OPTIONS' : wanted === method;
}
