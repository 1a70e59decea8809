import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gatewayNow } from '../../../src/app/viewer/open-gateway.ts';

const BLOB = `${'a'.repeat(42)}A`;
const TESTNET = { name: 'testnet', network: 'testnet', shardCount: 1000 } as const;

class Container extends EventTarget {
  controller: { postMessage(message: unknown): void } | null = {
    postMessage: (message) => said.push(message),
  };
}

const said: unknown[] = [];
const asked: string[] = [];
let container: Container;
/** what `fetch` gives */
let answer: Response;

beforeEach(() => {
  container = new Container();
  vi.stubGlobal('navigator', { serviceWorker: container });
  vi.stubGlobal('window', { location: { origin: 'https://host.test' } });
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return answer;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  said.length = 0;
  asked.length = 0;
});

it('is there only where a worker answers for the page, and is told the network', () => {
  container.controller = null;
  expect(gatewayNow(TESTNET)).toBeUndefined();
  container = new Container();
  vi.stubGlobal('navigator', { serviceWorker: container });
  const url = gatewayNow(TESTNET)?.url(BLOB, 'a.txt');
  expect(url).toMatch(`https://host.test/v1/blobs/${BLOB}?network=testnet&dl=a.txt&for=`);
  expect(said).toEqual([{ kind: 'network', network: 'testnet' }]);
});

it.each([
  ['bytes of the worker', 200, { etag: `"${BLOB}"` }],
  ['what it says of a blob that nobody has', 404, { 'haulout-error': 'blob-unknown' }],
  ['what it says of one that is blocked', 451, { 'haulout-error': 'blob-blocked' }],
])('takes %s', async (_, status, headers) => {
  const more = { 'content-length': '7', 'content-type': 'video/webm' };
  answer = new Response(null, { status, headers: { ...headers, ...more } });
  const head = gatewayNow(TESTNET)?.head(BLOB);
  await expect(head).resolves.toEqual({ status, bytes: 7, type: 'video/webm' });
  expect(asked).toEqual([`https://host.test/v1/blobs/${BLOB}?network=testnet`]);
});

it.each([
  ['a page of the host', 200, {}],
  ['its own tag', 200, { etag: '"x"' }],
  ['another blob', 206, { etag: `"${'b'.repeat(42)}A"` }],
  ['that it has nothing', 404, {}],
  ['a failure', 504, { 'haulout-error': 'host-silent' }],
])('leaves what a host answers in its place: %s', async (_, status, headers) => {
  answer = new Response('<p>bytes', { status, headers: headers as Record<string, string> });
  const gateway = gatewayNow(TESTNET);
  await expect(gateway?.head(BLOB)).rejects.toMatchObject({ code: 'aborted' });
  await expect(gateway?.first(BLOB, 10)).rejects.toMatchObject({ code: 'aborted' });
});

it('hears of its blob from its worker alone, until it stops', () => {
  const heard: unknown[] = [];
  const follower = { onRows: (rows: unknown) => heard.push(rows), onFailed: () => heard.push('-') };
  const end = gatewayNow(TESTNET)?.follow(BLOB, follower);
  const hear = (data: object, source: unknown = container.controller) =>
    container.dispatchEvent(Object.assign(new Event('message'), { data, source }));
  hear({ kind: 'rows', blobId: BLOB, rows: [1] });
  hear({ kind: 'rows', blobId: BLOB, rows: [2] }, {});
  hear({ kind: 'rows', blobId: 'other', rows: [3] });
  hear({ kind: 'rows', blobId: BLOB, rows: [5], asker: 'another' });
  const own = new URL(gatewayNow(TESTNET)?.frameUrl(BLOB) ?? '').searchParams.get('for');
  hear({ kind: 'rows', blobId: BLOB, rows: [6], asker: own });
  hear({ kind: 'failed', blobId: BLOB, code: 'host-silent' });
  end?.();
  hear({ kind: 'rows', blobId: BLOB, rows: [4] });
  expect(heard).toEqual([[1], [6], '-']);
});
