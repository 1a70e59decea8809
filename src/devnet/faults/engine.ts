import type { Route } from '../node/route.ts';
import { fitsMethod, isWhole, type Rule, RuleBook } from './rule-book.ts';
import {
  type FaultAction,
  type FaultMatch,
  type FaultRuleInput,
  type FaultType,
  MATCH_ALL,
  ruleOf,
} from './rules.ts';

/** Decides which fault, if any, meets a request to a storage node. */
export class FaultEngine extends RuleBook<FaultMatch, FaultAction> {
  setRules(rules: readonly FaultRuleInput[]): void {
    this.replace(rules.map(ruleOf));
  }

  pick(method: string, route: Route | undefined): FaultAction | undefined {
    return this.strike((rule) => rule.action.type !== 'lag' && fits(rule, method, route));
  }

  /** A fault of the node as a whole, such as `refuse` or `lag`. */
  standing<T extends FaultType>(type: T): Extract<FaultAction, { type: T }> | undefined {
    const found = this.rules.find((rule) => rule.action.type === type && isWhole(rule, MATCH_ALL));
    return found?.action as Extract<FaultAction, { type: T }> | undefined;
  }
}

function fits(
  { match }: Rule<FaultMatch, FaultAction>,
  method: string,
  route: Route | undefined,
): boolean {
  if (!fitsMethod(match.method, method)) return false;
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
