import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RowNews } from '../../../../src/index.ts';
import { MemoryStore } from '../../../../src/store/memory-store.ts';
import type { ReadStores } from '../../../../src/store/row-cache.ts';
import { addressOf } from '../../../../src/transfer/read/holders.ts';
import { blobBytes } from '../../../support/devnet/node-calls.ts';
import { TransferWorld } from '../../../support/devnet/transfer-world.ts';
import { localClient } from '../../../support/flows/local-client.ts';
import { quickClock } from '../../../support/quick-clock.ts';

const LENGTH = 20_001;
const ROWS = 5;

let world: TransferWorld;
let blobId: string;
const bytes = blobBytes(LENGTH, 1);

beforeAll(async () => {
  world = await TransferWorld.open();
  ({ blobId } = await world.store(LENGTH));
}, 60_000);
afterAll(() => world.close());
afterEach(async () => {
  for (const slot of world.network.nodes) await slot.setFaults([]);
});

/** @param factor of the clock; nobody is late without */
function client(rows = new MemoryStore<ReadStores>(), factor = 1 / 50) {
  const clock = quickClock(factor);
  return localClient({ network: world.network, rows, clock }).client;
}

/** The node that should have a row: shards are dealt in order. */
function holderOf(index: number) {
  let { shard: left } = addressOf({ blobId, shardCount: 13 }, 'primary', index);
  const { settings, nodes } = world.network;
  return nodes[
    settings.weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    })
  ];
}

describe('onRow', () => {
  it('is told of each row in order, with where it came from', async () => {
    const rows = new MemoryStore<ReadStores>();
    for (const origin of ['node', 'cache'] as const) {
      const told: RowNews[] = [];
      const onRow = (news: RowNews) => told.push(news);
      const read = await client(rows).readBlob(blobId, { onRow });
      expect(Buffer.compare(await read.bytes(), bytes)).toBe(0);
      const row = { rowCount: ROWS, origin, wrongFrom: [], slowNodes: [] };
      const all = Array.from({ length: ROWS }, (_, index) => {
        const nodeId = origin === 'node' ? holderOf(index)?.identity.nodeId : undefined;
        return { index, nodeId, ...row };
      });
      expect(told).toEqual(all);
      await expect.poll(() => rows.keys('rows', { begin: '', end: '\uffff' })).toHaveLength(ROWS);
    }
  });

  it('is told which node took too long for a row', async () => {
    const slow = holderOf(0);
    const match = { method: 'GET', route: 'sliver' } as const;
    await slow?.setFaults([{ match, action: { type: 'blackhole' } }]);
    const told: RowNews[] = [];
    const onRow = (news: RowNews) => told.push(news);
    await (await client(undefined, 50).readBlob(blobId, { onRow })).bytes();
    expect(told[0]?.slowNodes).toContain(slow?.identity.nodeId);
    expect(told[0]?.nodeId).toBeUndefined();
  });

  it('is told who gave something wrong for a row', async () => {
    const [liar] = world.network.nodes;
    const match = { method: 'GET', route: 'sliver' } as const;
    await liar?.setFaults([{ match, action: { type: 'corrupt', where: 'data' } }]);
    const told: RowNews[] = [];
    const sources = [{ file: new Blob([new Uint8Array(LENGTH)]) }];
    const onRow = (news: RowNews) => told.push(news);
    await (await client().readBlob(blobId, { sources, onRow })).bytes();
    const wrong = new Set(told.flatMap(({ wrongFrom }) => wrongFrom));
    expect(wrong).toEqual(new Set(['file', liar?.identity.nodeId]));
    expect(told[0]?.wrongFrom).toContain('file');
    expect(told.some(({ origin }) => origin === 'recovered' || origin === 'decoded')).toBe(true);
  });

  it('hears of ranges and of walrusFetch, and of no row that is only looked at', async () => {
    const told: number[] = [];
    const onRow = ({ index }: RowNews) => told.push(index);
    await client().readRange(blobId, 9_000, 9_001, { onRow });
    const range = { headers: { range: 'bytes=20000-20000' }, onRow };
    expect((await (await client().walrusFetch(blobId, range)).arrayBuffer()).byteLength).toBe(1);
    expect(told).toEqual([2, 4]);
  });
});

describe('readAhead', () => {
  it('keeps a row that is missing from having the whole blob fetched', async () => {
    const { pair } = addressOf({ blobId, shardCount: 13 }, 'primary', 0);
    const match = { route: 'sliver', axis: 'primary', pairs: [pair] } as const;
    const action = { type: 'status', status: 404, reason: 'SLIVER_NOT_FOUND' } as const;
    for (const slot of world.network.nodes) await slot.setFaults([{ match, action }]);
    const origins: string[] = [];
    const onRow = ({ origin }: RowNews) => origins.push(origin);
    for (const ahead of [{ readAhead: 0 }, {}]) {
      const { stream } = await client().readBlob(blobId, { ...ahead, onRow });
      const reader = stream.getReader();
      await reader.read();
      await reader.cancel();
    }
    expect(origins).toEqual(['recovered', 'decoded']);
  });

  const requestsFor = async (readAhead: number) => {
    const from = world.network.fleet.log.next;
    const response = await client().walrusFetch(blobId, { readAhead });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    const paths = world.requests(from).map(({ path }) => path);
    return new Set(paths.filter((path) => path.includes('/slivers/'))).size;
  };

  it.each([0, 2])('fetches %d rows before they are wanted', async (readAhead) => {
    expect(await requestsFor(readAhead)).toBe(1 + readAhead);
  });

  it.each([-1, 0.5, Number.NaN])('is not %d', async (readAhead) => {
    const read = client().readBlob(blobId, { readAhead });
    await expect(read).rejects.toMatchObject({ code: 'argument-invalid' });
  });
});
