import type { ProfileName } from '../../src/devnet/committee.ts';
import type { FaultAction, FaultRuleInput } from '../../src/devnet/faults/rules.ts';

/** Something that goes wrong while a blob is read or written. */
export interface FailureCase {
  readonly call: 'read' | 'write';
  readonly what: string;
  readonly profile: ProfileName;
  /** what these nodes do */
  readonly nodes: readonly number[];
  readonly rules: readonly FaultRuleInput[];
  /** whether enough is left: else the right end is an error, and soon */
  readonly canSucceed: boolean;
}

const SLIVER = { method: 'GET', route: 'sliver' } as const;
const METADATA = { method: 'GET', route: 'metadata' } as const;
const CONFIRM = { route: 'confirmation' } as const;
const GONE = { type: 'status', status: 404, reason: 'SLIVER_NOT_FOUND' } as const;
/** Of 13 nodes with a shard each: one, as many as may fail, and so many that just enough are left. */
const ONE = [6];
const F = [2, 5, 8, 11];
const ALL_BUT_ENOUGH = [0, 2, 3, 5, 6, 8, 9, 11];
const SLOW_MS = 3_000;

type Rest = Partial<Omit<FailureCase, 'call' | 'what' | 'nodes' | 'rules'>>;

function caseOf(
  call: FailureCase['call'],
  what: string,
  nodes: readonly number[],
  wrong: FaultAction | readonly FaultRuleInput[],
  rest: Rest = {},
): FailureCase {
  const rules = 'type' in wrong ? [{ action: wrong }] : wrong;
  return { call, what, nodes, rules, profile: 'wide', canSucceed: true, ...rest };
}

const LIGHT = { profile: 'skewed' } as const;

export const FAILURE_CASES: readonly FailureCase[] = [
  caseOf('read', 'nothing', [], []),
  caseOf('read', 'four of 13 nodes refuse connections', F, { type: 'refuse' }),
  caseOf('read', 'four nodes break off in the middle', F, { type: 'drop', fraction: 0.5 }),
  caseOf('read', 'four nodes end their answers too early', F, { type: 'truncate', fraction: 0.9 }),
  caseOf('read', 'four nodes stand behind a page that says 200', F, { type: 'html' }),
  caseOf('read', 'four nodes are silent', F, { type: 'blackhole' }),
  caseOf('read', 'four nodes take 3 s for each answer', F, { type: 'delay', ms: SLOW_MS }),
  caseOf('read', 'one node changes bytes of slivers', ONE, [
    { match: SLIVER, action: { type: 'corrupt', where: 'data' } },
  ]),
  caseOf('read', 'four nodes change bytes of slivers', F, [
    { match: SLIVER, action: { type: 'corrupt', where: 'data' } },
  ]),
  caseOf('read', 'one node gives slivers of another blob', ONE, [
    { match: SLIVER, action: { type: 'otherBlob' } },
  ]),
  caseOf('read', 'four nodes give other metadata', F, [
    { match: METADATA, action: { type: 'wrongLength', what: 'hash' } },
  ]),
  caseOf('read', 'exactly n - 2f slivers are left', ALL_BUT_ENOUGH, [
    { match: SLIVER, action: GONE },
    { match: { route: 'symbols' }, action: GONE },
  ]),
  caseOf(
    'read',
    'one sliver less is left',
    [...ALL_BUT_ENOUGH, 12],
    [
      { match: SLIVER, action: GONE },
      { match: { route: 'symbols' }, action: GONE },
    ],
    { canSucceed: false },
  ),
  caseOf(
    'read',
    'four of five nodes are down, and have 4 of 13 shards',
    [1, 2, 3, 4],
    { type: 'refuse' },
    LIGHT,
  ),
  caseOf('write', 'nothing', [], []),
  caseOf('write', 'four of 13 nodes refuse connections', F, { type: 'refuse' }),
  caseOf('write', 'four nodes break off uploads', F, { type: 'dropUpload' }),
  caseOf('write', 'four nodes end their answers too early', F, { type: 'truncate' }),
  caseOf('write', 'four nodes stand behind a page that says 200', F, { type: 'html' }),
  caseOf('write', 'four nodes are silent', F, { type: 'blackhole' }),
  caseOf('write', 'four nodes take 3 s for each answer', F, { type: 'delay', ms: SLOW_MS }),
  caseOf('write', 'one node signs with another key', ONE, [
    { match: CONFIRM, action: { type: 'badSignature' } },
  ]),
  caseOf('write', 'one node gives a signature that is none', ONE, [
    { match: CONFIRM, action: { type: 'garbageSignature' } },
  ]),
  caseOf('write', 'one node gives a signature of another length', ONE, [
    { match: CONFIRM, action: { type: 'garbageSignature', what: 'length' } },
  ]),
  caseOf('write', 'one node signs another epoch', ONE, [
    { match: CONFIRM, action: { type: 'wrongMessage', what: 'epoch' } },
  ]),
  caseOf('write', 'four nodes say stored and store nothing', F, [
    { match: { method: 'PUT', route: 'sliver' }, action: { type: 'lieStored' } },
  ]),
  caseOf(
    'write',
    'four of five nodes are down, and have 4 of 13 shards',
    [1, 2, 3, 4],
    { type: 'refuse' },
    LIGHT,
  ),
  caseOf(
    'write',
    'one of five nodes is down, and has 9 of 13 shards',
    [0],
    { type: 'refuse' },
    { ...LIGHT, canSucceed: false },
  ),
];
