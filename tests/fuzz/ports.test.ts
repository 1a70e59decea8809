import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedNetwork, serveNetwork } from '../../src/devnet/served-network.ts';
import { memoryDoors } from '../support/devnet/local-network.ts';
import { heldBytes } from '../support/heap.ts';
import { SEED } from '../support/seed.ts';
import { mutate } from './mutate.ts';
import { Xorshift } from './random.ts';

/** how long, in seconds; `npm run fuzz` sets a minute */
const SECONDS = Number(process.env['HAULOUT_FUZZ_SECONDS'] ?? 2);
const HEAP_SPARE = 64 << 20;
/** clients that send a byte now and then, for the whole time */
const SLOW_CLIENTS = 20;
const LIMITS = { headersMs: 1_000, bodyIdleMs: 1_000, requestMs: 5_000, connections: 100 };

let served: ServedNetwork;
let ports: readonly number[];

beforeAll(async () => {
  served = await serveNetwork({
    settings: { weights: [1, 1, 1, 1], seed: 'ports', chainDelayMs: [0, 0] },
    doors: await memoryDoors(),
    basePort: 0,
    adminToken: 'ports',
    limits: LIMITS,
  });
  const { rpcUrl, faucetUrl, relayUrl, aggregatorUrl, adminUrl, nodes } = served.description;
  const urls = [rpcUrl, faucetUrl, relayUrl, aggregatorUrl, adminUrl, nodes[0]?.url ?? ''];
  ports = urls.map((url) => Number(new URL(url).port));
}, 60_000);
afterAll(() => served.close());

/** Requests that are right as far as HTTP goes, to be spoiled. */
function samples(port: number): Uint8Array[] {
  const blob = '/v1/blobs/BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';
  const host = `Host: 127.0.0.1:${port}`;
  const texts = [
    `GET ${blob}/metadata HTTP/1.1\r\n${host}\r\n\r\n`,
    `PUT ${blob}/slivers/0/primary HTTP/1.1\r\n${host}\r\nContent-Length: 5\r\n\r\nhello`,
    `PUT ${blob}/metadata HTTP/1.1\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    `PUT ${blob}/slivers/1/secondary HTTP/1.1\r\n${host}\r\nContent-Length: 99999999999\r\n\r\n`,
    `POST /v1/blob-upload-relay?blob_id=x HTTP/1.1\r\n${host}\r\nContent-Length: 4\r\n\r\nblob`,
    `POST /sui.rpc.v2.LedgerService/GetServiceInfo HTTP/1.1\r\n${host}\r\nContent-Type: application/grpc-web+proto\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0`,
    `POST /v2/gas HTTP/1.1\r\n${host}\r\nContent-Length: 2\r\n\r\n{}`,
    `GET /admin/state HTTP/1.1\r\n${host}\r\nAuthorization: Bearer ports\r\n\r\n`,
    `GET /v1/blobs/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: evil.test\r\n\r\n`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ];
  return texts.map((text) => new Uint8Array(Buffer.from(text, 'latin1')));
}

/** Sends bytes over a socket of their own. @returns the status of the answer; 0 if there is none */
function sendRaw(port: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (chunk) => {
      if (text.length < 100) text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)));
  });
}

/** Clients that never come to an end: the server has to end them. @returns a function that ends all, and their count */
function slowClients(): { lost(): number; end(): void } {
  let lost = 0;
  let over = false;
  const sockets = new Set<Socket>();
  const begin = (i: number) => {
    if (over) return;
    const port = ports[i % ports.length] as number;
    const head = `PUT /v1/blobs/x/metadata HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
    const text = i % 2 === 0 ? head : `${head}Content-Length: 1000\r\n\r\n`;
    const socket = connect(port, '127.0.0.1');
    sockets.add(socket);
    let at = 0;
    const timer = setInterval(() => socket.write(text[at++] ?? 'x'), 50);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      sockets.delete(socket);
      lost += 1;
      setTimeout(begin, 20, i);
    });
  };
  for (let i = 0; i < SLOW_CLIENTS; i++) begin(i);
  return {
    lost: () => lost,
    end() {
      over = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

it('every port survives what is no HTTP, what never ends, and what is too much', async () => {
  const random = new Xorshift(SEED);
  const heap = await heldBytes();
  const slow = slowClients();
  const statuses = new Map<number, number>();
  let sent = 0;
  const send = async (port: number, bytes: Uint8Array) => {
    const status = await sendRaw(port, bytes);
    expect(status, Buffer.from(bytes).toString('latin1')).not.toBe(500);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    sent += 1;
  };
  for (const port of ports) for (const bytes of samples(port)) await send(port, bytes);
  for (const end = performance.now() + Math.max(SECONDS, 4) * 1_000; performance.now() < end; ) {
    const port = ports[random.below(ports.length)] as number;
    const all = samples(port);
    const pick = () => all[random.below(all.length)] as Uint8Array;
    await send(port, mutate(pick(), pick(), random));
  }
  expect(sent).toBeGreaterThan(SECONDS * 10);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 413, 421]));
  expect(slow.lost()).toBeGreaterThanOrEqual(SLOW_CLIENTS / 2);
  slow.end();
  expect((await heldBytes()) - heap).toBeLessThan(HEAP_SPARE);
  for (const port of ports) {
    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.status).toBeLessThan(500);
    await response.arrayBuffer();
  }
  for (const { url } of served.description.nodes) {
    expect((await fetch(`${url}/v1/health`)).status).toBe(200);
  }
});
