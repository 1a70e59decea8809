import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/devnet/committee.ts';
import type { ServiceRuleInput } from '../../src/devnet/service/service-faults.ts';
import type { BlobSource } from '../../src/index.ts';
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
