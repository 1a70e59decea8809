import type { FaultRuleInput } from '../../../src/devnet/faults/rules.ts';

const CONFIRM = { route: 'confirmation' } as const;
const PUT_SLIVER = { method: 'PUT', route: 'sliver' } as const;
const PUT_METADATA = { method: 'PUT', route: 'metadata' } as const;

/** What a node may do all the time without being seen but as slowness, and whether it can still confirm. */
export const NODE_FAULTS: readonly (readonly [string, FaultRuleInput[], confirms: boolean])[] = [
  ['refuses connections', [{ action: { type: 'refuse' } }], false],
  ['takes connections and is silent', [{ action: { type: 'blackhole' } }], false],
  ['is slow', [{ action: { type: 'delay', ms: 50 } }], true],
  ['is on a thin line', [{ action: { type: 'throttle', up: 50_000, down: 50_000 } }], true],
  ['hears of everything late', [{ action: { type: 'lag', ms: 400 } }], true],
  ['ends its answers too early', [{ action: { type: 'truncate' } }], false],
  [
    'confirms what it threw away',
    [
      { match: PUT_SLIVER, action: { type: 'lieStored' } },
      { match: CONFIRM, action: { type: 'lieConfirm' } },
    ],
    true,
  ],
  [
    'breaks some connections',
    [{ match: { probability: 0.3 }, action: { type: 'drop', fraction: 0 } }],
    true,
  ],
  [
    'breaks some uploads',
    [{ match: { ...PUT_SLIVER, probability: 0.3 }, action: { type: 'dropUpload' } }],
    true,
  ],
  [
    'answers 503 now and then',
    [{ match: { probability: 0.3 }, action: { type: 'status', status: 503 } }],
    true,
  ],
  [
    'answers 429 for some time',
    [{ match: { times: 6 }, action: { type: 'status', status: 429 } }],
    true,
  ],
  ['stands behind a page that says 200', [{ action: { type: 'html' } }], false],
  ['signs with another key', [{ match: CONFIRM, action: { type: 'badSignature' } }], false],
  ['signs garbage', [{ match: CONFIRM, action: { type: 'garbageSignature' } }], false],
  [
    'signs with the point at infinity',
    [{ match: CONFIRM, action: { type: 'garbageSignature', what: 'infinity' } }],
    false,
  ],
  [
    'gives a signature of another length',
    [{ match: CONFIRM, action: { type: 'garbageSignature', what: 'length' } }],
    false,
  ],
  ...(['epoch', 'blob', 'persistence', 'intent'] as const).map(
    (what): [string, FaultRuleInput[], boolean] => [
      `signs another ${what}`,
      [{ match: CONFIRM, action: { type: 'wrongMessage', what } }],
      false,
    ],
  ),
  ['says stored and stores nothing', [{ match: PUT_SLIVER, action: { type: 'lieStored' } }], false],
  [
    'says metadata is stored and stores nothing',
    [{ match: PUT_METADATA, action: { type: 'lieStored' } }],
    false,
  ],
  ['lies about what it has', [{ action: { type: 'lieStatus', answer: 'stored' } }], false],
  ['denies what it has', [{ action: { type: 'lieStatus', answer: 'nonexistent' } }], true],
  ['lives in the last epoch', [{ action: { type: 'stale' } }], false],
  [
    'dies in the middle and comes back',
    [{ match: { ...PUT_SLIVER, afterN: 2, times: 1 }, action: { type: 'restart', ms: 20 } }],
    true,
  ],
  [
    'forgets what is not registered',
    [{ match: { ...PUT_SLIVER, afterN: 2, times: 1 }, action: { type: 'evict' } }],
    true,
  ],
  [
    'refuses good slivers',
    [{ match: PUT_SLIVER, action: { type: 'status', status: 400, reason: 'INVALID_SLIVER' } }],
    false,
  ],
  [
    'calls the blob invalid',
    [{ match: PUT_METADATA, action: { type: 'status', status: 400, reason: 'INVALID_BLOB' } }],
    false,
  ],
  [
    'blocks the blob',
    [{ action: { type: 'status', status: 451, reason: 'FORBIDDEN_BLOB' } }],
    false,
  ],
  [
    'has lost its shards',
    [{ match: PUT_SLIVER, action: { type: 'status', status: 400, reason: 'SHARD_NOT_ASSIGNED' } }],
    false,
  ],
];
