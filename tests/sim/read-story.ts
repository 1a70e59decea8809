import type { FaultAction, FaultRuleInput } from '../../src/devnet/faults/rules.ts';
import { seededRandom } from '../../src/devnet/seeded-random.ts';
import { createHaulout } from '../../src/flows/store/create-haulout.ts';
import type { Haulout } from '../../src/flows/store/haulout.ts';
import { isHauloutError } from '../../src/protocol/errors.ts';
import { Memory } from '../../src/protocol/memory.ts';
import type { Random } from '../../src/protocol/ports.ts';
import type { ReadStores } from '../../src/store/row-cache.ts';
import { Pace } from '../../src/transfer/pace.ts';
import { putBlob } from '../../src/transfer/put-blob.ts';
import { infoOf } from '../support/flows/local-client.ts';
import { checkBounds } from './checkers.ts';
import { drawBadNodes, drawConfig } from './config.ts';
import { Life } from './life.ts';
import { certify, type PaidPlan, payFor } from './paid-blobs.ts';
import { Scheduler } from './scheduler.ts';
import type { Client } from './session.ts';
import { nodeUrl, rpcTransport } from './store-client.ts';
import type { Story } from './story.ts';
import { expectThat } from './violation.ts';
import { encoder, finish, type Machine, sourceOf, uniqueBlobs, verifier, World } from './world.ts';

/** whole reads and ranges of each blob */
const READS = 4;
const AGAIN_MS = 2_000;
/** In one run of so many, nodes of any weight lie. */
const MANY_LIARS_OF = 3;

/** What only a read is told. */
const LIES: readonly FaultAction[] = [
  ...(['data', 'index', 'symbolSize', 'random'] as const).map(
    (where) => ({ type: 'corrupt', where }) as const,
  ),
  ...(['length', 'hash', 'id'] as const).map((what) => ({ type: 'wrongLength', what }) as const),
  ...([{ type: 'otherSliver' }, { type: 'otherBlob' }, { type: 'truncate' }] as const),
  { type: 'status', status: 404, reason: 'SLIVER_NOT_FOUND' },
  { type: 'status', status: 451, reason: 'FORBIDDEN_BLOB' },
];

/** Runs share networks on which blobs lie: to store them takes longer than to read them. So many seeds draw from so many. */
const SHARED_BY = 1_600;
const NETWORKS = 32;
/** What was done on the chain is done anew by each run that goes on from it. */
const MOST_BLOBS = 2;
/** The end of an epoch costs the chain as much as several runs cost otherwise: of those that have one, so many go without. */
const EPOCH_ENDS_OF = 4;
/** After all is stored nodes have something to do for so long at most. */
const SETTLED_MS = 10_000;

const machines = new Memory<Promise<Machine>>(NETWORKS);

/** Blobs that lie on all nodes are read while everything goes wrong. */
export const readStory: Story = {
  draw(seed) {
    const number = Number(seed);
    const shared = drawConfig(`${Math.floor(number / SHARED_BY)}, network ${number % NETWORKS}`);
    const { weights, deletable } = shared;
    const blobs = shared.blobs.slice(0, MOST_BLOBS);
    const badNodes = drawBadNodes(seededRandom(seed, 'bad nodes'), weights);
    const { faults, ...rest } = drawConfig(seed);
    const isShort = seededRandom(seed, 'epoch').below(EPOCH_ENDS_OF) > 0;
    return {
      ...{ ...rest, weights, blobs, deletable, badNodes },
      faults: faults.filter((name) => name !== 'epoch-ends' || !isShort),
    };
  },

  machine({ weights, blobs, deletable }) {
    const config = {
      ...drawConfig('a writer'),
      weights,
      blobs,
      deletable,
      faults: [],
      badNodes: [],
    };
    return machines.get(JSON.stringify([weights, blobs, deletable]), async () => {
      const scheduler = new Scheduler();
      const world = await World.open(config, scheduler);
      for (const plan of uniqueBlobs(blobs)) {
        const paid = await finish(scheduler, payFor(world, plan));
        await finish(scheduler, storeEverywhere(world, paid));
      }
      await finish(scheduler, world.clock.sleep(SETTLED_MS));
      return world.machine();
    });
  },

  async begin(world) {
    const { config } = world;
    const plans: ReadPlan[] = [];
    for (const plan of uniqueBlobs(config.blobs)) {
      plans.push({ plan, blobId: (await world.encoded(plan)).blobId });
    }
    await makeLiars(world, world.random('liars'));
    const read = new Map(plans.map(({ blobId }) => [blobId, 0]));
    return {
      client: readClient(world, plans, read),
      check: () => checkBounds(world, world.pagesSoFar),
      isDone: () => [...read.values()].every((count) => count >= READS),
      audit: async () => undefined,
    };
  },
};

type ReadPlan = Pick<PaidPlan, 'plan' | 'blobId'>;

/** A page that reads each blob until it has it often enough, whatever happens. */
function readClient(world: World, plans: readonly ReadPlan[], done: Map<string, number>): Client {
  return async ({ clock, random, transport, exchange, store }) => {
    const info = infoOf(world.network);
    const haulout = createHaulout({
      network: { ...info, nodes: world.network.nodes.map(nodeUrl) },
      ...{ clock, random, transport, encoder, verifier, rows: store<ReadStores>() },
      rpc: [rpcTransport(exchange)],
    });
    for (const plan of plans) {
      while ((done.get(plan.blobId) ?? 0) < READS) {
        try {
          await readOnce(haulout, plan, random);
          done.set(plan.blobId, (done.get(plan.blobId) ?? 0) + 1);
          world.count('read');
        } catch (error) {
          if (!isHauloutError(error) || !error.retryable) throw error;
          world.count(`read: ${error.code}`);
          checkReadError(error.code);
          await clock.sleep(AGAIN_MS);
        }
      }
    }
  };
}

/** Reads a blob, or a part of it, in one of the ways there are. I1: it is the source. */
async function readOnce(haulout: Haulout, plan: ReadPlan, random: Random): Promise<void> {
  const source = sourceOf(plan.plan);
  if (random.below(2) === 0 && source.length > 0) {
    const begin = random.below(source.length);
    const end = begin + 1 + random.below(source.length - begin);
    const part = await haulout.readRange(plan.blobId, begin, end);
    expectSame(part, source.subarray(begin, end));
    return;
  }
  const consistency = random.below(4) === 0 ? 'strict' : 'default';
  const { stream } = await haulout.readBlob(plan.blobId, { consistency });
  let at = 0;
  for await (const piece of stream) {
    expectSame(piece, source.subarray(at, at + piece.length)); // also of a read that fails later
    at += piece.length;
  }
  expectThat(at === source.length, 'I1', () => `${at} of ${source.length} bytes, and no error`);
}

function expectSame(bytes: Uint8Array, source: Uint8Array): void {
  const isSame = bytes.length === source.length && bytes.every((byte, i) => byte === source[i]);
  expectThat(isSame, 'I1', () => 'other bytes were given than were stored');
}

/** I10: every blob here is sound, and known to more nodes than may lie. */
function checkReadError(code: string): void {
  const verdicts = ['blob-unknown', 'blob-blocked', 'blob-inconsistent'];
  expectThat(!verdicts.includes(code), 'I10', () => `a sound blob is said to be ${code}`);
}

async function storeEverywhere(world: World, paid: PaidPlan): Promise<void> {
  const { network, scheduler } = world;
  const life = new Life('writer', scheduler);
  const clock = life.clock(() => 0);
  const random = world.random('writer');
  const transport = world.transport(life, clock);
  const doors = { clock, random, transport, pace: new Pace(clock), nodeUrl: hostUrl };
  const { encoded, objectId, deletable } = paid;
  const outcome = await putBlob(
    doors,
    {
      ...encoded,
      registration: deletable ? { objectId } : {},
      committee: async () => network.life.port.state().current,
      slivers: (pair, axis) => {
        const slivers = axis === 'primary' ? encoded.primarySlivers : encoded.secondarySlivers;
        return slivers[pair] as Uint8Array<ArrayBuffer>;
      },
    },
    new AbortController().signal,
  );
  await certify(world, objectId, outcome);
  await outcome.tail;
}

/** The bad nodes lie to readers, and now and then nodes of any weight do until trouble ends. */
async function makeLiars(world: World, random: Random): Promise<void> {
  const { badNodes, weights, faults } = world.config;
  if (!faults.includes('bad-nodes')) return;
  const isMany = random.below(MANY_LIARS_OF) === 0;
  const liars = [...weights.keys()].filter((node) =>
    isMany ? random.below(3) > 0 : badNodes.includes(node),
  );
  if (isMany) world.count('many liars');
  for (const node of liars) {
    const action = LIES[random.below(LIES.length)] as FaultAction;
    const rules: FaultRuleInput[] = [{ match: { method: 'GET' }, action }];
    world.count(`lie: ${action.type}`);
    if (isVerdict(action) && isMany && !badNodes.includes(node)) continue; // that many would be believed
    world.rules.set(node, rules);
    await world.network.nodes[node]?.setFaults(rules);
  }
}

const isVerdict = ({ type }: FaultAction) => type === 'status';

const hostUrl = (address: string) => `http://${address}`;
