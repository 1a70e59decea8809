import type { FaultAction, FaultRuleInput } from '../../src/devnet/faults/rules.ts';
import type { Random } from '../../src/protocol/ports.ts';
import type { FaultName } from './config.ts';
import type { Session } from './session.ts';
import { PERFECT, type World } from './world.ts';

/** What nodes may do that are allowed to be bad. */
const BAD: readonly FaultAction[] = [
  ...([
    { type: 'refuse' },
    { type: 'blackhole' },
    { type: 'html' },
    { type: 'lieStored' },
  ] as const),
  ...([{ type: 'lieConfirm' }, { type: 'badSignature' }, { type: 'stale' }] as const),
  ...([{ type: 'evict' }, { type: 'truncate' }, { type: 'corrupt' }] as const),
  ...([{ type: 'delay', ms: [1_000, 40_000] }, { type: 'dropUpload' }] as const),
  ...(['random', 'length', 'infinity'] as const).map(
    (what) => ({ type: 'garbageSignature', what }) as const,
  ),
  ...(['epoch', 'blob', 'persistence', 'intent'] as const).map(
    (what) => ({ type: 'wrongMessage', what }) as const,
  ),
  ...(['INVALID_SLIVER', 'INVALID_BLOB'] as const).map(
    (reason) => ({ type: 'status', status: 400, reason }) as const,
  ),
  ...(['nonexistent', 'permanent', 'stored'] as const).map(
    (answer) => ({ type: 'lieStatus', answer }) as const,
  ),
];
/** What any node may do now and then. */
const FLAKY: readonly FaultAction[] = [
  ...([
    { type: 'status', status: 500 },
    { type: 'drop', fraction: 0.5 },
  ] as const),
  ...([
    { type: 'status', status: 503, retryAfter: 1 },
    { type: 'status', status: 429 },
  ] as const),
  ...([
    { type: 'delay', ms: [100, 3_000] },
    { type: 'status', status: 502 },
  ] as const),
];

const pick = <T>(random: Random, list: readonly T[]) => list[random.below(list.length)] as T;

/** A kind of trouble begins. What it does is drawn from its own stream, and ends with `heal`. */
type Arm = (world: World, session: Session, random: Random) => Promise<void> | void;

/** Something happens a few times at moments of the span. */
function moments(
  world: World,
  random: Random,
  most: number,
  name: string,
  act: () => void | Promise<void>,
): void {
  for (let left = 1 + random.below(most); left > 0; left--) {
    const atMs = random.below(world.config.spanMs);
    if (world.config.without?.includes(world.moments++)) continue;
    world.scheduler.at(atMs, 'trouble', name, () => {
      world.count(name);
      void act();
    });
  }
}

export const ARMS: { readonly [Name in FaultName]: Arm } = {
  async 'bad-nodes'(world, _session, random) {
    for (const node of world.config.badNodes) {
      const rules: FaultRuleInput[] = Array.from({ length: 1 + random.below(3) }, () => ({
        match: { probability: pick(random, [1, 1, 0.5]) },
        action: pick(random, BAD),
      }));
      await setRules(world, node, rules);
    }
  },
  async 'flaky-nodes'(world, _session, random) {
    const share = pick(random, [0.02, 0.1, 0.3]);
    for (const node of world.config.weights.keys()) {
      await setRules(world, node, [{ match: { probability: share }, action: pick(random, FLAKY) }]);
    }
  },
  'slow-links'(world, _session, random) {
    for (const host of hosts(world)) world.link(host).slowestMs = pick(random, [30, 300, 5_000]);
    world.count('slow-links');
  },
  'lost-requests'(world, _session, random) {
    for (const host of hosts(world)) world.link(host).lostRequests = random.below(200);
  },
  'lost-answers'(world, _session, random) {
    for (const host of hosts(world)) world.link(host).lostAnswers = random.below(200);
  },
  'node-restarts'(world, _session, random) {
    moments(world, random, 3, 'node-restarts', () =>
      pick(random, world.network.nodes).restart(random.below(10_000)),
    );
  },
  'node-wiped'(world, _session, random) {
    const [node] = world.config.badNodes;
    const slot = node === undefined ? undefined : world.network.nodes[node];
    if (slot === undefined) return;
    moments(world, random, 1, 'node-wiped', async () => {
      await slot.kill();
      await world.disk.remove(`nodes/${slot.identity.nodeId}`);
      await slot.start();
    });
  },
  async 'late-facts'(world, _session, random) {
    for (const node of world.config.weights.keys()) {
      await setRules(world, node, [{ action: { type: 'lag', ms: random.below(10_000) } }]);
    }
    world.count('late-facts');
  },
  'epoch-ends'(world, _session, random) {
    // The contract may refuse: the last change is not over.
    const advance = () =>
      world.network.epochs.advance().then(
        () => undefined,
        () => undefined,
      );
    moments(world, random, 2, 'epoch-ends', advance);
  },
  crash(world, session, random) {
    moments(world, random, 5, 'crash', () => session.crash(random.below(5_000)));
  },
  'power-loss'(world, session, random) {
    moments(world, random, 2, 'power-loss', () => {
      world.count('commits lost', session.profile.losePower());
      session.crash(random.below(5_000));
    });
  },
  'second-tab'(world, session, random) {
    moments(world, random, 2, 'second-tab', () => session.open());
  },
  'profile-wiped'(world, session, random) {
    // A wallet that executes by itself may do so after the person has begun again: nobody can know.
    if (random.below(3) > 0 || world.config.faults.includes('wallet')) return;
    moments(world, random, 1, 'profile-wiped', () => {
      session.wipe();
      session.crash(60_000);
    });
  },
  'endless-answers'(world, _session, random) {
    for (const node of world.config.badNodes) {
      const slot = world.network.nodes[node];
      if (slot) world.link(slot.networkAddress).endless = random.below(500);
    }
  },
  'lock-lost'(world, session, random) {
    moments(world, random, 2, 'lock-lost', () => {
      session.profile.loseLocks();
      session.open();
    });
  },
  async 'bad-relay'(world, _session, random) {
    const what = pick(random, ['signature', 'signers', 'message'] as const);
    const action = { type: 'wrongCertificate', what } as const;
    // All runs share what the network draws: of all requests, the same ones would be struck in each.
    const match = { method: 'POST', probability: pick(random, [1, 0.5]) };
    await world.network.services.relay.setFaults([{ match, action }]);
  },
  sleep(world, session, random) {
    moments(world, random, 2, 'sleep', () => session.sleep(random.below(4) * 3_600_000));
  },
  'wrong-clock'(world, session, random) {
    moments(world, random, 2, 'wrong-clock', () => {
      session.skewMs = (random.below(2) * 2 - 1) * random.below(2 ** 40);
    });
  },
  'store-full'(world, session, random) {
    moments(world, random, 2, 'store-full', () => {
      session.profile.isFull = true;
      world.scheduler.at(random.below(10_000), 'trouble', 'room again', () => {
        session.profile.isFull = false;
      });
    });
  },
  'chain-slow'(world, _session, random) {
    const faults = { finalityDelayMs: random.below(5_000), staleReadMs: random.below(3_000) };
    world.network.life.chain.faults.set({ ...faults, answerDelayMs: random.below(3_000) });
    world.count('chain-slow');
  },
  'chain-drops'(world, _session, random) {
    const drop = () => world.network.life.chain.faults.set({ dropAnswers: 1 });
    moments(world, random, 3, 'chain-drops', drop);
  },
  'chain-refuses'(world, _session, random) {
    const refuseAs = pick(random, [
      'UNAVAILABLE',
      'RESOURCE_EXHAUSTED',
      'HTTP_429',
      'HTTP_502',
    ] as const);
    moments(world, random, 3, 'chain-refuses', () =>
      world.network.life.chain.faults.set({ refuseAs, refuseRequests: 1 + random.below(4) }),
    );
  },
  'full-node-mute'(world, _session, random) {
    const muteFor = { others: random.below(3), ms: 10_000 + random.below(200_000) };
    Object.assign(world.link('rpc.test'), { muteFor });
  },
  wallet(world, session, random) {
    session.moods = Array.from({ length: 1 + random.below(3) }, () =>
      pick(random, [
        'rejects',
        'answers late',
        'never answers',
        'executes itself',
        'executes silently',
        'alters',
      ] as const),
    );
    world.count('wallet');
  },
};

/** Every fault ends: what was lost stays lost, what is down comes up. */
export async function heal(world: World, session: Session): Promise<void> {
  const { network } = world;
  for (const link of world.links.values()) Object.assign(link, PERFECT);
  network.life.chain.faults.clear();
  for (const [node, slot] of network.nodes.entries()) {
    const isBad =
      world.neverHeals.has(node) || (world.config.staysBad && world.config.badNodes.includes(node));
    await slot.setFaults(isBad ? (world.rules.get(node) ?? []) : []);
    // Exchanges that hang are ended as the end of a connection would.
    await slot.restart();
  }
  for (const service of Object.values(network.services)) {
    await service.setFaults([]);
    await service.start();
  }
  session.heal();
}

function hosts(world: World): readonly string[] {
  return [...world.network.nodes.map((slot) => slot.networkAddress), 'relay.test', 'rpc.test'];
}

/** Adds rules to those that a node has. */
async function setRules(
  world: World,
  node: number,
  more: readonly FaultRuleInput[],
): Promise<void> {
  const rules = world.rules.get(node) ?? [];
  world.rules.set(node, [...rules, ...more]);
  await world.network.nodes[node]?.setFaults([...rules, ...more]);
}
