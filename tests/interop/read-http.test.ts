import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/devnet/committee.ts';
import type { FaultRuleInput } from '../../src/devnet/faults/rules.ts';
import { type Haulout, HauloutError } from '../../src/index.ts';
import type { Transport } from '../../src/protocol/ports.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { ReadStores } from '../../src/store/row-cache.ts';
import { addressOf } from '../../src/transfer/read/holders.ts';
import { Xorshift } from '../fuzz/random.ts';
import { quiet } from '../support/devnet/local-network.ts';
import { quickClock } from '../support/quick-clock.ts';
import { READ_FAULTS } from '../support/read-faults.ts';
import { type KnownBlob, ReadWorld } from '../support/read-world.ts';
import { SEED } from '../support/seed.ts';

const SHARDS = 13;
const ROWS = 5;
const LENGTHS = [0, 1, 90, 91, 4_567];
const FULL = 70_001; // no row of it is behind its end
/** of weight 2 each: f shards together */
const BAD = [3, 4];

let world: ReadWorld;
const blobs = new Map<number, KnownBlob>();
const blobOf = (length: number) => blobs.get(length) as KnownBlob;

beforeAll(async () => {
  world = await ReadWorld.open(PROFILES.tiny);
  for (const length of LENGTHS) blobs.set(length, await world.store(length));
  blobs.set(FULL, await world.storeOfficially(FULL));
}, 60_000);
afterAll(() => world.close());
afterEach(() => world.healAll());

async function setFaults(nodes: readonly number[], rules: readonly FaultRuleInput[]) {
  for (const index of nodes) await world.served.network.nodes[index]?.setFaults(rules);
}

async function expectRead(client: Haulout, { blobId, bytes }: KnownBlob, consistency = 'default') {
  const options = { consistency: consistency as 'default' | 'strict' };
  const read = await client.readBlob(blobId, options);
  expect(Buffer.compare(await read.bytes(), bytes)).toBe(0);
  return read.report;
}

describe('a blob', () => {
  it.each([...LENGTHS, FULL])('of %i bytes is read, as bytes, blob and stream', async (length) => {
    const { blobId, bytes } = blobOf(length);
    const client = world.client();
    for (const consistency of ['default', 'strict']) {
      const report = await expectRead(client, { blobId, bytes }, consistency);
      expect(report.failed).toEqual([]);
    }
    const read = await client.readBlob(blobId);
    expect(read.unencodedBytes).toBe(length);
    const blob = await read.blob();
    expect(Buffer.compare(Buffer.from(await blob.arrayBuffer()), bytes)).toBe(0);
    await expect(read.bytes()).rejects.toMatchObject({ code: 'argument-invalid' });
    const { stream } = await client.readBlob(blobId);
    expect(Buffer.compare(Buffer.from(await new Response(stream).arrayBuffer()), bytes)).toBe(0);
  });

  it('is read in ranges, from no other rows than those that hold them', async () => {
    const { blobId, bytes } = await world.store(FULL); // nobody else asks for it
    const client = world.client({ clock: quickClock(1 / 50) }); // nobody is late
    const random = new Xorshift(SEED);
    const rowBytes = 9 * Math.ceil(FULL / 45 / 2) * 2;
    const edges = [0, 1, rowBytes, 2 * rowBytes - 1, FULL];
    const ranges = edges.flatMap((begin) => edges.map((end) => [begin, end] as const));
    for (let i = 0; i < 8; i++) ranges.push([random.below(FULL), random.below(FULL + 1)]);
    for (const [begin, end] of ranges.filter(([from, to]) => from <= to)) {
      const from = world.logEnd;
      const part = await client.readRange(blobId, begin, end);
      const wanted = Buffer.compare(part, bytes.subarray(begin, end));
      expect(wanted, `seed ${SEED}: ${begin} to ${end}`).toBe(0);
      const rows = begin === end ? 0 : Math.ceil(end / rowBytes) - Math.floor(begin / rowBytes);
      const slivers = world
        .requests(from)
        .filter(({ method, path }) => method === 'GET' && path.includes(`${blobId}/slivers/`));
      expect(slivers.length).toBe(rows);
    }
  });

  it.each([
    [0, FULL + 1],
    [-1, 5],
    [9, 8],
    [0.5, 8],
    [FULL + 1, FULL + 1],
  ])('has no bytes %d to %d', async (begin, end) => {
    const range = world.client().readRange(blobOf(FULL).blobId, begin, end);
    await expect(range).rejects.toMatchObject({ code: 'argument-invalid' });
  });

  it('that nobody stored is unknown, to readers and by the word of the nodes', async () => {
    const blobId = 'A'.repeat(43);
    const client = world.client();
    await expect(client.readBlob(blobId)).rejects.toMatchObject({ code: 'blob-unknown' });
    expect((await client.blobStatus(blobId)).status).toEqual({ kind: 'nonexistent' });
    await expect(client.readBlob('x')).rejects.toMatchObject({ code: 'blob-id-malformed' });
  });

  it('can be left in the middle', async () => {
    const client = world.client();
    const end = new AbortController();
    const { stream } = await client.readBlob(blobOf(FULL).blobId, { signal: end.signal });
    const reader = stream.getReader();
    await reader.read();
    end.abort();
    const rest = async () => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('a blob that was read before', () => {
  const offline: Transport = {
    send: ({ url }) =>
      Promise.reject(new HauloutError('host-unreachable', { host: new URL(url).host })),
  };

  it.each([
    ['as it was stored', []],
    ['around nodes that are down', [{ action: { type: 'refuse' } }]],
  ] as const)('%s is read once more without any network', async (_, rules) => {
    const rows = new MemoryStore<ReadStores>();
    await setFaults(BAD, rules);
    await expectRead(world.client({ rows }), blobOf(FULL));
    const all = { begin: '', end: '\uffff' };
    await expect.poll(() => rows.keys('rows', all)).toHaveLength(ROWS);
    const client = world.client({ rows, transport: offline, rpc: [] });
    const report = await expectRead(client, blobOf(FULL));
    expect(report).toMatchObject({ rows: { cache: ROWS }, requests: 0 });
  });
});

describe('the life of a blob', () => {
  it.each([
    ['no node lies', [], []],
    ['nodes of f shards deny it', [{ action: { type: 'lieStatus', answer: 'nonexistent' } }], BAD],
    ['nodes of f shards invent one', [{ action: { type: 'lieStatus', answer: 'permanent' } }], BAD],
    ['nodes of f shards are silent', [{ action: { type: 'blackhole' } }], BAD],
  ] as const)('is told by the nodes where %s', async (_, rules, nodes) => {
    await setFaults(nodes, rules);
    const { status } = await world.client().blobStatus(blobOf(FULL).blobId);
    expect(status).toMatchObject({
      kind: 'permanent',
      isCertified: true,
      initialCertifiedEpoch: 1,
    });
  });

  it('is not told by fewer nodes than a quorum', async () => {
    await setFaults([0, 1], [{ action: { type: 'refuse' } }]);
    const asked = world.client().blobStatus(blobOf(FULL).blobId);
    await expect(asked).rejects.toMatchObject({ code: 'quorum-unreached', detail: { have: 7 } });
  });
});

it('tells how the nodes are: silent, saying something else, slow', async () => {
  await setFaults([0], [{ action: { type: 'refuse' } }]);
  await setFaults([1], [{ match: { route: 'health' }, action: { type: 'html' } }]);
  await setFaults([2], [{ match: { route: 'health' }, action: { type: 'delay', ms: [300, 300] } }]);
  const { epoch, shardCount, nodes } = await world.client().nodes();
  const { identity } = world.served.network.nodes[2] as { identity: { nodeId: string } };
  const count = (state: string) => nodes.filter((node) => node.state === state).length;
  expect({ epoch, shardCount }).toMatchObject({ shardCount: SHARDS });
  expect([count('silent'), count('strange'), count('well')]).toEqual([1, 1, nodes.length - 2]);
  expect(nodes.find(({ nodeId }) => nodeId === identity.nodeId)?.ms).toBeGreaterThanOrEqual(300);
  expect(nodes.reduce((sum, { weight }) => sum + weight, 0)).toBe(SHARDS);
}, 20_000);

describe('a blob of which nodes with f shards have a part is read when each of them', () => {
  it.each(READ_FAULTS)('%s', async (_, rules) => {
    await setFaults(BAD, rules);
    const client = world.client();
    await expectRead(client, blobOf(FULL));
    // What was learned of them does not stand in the way of the next reads.
    await expectRead(client, blobOf(4_567), 'strict');
    const { blobId, bytes } = blobOf(FULL);
    const part = await client.readRange(blobId, 20_000, 50_000);
    expect(Buffer.compare(part, bytes.subarray(20_000, 50_000))).toBe(0);
  });
});

describe('a blob with few slivers left', () => {
  /** Leaves `count` primary slivers, chosen at random, and no secondary one. */
  async function leave(count: number, random: Xorshift): Promise<void> {
    const blob = { blobId: blobOf(FULL).blobId, shardCount: SHARDS };
    const pairs = Array.from({ length: SHARDS }, (_, pair) => pair);
    while (pairs.length > SHARDS - count) pairs.splice(random.below(pairs.length), 1);
    const gone = { type: 'status', status: 404, reason: 'SLIVER_NOT_FOUND' } as const;
    const rules: FaultRuleInput[] = [
      { match: { route: 'sliver', axis: 'primary', pairs }, action: gone },
      { match: { route: 'sliver', axis: 'secondary' }, action: gone },
      { match: { route: 'symbols' }, action: gone },
    ];
    await setFaults([0, 1, 2, 3, 4], rules);
    expect(pairs.every((pair) => addressOf(blob, 'primary', pair).pair === pair)).toBe(true);
  }

  it('is read from exactly as many as it takes', async () => {
    const random = new Xorshift(SEED + 1);
    for (let i = 0; i < 3; i++) {
      await leave(ROWS, random);
      await expectRead(world.client(), blobOf(FULL), i === 0 ? 'strict' : 'default');
    }
    const { blobId, bytes } = blobOf(FULL);
    const part = await world.client().readRange(blobId, 100, 60_000);
    expect(Buffer.compare(part, bytes.subarray(100, 60_000))).toBe(0);
  });

  it('is not read from one less, and says how many there are', async () => {
    await leave(ROWS - 1, new Xorshift(SEED + 2));
    const client = world.client({ clock: quickClock(10) }); // it asks again and again
    const read = await client.readBlob(blobOf(FULL).blobId);
    const error = await read.bytes().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'not-enough-slivers',
      detail: { have: ROWS - 1, need: ROWS },
    });
    await world.healAll();
    await expectRead(world.client(), blobOf(FULL));
  });
});

describe('an epoch that ends', () => {
  it('in the middle of a read does not end it', async () => {
    const client = world.client();
    const { blobId, bytes } = blobOf(FULL);
    const { stream } = await client.readBlob(blobId);
    const reader = stream.getReader();
    const parts = [(await reader.read()).value as Uint8Array];
    await world.served.network.epochs.retire(world.served.network.nodes[0]?.identity.nodeId ?? '');
    await world.served.network.epochs.advance();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
    }
    expect(Buffer.compare(Buffer.concat(parts), bytes)).toBe(0);
    await expectRead(client, blobOf(4_567)); // with the committee of before
    await quiet(world.served.network);
    await expectRead(client, blobOf(FULL));
    await expectRead(world.client(), blobOf(FULL));
  });
});
