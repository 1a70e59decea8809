import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/devnet/committee.ts';
import type { ServiceRuleInput } from '../../src/devnet/service/service-faults.ts';
import { contentType } from '../../src/flows/read/content-type.ts';
import type { BlobSource, WalrusFetchInit } from '../../src/index.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type KnownBlob, ReadWorld } from '../support/read-world.ts';

const ROWS = 5;
const LENGTH = 70_001;

let world: ReadWorld;
let blob: KnownBlob;
/** serves whatever it is given, whole */
let plain: { server: Server; url: string; bytes: Uint8Array };

beforeAll(async () => {
  world = await ReadWorld.open(PROFILES.tiny);
  blob = await world.store(LENGTH);
  await world.store(LENGTH); // what `otherBlob` gives
  const server = createServer((_, response) => response.end(plain.bytes));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  plain = { server, url: `http://127.0.0.1:${port}/file.bin`, bytes: blob.bytes };
}, 60_000);
afterAll(async () => {
  plain.server.close();
  plain.server.closeAllConnections();
  await world.close();
});
afterEach(async () => {
  plain.bytes = blob.bytes;
  await world.served.network.services.aggregator.setFaults([]);
});

const aggregator = (): BlobSource => ({ aggregator: world.served.description.aggregatorUrl });

async function read(sources: readonly BlobSource[]) {
  const opened = await world.client().readBlob(blob.blobId, { sources });
  expect(Buffer.compare(await opened.bytes(), blob.bytes)).toBe(0);
  return opened.report;
}

function flipped(bytes: Uint8Array, ...places: number[]): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(bytes);
  for (const at of places) changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

describe('a blob from somebody who has it whole', () => {
  it.each([
    ['an aggregator', aggregator],
    ['a plain address', (): BlobSource => ({ url: plain.url })],
    ['a file', (): BlobSource => ({ file: new Blob([blob.bytes as Uint8Array<ArrayBuffer>]) })],
  ] as const)('is read from %s, each row verified', async (_, source) => {
    const report = await read([source()]);
    expect(report.rows).toMatchObject({ source: ROWS, node: 0 });
    const client = world.client();
    for (const [begin, end] of [
      [0, 1],
      [30_000, 30_001],
      [13_000, 45_000],
      [LENGTH - 1, LENGTH],
    ] as const) {
      const part = await client.readRange(blob.blobId, begin, end, { sources: [source()] });
      expect(Buffer.compare(part, blob.bytes.subarray(begin, end))).toBe(0);
    }
  });

  it('asks an aggregator for the rows of a range, and for no more', async () => {
    const seen: string[] = [];
    const asked = createServer((request, response) => {
      const { range = '' } = request.headers;
      seen.push(range);
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(range) ?? [];
      response.writeHead(206).end(blob.bytes.subarray(Number(from), Number(to) + 1));
    });
    await new Promise<void>((resolve) => asked.listen(0, '127.0.0.1', resolve));
    const { port } = asked.address() as AddressInfo;
    const sources = [{ aggregator: `http://127.0.0.1:${port}/` }];
    const client = world.client();
    const part = await client.readRange(blob.blobId, 20_000, 30_000, { sources });
    expect(Buffer.compare(part, blob.bytes.subarray(20_000, 30_000))).toBe(0);
    expect(seen).toEqual(['bytes=14004-42011']);
    asked.close();
    asked.closeAllConnections();
  });

  it('takes only the wrong row from elsewhere where a source is wrong once', async () => {
    plain.bytes = flipped(blob.bytes, 30_000);
    const report = await read([{ url: plain.url }]);
    expect(report.rows).toMatchObject({ source: ROWS - 1, node: 1 });
    expect(report.failed.map(({ reason }) => reason)).toEqual(['sliver-mismatch']);
  });

  it('leaves a source that is wrong twice', async () => {
    plain.bytes = flipped(blob.bytes, 20_000, 30_000);
    const report = await read([{ url: plain.url }]);
    expect(report.rows).toMatchObject({ source: 1, node: ROWS - 1 });
  });

  it.each([
    ['ends too early', () => blob.bytes.subarray(0, 40_000)],
    ['goes on behind the end', () => new Uint8Array([...blob.bytes, ...new Uint8Array(99_000)])],
    ['is of another file', () => new Uint8Array(LENGTH)],
    ['is empty', () => new Uint8Array()],
  ] as const)('is read although what the source has %s', async (_, bytes) => {
    plain.bytes = bytes();
    await read([{ url: plain.url }]);
    await read([{ file: new Blob([bytes() as Uint8Array<ArrayBuffer>]) }, { url: plain.url }]);
  });

  it.each<[string, ServiceRuleInput[]]>([
    ['refuses connections', [{ action: { type: 'refuse' } }]],
    ['is silent', [{ action: { type: 'blackhole' } }]],
    ['breaks off', [{ action: { type: 'drop', fraction: 0.5 } }]],
    ['gives too little', [{ action: { type: 'truncate', fraction: 0.5 } }]],
    ['changes bytes', [{ action: { type: 'corrupt' } }]],
    ['gives another blob', [{ action: { type: 'otherBlob' } }]],
    ['knows nothing of it', [{ action: { type: 'staleNotFound' } }]],
    ['is overloaded', [{ action: { type: 'status', status: 429 } }]],
    ['has no gateway', [{ action: { type: 'status', status: 502 } }]],
    ['stands behind a page that says 200', [{ action: { type: 'html' } }]],
  ])('is read although the aggregator %s, from nodes or another source', async (_, rules) => {
    const { services } = world.served.network;
    await fetch(`${world.served.description.aggregatorUrl}/v1/blobs/${blob.blobId}`);
    await services.aggregator.setFaults(rules);
    await read([aggregator()]);
    const report = await read([aggregator(), { url: plain.url }]);
    expect(report.rows.source).toBeGreaterThanOrEqual(ROWS - 1);
  });

  it.each(['ftp://x.test/a', 'file:///etc/passwd', 'data:text/plain,x', 'x'])(
    'is not asked for at %s',
    async (url) => {
      const refused = world.client().readBlob(blob.blobId, { sources: [{ url }] });
      await expect(refused).rejects.toMatchObject({ code: 'argument-invalid' });
    },
  );
});

describe('walrusFetch', () => {
  const fetchIt = (init?: WalrusFetchInit, input: string | Request = blob.blobId) =>
    world.client().walrusFetch(input, init);
  const bodyOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
  const range = (value: string, more = {}) => ({ headers: { range: value, ...more } });

  it.each([
    ['an ID', () => blob.blobId],
    ['walrus:', () => `walrus:${blob.blobId}`],
    ['walrus://', () => `walrus://${blob.blobId}`],
    ['an address', () => `https://a.test/v1/blobs/${blob.blobId}?x=1`],
    ['a request', () => new Request(`https://a.test/v1/blobs/${blob.blobId}`)],
  ] as const)('gives the verified blob for %s', async (_, input) => {
    const response = await fetchIt({}, input());
    expect(response.status).toBe(200);
    expect(Buffer.compare(await bodyOf(response), blob.bytes)).toBe(0);
    expect(Object.fromEntries(response.headers)).toEqual({
      etag: `"${blob.blobId}"`,
      'accept-ranges': 'bytes',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': `${LENGTH}`,
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    });
  });

  it.each([
    ['bytes=5-9', 5, 10],
    ['bytes=69000-', 69_000, LENGTH],
    ['bytes=-7', LENGTH - 7, LENGTH],
  ])('gives %s', async (header, begin, end) => {
    const response = await fetchIt(range(header));
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${begin}-${end - 1}/${LENGTH}`);
    expect(Buffer.compare(await bodyOf(response), blob.bytes.subarray(begin, end))).toBe(0);
  });

  it('looks at the first bytes for the type, and asks for no row twice', async () => {
    const { blobId, bytes } = await world.store(LENGTH + 1); // nobody else asks for it
    const client = world.client({ clock: quickClock(1 / 50) }); // nobody is late
    const from = world.logEnd;
    const whole = await client.walrusFetch(blobId, { contentType: 'image/png' });
    expect(whole.headers.get('content-type')).toBe('application/octet-stream');
    expect(Buffer.compare(await bodyOf(whole), bytes)).toBe(0);
    const asked = () =>
      world
        .requests(from)
        .filter(({ method, path }) => method === 'GET' && path.includes(`${blobId}/slivers/`));
    expect(asked()).toHaveLength(ROWS);
    const later = await client.walrusFetch(blobId, {
      ...range('bytes=60000-60001'),
      contentType: 'image/png',
    });
    expect(await bodyOf(later)).toEqual(new Uint8Array(bytes.subarray(60_000, 60_002)));
    expect(asked()).toHaveLength(ROWS + 1);
  });

  it('is not misled by who asks for two bytes first, as players do', async () => {
    const client = world.client();
    const { blobId, bytes } = await world.store(5_000);
    expect(contentType(bytes.subarray(0, 2))).toMatch('text/plain'); // what two bytes alone look like
    for (const asked of ['bytes=0-1', 'bytes=0-']) {
      const response = await client.walrusFetch(blobId, range(asked));
      expect(response.headers.get('content-type')).toBe('application/octet-stream');
      await response.body?.cancel();
    }
  });

  it('answers as HTTP has it', async () => {
    const etag = `"${blob.blobId}"`;
    const statusOf = async (init: WalrusFetchInit) => (await fetchIt(init)).status;
    expect(await statusOf(range('bytes=99999-'))).toBe(416);
    expect(await statusOf(range('bytes=0-1', { 'if-range': etag }))).toBe(206);
    expect(await statusOf(range('bytes=0-1', { 'if-range': '"other"' }))).toBe(200);
    expect(await statusOf({ headers: { 'if-none-match': `"x", ${etag}` } })).toBe(304);
    expect(await statusOf({ method: 'POST' })).toBe(405);
    expect((await fetchIt({}, 'A'.repeat(43))).status).toBe(404);
    const head = await fetchIt({ method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, `${LENGTH}`]);
    expect(head.body).toBeNull();
    await expect(fetchIt({}, 'https://a.test/')).rejects.toMatchObject({
      code: 'argument-invalid',
    });
  });
});

describe('an audit', () => {
  it('finds that all shards have their slivers', async () => {
    const report = await world.client().audit(blob.blobId, { samples: 99 });
    expect(report).toMatchObject({ rightCount: 13, leastShards: 13, neededShards: 5 });
    expect(new Set(report.shards.map(({ shard }) => shard)).size).toBe(13);
  });

  it('tells who has nothing, who lies and who is not there', async () => {
    const [denying, lying, away] = world.served.network.nodes;
    const match = { route: 'sliver' } as const;
    const gone = { type: 'status', status: 404, reason: 'SLIVER_NOT_FOUND' } as const;
    await denying?.setFaults([{ match, action: gone }]);
    await lying?.setFaults([{ match, action: { type: 'corrupt', where: 'data' } }]);
    await away?.setFaults([{ action: { type: 'refuse' } }]);
    const report = await world.client().audit(blob.blobId, { samples: 13 });
    const counts = new Map<string, number>();
    for (const { outcome } of report.shards) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({ right: 4, absent: 3, wrong: 3, unavailable: 3 });
    expect(report.leastShards).toBe(4);
    await world.healAll();
  });

  it('takes a count of samples', async () => {
    for (const samples of [0, -1, 0.5, Number.NaN]) {
      const audit = world.client().audit(blob.blobId, { samples });
      await expect(audit).rejects.toMatchObject({ code: 'argument-invalid' });
    }
    expect((await world.client().audit(blob.blobId, { samples: 3 })).shards).toHaveLength(3);
  });
});
