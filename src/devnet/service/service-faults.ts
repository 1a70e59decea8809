import type { CommonAction, Span } from '../faults/common-rules.ts';
import { ALWAYS, type Chance, fitsMethod, isWhole, RuleBook } from '../faults/rule-book.ts';

/** What goes wrong with a relay, an aggregator, a full node or a faucet as a whole. */
export type ServiceAction =
  | CommonAction
  | { readonly type: 'html' }
  /** `ms` before the request is handled, `firstByte` before its answer */
  | { readonly type: 'delay'; readonly ms?: Span; readonly firstByte?: Span }
  /** bytes per second of the answer */
  | { readonly type: 'throttle'; readonly down: number }
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
  | { readonly type: 'wrongCertificate'; readonly what?: 'signature' | 'signers' | 'message' };

export type ServiceFaultType = ServiceAction['type'];

export interface ServiceMatch extends Chance {
  readonly method: string;
  /** a part of the path and query */
  readonly path: string;
}

export interface ServiceRuleInput {
  readonly match?: Partial<ServiceMatch>;
  readonly action: ServiceAction;
}

const MATCH_ALL: ServiceMatch = { method: '*', path: '', ...ALWAYS };

/** Decides which fault, if any, meets a request to a service. */
export class ServiceFaults extends RuleBook<ServiceMatch, ServiceAction> {
  setRules(rules: readonly ServiceRuleInput[]): void {
    this.replace(rules.map(({ match, action }) => ({ match: { ...MATCH_ALL, ...match }, action })));
  }

  /** Whether the port is to be closed. */
  get refuses(): boolean {
    return this.rules.some((rule) => rule.action.type === 'refuse' && isWhole(rule, MATCH_ALL));
  }

  pick(method: string, path: string): ServiceAction | undefined {
    return this.strike(
      ({ match }) => fitsMethod(match.method, method) && path.includes(match.path),
    );
  }
}
