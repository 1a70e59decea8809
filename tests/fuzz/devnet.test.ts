import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdminServer } from '../../src/devnet/control/admin.ts';
import { LinkError } from '../../src/devnet/faults/link-error.ts';
import type { LocalNetwork } from '../../src/devnet/network.ts';
import { bytesOf, memoryNetwork, officialClients } from '../support/devnet/local-network.ts';
import { heldBytes } from '../support/heap.ts';
import { SEED } from '../support/seed.ts';
import { mutate } from './mutate.ts';
import { Xorshift } from './random.ts';

/** how long, in seconds; `npm run fuzz` sets a minute */
const SECONDS = Number(process.env['HAULOUT_FUZZ_SECONDS'] ?? 2);
/** requests, however long they take */
const LEAST = 50;
const HEAP_SPARE = 64 << 20;
/** A relay asks nodes again for some seconds, and other programs may have the machine. */
const HANG_MS = 90_000;
const TOKEN = 'fuzz';

interface Sample {
  readonly to: 'node' | 'rpc' | 'faucet' | 'relay' | 'aggregator' | 'admin';
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: Uint8Array;
}

let network: LocalNetwork;
let admin: AdminServer;
let samples: Sample[];

const utf8 = (text: string) => new TextEncoder().encode(text);

beforeAll(async () => {
  network = await memoryNetwork();
  admin = new AdminServer(network, { token: TOKEN, description: {} });
  const recorded: Sample[] = [];
  const record = async (to: Sample['to'], request: Request) => {
    const { pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.clone().arrayBuffer());
    const headers = Object.fromEntries(request.headers);
    recorded.push({ to, method: request.method, path: pathname + search, headers, body });
  };
  const toNode = network.toNode.bind(network);
  network.toNode = async (request) => {
    await record('node', request);
    return toNode(request);
  };
  const { walrus, signer } = officialClients(network, async (request) => {
    await record('rpc', request);
    return network.services.rpc.handle(request);
  });
  const blob = bytesOf(200);
  const { blobId, blobObject } = await walrus.writeBlob({
    ...{ blob, deletable: true, epochs: 2, signer },
  });
  network.toNode = toNode;
  samples = [
    // Every kind of call to the chain, and some of the many to nodes.
    ...recorded.filter(({ to }, i) => to === 'rpc' || i % 7 === 0),
    { to: 'faucet', method: 'POST', path: '/v2/gas', body: utf8('{"FixedAmountRequest":{}}') },
    { to: 'relay', method: 'GET', path: '/v1/tip-config' },
    { to: 'relay', method: 'POST', path: `/v1/blob-upload-relay?blob_id=${blobId}`, body: blob },
    {
      to: 'aggregator',
      method: 'GET',
      path: `/v1/blobs/${blobId}`,
      headers: { range: 'bytes=1-9' },
    },
    { to: 'aggregator', method: 'GET', path: `/v1/blobs/${blobId}/byte-range?start=1&length=9` },
    { to: 'aggregator', method: 'GET', path: `/v1/blobs/by-object-id/${blobObject.id}` },
    { to: 'aggregator', method: 'GET', path: `/v1/quilts/${blobId}/patches` },
    { to: 'aggregator', method: 'GET', path: '/v1/blobs/..%2f..%2fetc%2fpasswd' },
    { to: 'node', method: 'GET', path: `/v1/blobs/${blobId}/recoverySymbols?id=1-2&id=3-4` },
    {
      to: 'admin',
      method: 'PUT',
      path: '/admin/nodes/0/fault',
      body: utf8('[{"action":{"type":"html"}}]'),
    },
    { to: 'admin', method: 'PUT', path: '/admin/chain/fault', body: utf8('{"gas":{"price":"5"}}') },
    { to: 'admin', method: 'POST', path: '/admin/release', body: utf8('{"name":"x"}') },
  ];
  expect(recorded.filter(({ to }) => to === 'rpc').length).toBeGreaterThan(10);
}, 60_000);
afterAll(() => network.close());

function send({ to, method, path, headers, body }: Sample): Promise<Response> {
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD';
  const request = new Request(`http://fuzz.test${path.startsWith('/') ? path : `/${path}`}`, {
    method,
    headers: { ...headers, ...(to === 'admin' ? { authorization: `Bearer ${TOKEN}` } : {}) },
    ...(hasBody ? { body: body as Uint8Array<ArrayBuffer> } : {}),
  });
  if (to === 'admin') return admin.handle(request);
  if (to === 'node') return network.fleet.handle(0, request);
  return network.services[to].handle(request);
}

/** A path with some characters changed, or with parts of others. */
function mutatedPath(path: string, random: Xorshift): string {
  const tricks = ['..', '%2e%2e', '%00', '%', '//', '?', '&a=b', '%ff', '\\', '-1', '99999999999'];
  const at = random.below(path.length + 1);
  const end = Math.min(path.length, at + random.below(4));
  return path.slice(0, at) + (tricks[random.below(tricks.length)] ?? '') + path.slice(end);
}

it('answers whatever it is sent, and keeps serving', async () => {
  const random = new Xorshift(SEED);
  const end = performance.now() + SECONDS * 1_000;
  const heap = await heldBytes();
  const statuses = new Map<number, number>();
  let sent = 0;
  while (performance.now() < end || sent < LEAST) {
    const sample = samples[random.below(samples.length)] as Sample;
    const { path, body } = sample;
    const changed: Sample = {
      ...sample,
      path: random.below(3) === 0 ? mutatedPath(path, random) : path,
      ...(body ? { body: random.below(4) === 0 ? body : mutate(body, body, random) } : {}),
    };
    const begin = performance.now();
    let status: number;
    try {
      const response = await send(changed);
      await response.arrayBuffer().catch(() => undefined);
      status = response.status;
    } catch (error) {
      // What no Request can be made of cannot be sent; a connection that breaks is an answer, too.
      if (!(error instanceof LinkError) && !(error instanceof TypeError)) throw error;
      status = 0;
    }
    const place = `${changed.to} ${changed.method} ${changed.path}`;
    // 500 is what a relay says when nodes refuse, and what admin says when a start fails.
    const isExpected = status !== 500 || changed.to === 'relay';
    if (!isExpected)
      throw new Error(
        `${place}: 500, body ${Buffer.from(changed.body ?? [])
          .toString('hex')
          .slice(0, 400)}`,
      );
    if (performance.now() - begin > HANG_MS) throw new Error(`${place}: took too long`);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    sent += 1;
    if (changed.to === 'admin') {
      await network.nodes[0]?.setFaults([]);
      network.life.chain.faults.clear();
    }
  }
  expect(statuses.size).toBeGreaterThan(3);
  expect((await heldBytes()) - heap).toBeLessThan(HEAP_SPARE);
  const { walrus, signer } = officialClients(network);
  const blob = bytesOf(300, 6);
  const { blobId } = await walrus.writeBlob({ blob, deletable: false, epochs: 1, signer });
  expect(Buffer.compare(await walrus.readBlob({ blobId }), blob)).toBe(0);
});
