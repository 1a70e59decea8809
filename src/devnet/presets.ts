import { faultyShards } from '../protocol/committee.ts';
import type { Random } from '../protocol/ports.ts';
import type { FaultRuleInput } from './faults/rules.ts';
import type { ServiceName } from './network-options.ts';
import { seededRandom } from './seeded-random.ts';
import type { ServiceRuleInput } from './service/service-faults.ts';
import type { ChainFaultSettings } from './sui/faults.ts';

/** Everything that goes wrong on a bad day. */
export interface FaultPlan {
  /** per node; the others have none */
  readonly nodes: ReadonlyMap<number, readonly FaultRuleInput[]>;
  readonly services: Partial<Record<ServiceName, readonly ServiceRuleInput[]>>;
  readonly chain: Partial<ChainFaultSettings>;
  /** the next epoch starts when so many slivers were sent to nodes from now on */
  readonly epochAfterSlivers: number | undefined;
}

/** What a preset has to know of the network. */
export interface PresetWorld {
  /** shards of each node, in node order */
  readonly weights: readonly number[];
  readonly seed: string;
}

interface Preset {
  readonly sentence: string;
  plan(world: PresetWorld, random: Random): Partial<FaultPlan>;
}

const GET_SLIVER = { method: 'GET', route: 'sliver' } as const;
const LIES: readonly (readonly FaultRuleInput[])[] = [
  [
    { match: GET_SLIVER, action: { type: 'corrupt', where: 'data' } },
    { match: { route: 'metadata', method: 'GET' }, action: { type: 'wrongLength' } },
    { match: { route: 'confirmation' }, action: { type: 'badSignature' } },
    { match: { route: 'status' }, action: { type: 'lieStatus', answer: 'nonexistent' } },
  ],
  [
    { match: GET_SLIVER, action: { type: 'otherSliver' } },
    { match: { route: 'metadata', method: 'GET' }, action: { type: 'otherBlob' } },
    { match: { route: 'confirmation' }, action: { type: 'wrongMessage', what: 'blob' } },
    { match: { route: 'status' }, action: { type: 'lieStatus', answer: 'permanent' } },
  ],
  [
    { match: GET_SLIVER, action: { type: 'truncate', fraction: 0.9 } },
    { match: { route: 'confirmation' }, action: { type: 'garbageSignature' } },
    { match: { route: 'metadata', method: 'GET' }, action: { type: 'html' } },
  ],
  // On its own: a node that keeps nothing has neither slivers nor signatures to lie about otherwise.
  [
    { match: { route: 'sliver', method: 'PUT' }, action: { type: 'lieStored' } },
    { match: { route: 'confirmation' }, action: { type: 'lieConfirm' } },
    { match: { route: 'sliverStatus' }, action: { type: 'lieStatus', answer: 'stored' } },
  ],
];
const FLAKY: readonly FaultRuleInput[] = [
  { match: { probability: 0.04 }, action: { type: 'status', status: 503, retryAfter: 1 } },
  { match: { probability: 0.03 }, action: { type: 'drop', fraction: 0.5 } },
  { match: { probability: 0.03 }, action: { type: 'status', status: 500 } },
];
const SLOW: readonly FaultRuleInput[] = [
  { action: { type: 'delay', ms: [1_000, 3_000], perKiB: 1 } },
];
const LAG: readonly FaultRuleInput[] = [{ action: { type: 'lag', ms: 4_000 } }];
const UPLOAD = { method: 'POST', path: '/v1/blob-upload-relay', times: 1 } as const;

/** Named bad days. All stay within what the network is made to bear, apart from their effect on one request. */
export const PRESETS = {
  'one-third-down': {
    sentence: 'As many nodes as may fail, up to a third of the shards, do not answer at all.',
    plan: ({ weights }, random) => ({
      nodes: new Map(
        upToF(weights, random).map((node) => [node, [{ action: { type: 'refuse' } }]]),
      ),
    }),
  },
  'slow-third': {
    sentence: 'Up to a third of the shards are on nodes that take seconds for everything.',
    plan: ({ weights }, random) => ({
      nodes: new Map(upToF(weights, random).map((node) => [node, SLOW])),
    }),
  },
  liars: {
    sentence:
      'Up to a third of the shards are on nodes that lie about slivers, metadata and signatures.',
    plan: ({ weights }, random) => ({
      nodes: new Map(upToF(weights, random).map((node, i) => [node, liesOf(i)])),
    }),
  },
  flaky: {
    sentence: 'One request in ten fails on every node.',
    plan: ({ weights }) => ({ nodes: new Map(weights.map((_, node) => [node, FLAKY])) }),
  },
  'epoch-change-mid-upload': {
    sentence: 'When half of the slivers of the next upload have been sent, an epoch ends.',
    plan: ({ weights }) => ({ epochAfterSlivers: sum(weights) }),
  },
  'relay-dies': {
    sentence: "The relay's first answer is lost; at the second upload it dies for three seconds.",
    plan: () => ({
      services: {
        relay: [
          { match: UPLOAD, action: { type: 'drop', fraction: 0 } },
          { match: UPLOAD, action: { type: 'restart', ms: 3_000 } },
        ],
      },
    }),
  },
  'chain-lag': {
    sentence: 'The full node is seconds behind, and the nodes hear of everything late.',
    plan: ({ weights }) => ({
      nodes: new Map(weights.map((_, node) => [node, LAG])),
      chain: { finalityDelayMs: 3_000, staleReadMs: 2_000, answerDelayMs: 500 },
    }),
  },
  storm: {
    sentence: 'All of it at once: a third of the shards down, slow or lying, the rest unsure.',
    plan: ({ weights }, random) => {
      const bad = upToF(weights, random);
      const kinds = [[{ action: { type: 'refuse' } } as const], SLOW]; // the third lies
      const first = random.below(3 * LIES.length);
      const rulesOf = (node: number): readonly FaultRuleInput[] => {
        if (!bad.includes(node)) return [...FLAKY, ...LAG];
        const at = first + bad.indexOf(node);
        return kinds[at % 3] ?? liesOf(Math.floor(at / 3));
      };
      return {
        nodes: new Map(weights.map((_, node) => [node, rulesOf(node)])),
        services: {
          relay: [{ match: UPLOAD, action: { type: 'drop', fraction: 0 } }],
          aggregator: [
            { match: { probability: 0.2 }, action: { type: 'corrupt' } },
            { match: { probability: 0.1 }, action: { type: 'staleNotFound' } },
          ],
          rpc: [{ match: { probability: 0.02 }, action: { type: 'drop', fraction: 0 } }],
        },
        chain: { finalityDelayMs: 1_000, staleReadMs: 500, dropAnswers: 1 },
      };
    },
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

export function isPreset(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}

/** What a bad day does to a network. The same network under the same seed has the same day. */
export function planOf(name: PresetName, world: PresetWorld): FaultPlan {
  const random = seededRandom(world.seed, `preset ${name}`);
  const preset: Preset = PRESETS[name];
  const nothing = { nodes: new Map(), services: {}, chain: {}, epochAfterSlivers: undefined };
  return { ...nothing, ...preset.plan(world, random) };
}

function liesOf(at: number): readonly FaultRuleInput[] {
  return LIES[at % LIES.length] ?? [];
}

/** Nodes drawn at random as long as they hold f shards or fewer together; ascending. */
function upToF(weights: readonly number[], random: Random): number[] {
  const order = weights.map((_, node) => node);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  let left = faultyShards(sum(weights));
  const chosen = order.filter((node) => {
    const weight = weights[node] ?? 0;
    if (weight > left) return false;
    left -= weight;
    return true;
  });
  return chosen.sort((a, b) => a - b);
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
