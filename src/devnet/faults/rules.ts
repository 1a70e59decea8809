import type { Axis } from '../../protocol/axis.ts';
import { ROUTE_NAMES, type RouteName } from '../node/route.ts';
import { COMMON_FIELDS, type CommonAction, type Span } from './common-rules.ts';
import {
  CHANCE_FIELDS,
  checkRules,
  type Fields,
  isFlag,
  isFraction,
  isNumber,
  isSpan,
  isStatus,
  isText,
  oneOf,
} from './read-rules.ts';
import { ALWAYS, type Chance, type Rule } from './rule-book.ts';

/** What goes wrong with a storage node. */
export type FaultAction =
  | CommonAction
  /** `ms` before the request is handled, `firstByte` before the answer, `perKiB` of body both ways */
  | {
      readonly type: 'delay';
      readonly ms?: Span;
      readonly firstByte?: Span;
      readonly perKiB?: number;
    }
  /** bytes per second */
  | { readonly type: 'throttle'; readonly up?: number; readonly down?: number }
  /** the connection ends after a part of the request's body */
  | { readonly type: 'dropUpload'; readonly fraction?: number }
  | { readonly type: 'corrupt'; readonly where?: 'data' | 'index' | 'symbolSize' | 'random' }
  | { readonly type: 'otherSliver' | 'otherBlob' }
  /** metadata with another length, another hash, or another ID in front */
  | { readonly type: 'wrongLength'; readonly what?: 'length' | 'hash' | 'id' }
  | {
      readonly type: 'status';
      readonly status: number;
      /** of the envelope; without it the body is plain text, or HTML for 502 */
      readonly reason?: string;
      readonly retryAfter?: number;
      readonly noCors?: boolean;
    }
  | { readonly type: 'html' }
  | { readonly type: 'badSignature' }
  | { readonly type: 'garbageSignature'; readonly what?: 'random' | 'length' | 'infinity' }
  | { readonly type: 'wrongMessage'; readonly what?: 'epoch' | 'blob' | 'persistence' | 'intent' }
  | { readonly type: 'lieStored' | 'lieConfirm' | 'stale' | 'evict' }
  | { readonly type: 'lieStatus'; readonly answer: 'nonexistent' | 'permanent' | 'stored' }
  /** facts of the chain arrive so much later */
  | { readonly type: 'lag'; readonly ms: number };

export type FaultType = FaultAction['type'];

export const FAULT_TYPES = [
  ...(['refuse', 'blackhole', 'delay', 'throttle', 'drop', 'dropUpload', 'truncate'] as const),
  ...(['corrupt', 'otherSliver', 'otherBlob', 'wrongLength', 'status', 'html'] as const),
  ...(['badSignature', 'garbageSignature', 'wrongMessage', 'lieStored', 'lieConfirm'] as const),
  ...(['lieStatus', 'lag', 'stale', 'evict', 'restart', 'hold'] as const),
] as const satisfies readonly FaultType[];

export interface FaultMatch extends Chance {
  readonly method: string;
  readonly route: RouteName | 'any';
  readonly axis: Axis | '*';
  readonly pairs?: readonly number[];
  readonly blobId?: string;
}

export type FaultRule = Rule<FaultMatch, FaultAction>;

/** What may be left out has a value that matches everything. */
export interface FaultRuleInput {
  readonly match?: Partial<FaultMatch>;
  readonly action: FaultAction;
}

export const MATCH_ALL: FaultMatch = { method: '*', route: 'any', axis: '*', ...ALWAYS };

export function ruleOf({ match, action }: FaultRuleInput): FaultRule {
  return { match: { ...MATCH_ALL, ...match }, action };
}

const MATCH_FIELDS: Fields = {
  ...CHANCE_FIELDS,
  method: isText,
  route: oneOf('any', ...ROUTE_NAMES),
  axis: oneOf('*', 'primary', 'secondary'),
  pairs: (value) => Array.isArray(value) && value.every(isNumber),
  blobId: isText,
};

const ACTION_FIELDS: Record<FaultType, Fields> = {
  ...COMMON_FIELDS,
  delay: { ms: isSpan, firstByte: isSpan, perKiB: isNumber },
  throttle: { up: isNumber, down: isNumber },
  dropUpload: { fraction: isFraction },
  corrupt: { where: oneOf('data', 'index', 'symbolSize', 'random') },
  otherSliver: {},
  otherBlob: {},
  wrongLength: { what: oneOf('length', 'hash', 'id') },
  status: {
    'status!': isStatus,
    reason: isText,
    retryAfter: isNumber,
    noCors: isFlag,
  },
  html: {},
  badSignature: {},
  garbageSignature: { what: oneOf('random', 'length', 'infinity') },
  wrongMessage: { what: oneOf('epoch', 'blob', 'persistence', 'intent') },
  lieStored: {},
  lieConfirm: {},
  lieStatus: { 'answer!': oneOf('nonexistent', 'permanent', 'stored') },
  lag: { 'ms!': isNumber },
  stale: {},
  evict: {},
};

/**
 * Reads rules that came as JSON.
 *
 * @throws RangeError with a sentence that says which rule is wrong and why
 */
export function parseRules(value: unknown): FaultRule[] {
  checkRules(value, MATCH_FIELDS, ACTION_FIELDS);
  return (value as FaultRuleInput[]).map(ruleOf);
}
