import type { Random } from '../../protocol/ports.ts';
import type { Span } from '../faults/rules.ts';
import { fraction } from '../seeded-random.ts';

/** What goes wrong with a relay, an aggregator, a full node or a faucet as a whole. */
export type ServiceAction =
  | { readonly type: 'refuse' | 'blackhole' | 'html' }
  /** `ms` before the request is handled, `firstByte` before its answer */
  | { readonly type: 'delay'; readonly ms?: Span; readonly firstByte?: Span }
  /** bytes per second of the answer */
  | { readonly type: 'throttle'; readonly down: number }
  /** the connection ends after a part of the answer's body */
  | { readonly type: 'drop'; readonly fraction?: number; readonly how?: 'fin' | 'rst' }
  | { readonly type: 'truncate'; readonly fraction?: number }
  /** a byte of a successful body is changed */
  | { readonly type: 'corrupt' }
  /** `after`: once the request was carried out */
  | {
      readonly type: 'status';
      readonly status: number;
      readonly text?: string;
      readonly retryAfter?: number;
      readonly noCors?: boolean;
      readonly after?: boolean;
    }
  /** the aggregator serves the blob that it served before another one */
  | { readonly type: 'otherBlob' }
  /** the aggregator does not know a blob, and lets caches keep that */
  | { readonly type: 'staleNotFound' }
  /** the relay's certificate would be refused by the contract */
  | { readonly type: 'wrongCertificate'; readonly what?: 'signature' | 'signers' | 'message' }
  | { readonly type: 'restart'; readonly ms?: number }
  /** the request, or the answer, waits until it is released by name */
  | { readonly type: 'hold'; readonly name: string; readonly what?: 'request' | 'answer' };

export type ServiceFaultType = ServiceAction['type'];

export interface ServiceMatch {
  readonly method: string;
  /** a part of the path and query */
  readonly path: string;
  readonly probability: number;
  /** how often at most; null: without limit */
  readonly times: number | null;
  /** matches that are let through first */
  readonly afterN: number;
}

export interface ServiceRuleInput {
  readonly match?: Partial<ServiceMatch>;
  readonly action: ServiceAction;
}

interface Counted {
  readonly match: ServiceMatch;
  readonly action: ServiceAction;
  matches: number;
  hits: number;
}

const MATCH_ALL: ServiceMatch = { method: '*', path: '', probability: 1, times: null, afterN: 0 };

/** Decides which fault, if any, meets a request to a service. First match wins. */
export class ServiceFaults {
  readonly random: Random;
  #rules: Counted[] = [];
  #held: { name: string; release(): void }[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  get rules(): readonly Required<ServiceRuleInput>[] {
    return this.#rules.map(({ match, action }) => ({ match, action }));
  }

  get hits(): readonly number[] {
    return this.#rules.map(({ hits }) => hits);
  }

  /** Replaces all rules; counts start again. */
  setRules(rules: readonly ServiceRuleInput[]): void {
    this.#rules = rules.map(({ match, action }) => {
      return { match: { ...MATCH_ALL, ...match }, action, matches: 0, hits: 0 };
    });
  }

  /** Whether the port is to be closed. */
  get refuses(): boolean {
    return this.#rules.some(({ action }) => action.type === 'refuse');
  }

  pick(method: string, path: string): ServiceAction | undefined {
    for (const rule of this.#rules) {
      const { match, action } = rule;
      if (match.method === '*' ? method === 'OPTIONS' : match.method !== method) continue;
      if (!path.includes(match.path)) continue;
      rule.matches += 1;
      if (rule.matches <= match.afterN) continue;
      if (match.times !== null && rule.hits >= match.times) continue;
      if (match.probability < 1 && fraction(this.random) >= match.probability) continue;
      rule.hits += 1;
      return action;
    }
    return undefined;
  }

  /** Waits until `release` is called with this name. */
  hold(name: string): Promise<void> {
    return new Promise((resolve) => this.#held.push({ name, release: resolve }));
  }

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
