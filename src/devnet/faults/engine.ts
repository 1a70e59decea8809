import type { Random } from '../../protocol/ports.ts';
import type { Route } from '../node/route.ts';
import { fraction } from '../seeded-random.ts';
import {
  type FaultAction,
  type FaultRule,
  type FaultRuleInput,
  type FaultType,
  ruleOf,
} from './rules.ts';

interface Counted {
  readonly rule: FaultRule;
  matches: number;
  hits: number;
}

interface Held {
  readonly name: string;
  release(): void;
}

/** Decides which fault, if any, meets a request. The same requests under the same seed meet the same faults. */
export class FaultEngine {
  readonly random: Random;
  #rules: Counted[] = [];
  #held: Held[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  get rules(): readonly FaultRule[] {
    return this.#rules.map(({ rule }) => rule);
  }

  /** how often each rule struck, in their order */
  get hits(): readonly number[] {
    return this.#rules.map(({ hits }) => hits);
  }

  /** Replaces all rules; counts start again. */
  setRules(rules: readonly FaultRuleInput[]): void {
    this.#rules = rules.map((rule) => ({ rule: ruleOf(rule), matches: 0, hits: 0 }));
  }

  /** The action of the first rule that matches. */
  pick(method: string, route: Route | undefined): FaultAction | undefined {
    for (const counted of this.#rules) {
      const { match, action } = counted.rule;
      if (action.type === 'lag' || !fits(counted.rule, method, route)) continue;
      counted.matches += 1;
      if (counted.matches <= match.afterN) continue;
      if (match.times !== null && counted.hits >= match.times) continue;
      if (match.probability < 1 && fraction(this.random) >= match.probability) continue;
      counted.hits += 1;
      return action;
    }
    return undefined;
  }

  /** A fault of the node as a whole, such as `refuse` or `lag`. */
  standing<T extends FaultType>(type: T): Extract<FaultAction, { type: T }> | undefined {
    const found = this.#rules.find(({ rule }) => rule.action.type === type && isWhole(rule));
    return found?.rule.action as Extract<FaultAction, { type: T }> | undefined;
  }

  /** Waits until `release` is called with this name. */
  hold(name: string): Promise<void> {
    return new Promise((resolve) => this.#held.push({ name, release: resolve }));
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

/** Whether a rule is about the node and not about some requests. */
function isWhole({ match }: FaultRule): boolean {
  const all = match.method === '*' && match.route === 'any' && match.axis === '*';
  return all && match.pairs === undefined && match.blobId === undefined && match.probability === 1;
}

function fits({ match }: FaultRule, method: string, route: Route | undefined): boolean {
  // Preflights are the browser's: they fail only where a rule says so.
  if (match.method === '*' ? method === 'OPTIONS' : match.method !== method) return false;
  if (match.route !== 'any' && match.route !== route?.name) return false;
  if (
    match.blobId !== undefined &&
    (!route || !('blobId' in route) || route.blobId !== match.blobId)
  ) {
    return false;
  }
  const wantsSliver = match.axis !== '*' || match.pairs !== undefined;
  if (!wantsSliver) return true;
  if (route === undefined || !('axis' in route)) return false;
  if (match.axis !== '*' && match.axis !== route.axis) return false;
  return match.pairs === undefined || ('pair' in route && match.pairs.includes(route.pair));
}
