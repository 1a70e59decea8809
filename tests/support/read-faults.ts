import type { FaultRuleInput } from '../../src/devnet/faults/rules.ts';

const SLIVER = { method: 'GET', route: 'sliver' } as const;
const METADATA = { method: 'GET', route: 'metadata' } as const;
const SYMBOLS = { route: 'symbols' } as const;

/** What a node that is read from may do, of everything that nodes of the local network can do. */
export const READ_FAULTS: readonly (readonly [string, FaultRuleInput[]])[] = [
  ['refuses connections', [{ action: { type: 'refuse' } }]],
  ['takes connections and is silent', [{ action: { type: 'blackhole' } }]],
  ['is slow', [{ action: { type: 'delay', ms: 400 } }]],
  ['sends nothing for a while', [{ action: { type: 'delay', firstByte: 400 } }]],
  ['is on a thin line', [{ action: { type: 'throttle', up: 20_000, down: 20_000 } }]],
  ['breaks off in the middle', [{ action: { type: 'drop', fraction: 0.5 } }]],
  [
    'breaks some connections',
    [{ match: { probability: 0.4 }, action: { type: 'drop', fraction: 0 } }],
  ],
  ['ends its answers too early', [{ action: { type: 'truncate', fraction: 0.9 } }]],
  ...(['data', 'index', 'symbolSize', 'random'] as const).map(
    (where): [string, FaultRuleInput[]] => [
      `changes the ${where} of slivers and symbols`,
      [
        { match: SLIVER, action: { type: 'corrupt', where } },
        { match: SYMBOLS, action: { type: 'corrupt', where: 'random' } },
      ],
    ],
  ),
  ['changes metadata', [{ match: METADATA, action: { type: 'corrupt', where: 'random' } }]],
  ['gives another sliver of the blob', [{ match: SLIVER, action: { type: 'otherSliver' } }]],
  ['gives slivers of another blob', [{ match: SLIVER, action: { type: 'otherBlob' } }]],
  ['gives metadata of another blob', [{ match: METADATA, action: { type: 'otherBlob' } }]],
  ...(['length', 'hash', 'id'] as const).map((what): [string, FaultRuleInput[]] => [
    `gives metadata with another ${what}`,
    [{ match: METADATA, action: { type: 'wrongLength', what } }],
  ]),
  ...([404, 429, 500, 502, 503] as const).map((status): [string, FaultRuleInput[]] => [
    `answers ${status} without an envelope`,
    [{ action: { type: 'status', status } }],
  ]),
  ['denies slivers', [statusOf(404, 'SLIVER_NOT_FOUND')]],
  ['blocks the blob', [statusOf(451, 'FORBIDDEN_BLOB')]],
  ['says that it lost its shards', [statusOf(400, 'SHARD_NOT_ASSIGNED')]],
  ['stands behind a page that says 200', [{ action: { type: 'html' } }]],
  ['denies what it has', [{ action: { type: 'lieStatus', answer: 'nonexistent' } }]],
  ['invents a life of the blob', [{ action: { type: 'lieStatus', answer: 'permanent' } }]],
  ['lives in the last epoch', [{ action: { type: 'stale' } }]],
  ['dies and comes back', [{ match: { times: 1 }, action: { type: 'restart', ms: 100 } }]],
  [
    'lies about everything',
    [
      { match: { ...SLIVER }, action: { type: 'corrupt', where: 'data' } },
      { match: { ...METADATA }, action: { type: 'wrongLength', what: 'hash' } },
      { match: { ...SYMBOLS }, action: { type: 'corrupt', where: 'random' } },
      { match: { route: 'status' }, action: { type: 'lieStatus', answer: 'nonexistent' } },
    ],
  ],
];

function statusOf(status: number, reason: string): FaultRuleInput {
  return { action: { type: 'status', status, reason } };
}
