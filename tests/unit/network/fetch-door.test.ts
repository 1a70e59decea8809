import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchTransport } from '../../../src/network/fetch-door.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import { systemClock } from '../../../src/workers/doors.ts';

const LIMITS = { idleMs: 5_000, maxBytes: 1_000 };
const { signal } = new AbortController();
const transport = fetchTransport(systemClock);
const failed = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (isHauloutError(error) ? { code: error.code, ...error.detail } : error),
  );

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(handler: (incoming: IncomingMessage, outgoing: ServerResponse) => void) {
  server = createServer(handler);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/x`, host: `127.0.0.1:${port}` };
}

describe('fetchTransport over sockets', () => {
  it('carries a body and its answer, and tells nobody where it comes from', async () => {
    let seen: IncomingMessage['headers'] = {};
    const { url } = await serve(async (incoming, outgoing) => {
      seen = incoming.headers;
      let bytes = 0;
      for await (const chunk of incoming) bytes += (chunk as Buffer).length;
      outgoing.writeHead(201, { 'set-cookie': 'a=b', 'content-type': 'text/plain' });
      outgoing.end(String(bytes));
    });
    const put = () => ({ url, method: 'PUT', body: new Uint8Array(70_000) }) as const;
    for (let i = 0; i < 2; i++) {
      const response = await transport.send(put(), LIMITS, signal);
      expect([response.status, await response.text()]).toEqual([201, '70000']);
    }
    expect([seen['content-length'], seen.cookie, seen.referer]).toEqual([
      '70000',
      undefined,
      undefined,
    ]);
  });

  it('tells how many bytes of a large body are gone, which still has a length', async () => {
    let length: string | undefined;
    const { url } = await serve(async (incoming, outgoing) => {
      length = incoming.headers['content-length'];
      let bytes = 0;
      for await (const chunk of incoming) bytes += (chunk as Buffer).length;
      outgoing.end(String(bytes));
    });
    const size = 3 << 20;
    const body = new Blob([new Uint8Array(size)]);
    const sent: number[] = [];
    const request = { url, method: 'POST', body } as const;
    const limits = { ...LIMITS, onSent: (bytes: number) => sent.push(bytes) };
    const response = await transport.send(request, limits, signal);
    expect(await response.text()).toBe(String(size));
    expect(length).toBe(String(size));
    expect(sent.length).toBeGreaterThan(3);
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
    expect(sent.at(-1)).toBe(size);
  });

  it('follows no redirect', async () => {
    const visited: string[] = [];
    const { url, host } = await serve((incoming, outgoing) => {
      visited.push(incoming.url ?? '');
      outgoing.writeHead(307, { location: '/elsewhere' });
      outgoing.end();
    });
    const work = transport.send({ url, method: 'GET' }, LIMITS, signal);
    expect(await failed(work)).toEqual({ code: 'host-unreachable', host });
    expect(visited).toEqual(['/x']);
  });

  it('gives up on silence, before the answer and within it', async () => {
    const { url, host } = await serve((incoming, outgoing) => {
      if (incoming.url === '/x') return;
      outgoing.writeHead(200, { 'content-length': '100' });
      outgoing.write('half');
    });
    const limits = { ...LIMITS, idleMs: 200 };
    const silent = { code: 'host-silent', host, seconds: 0 };
    expect(await failed(transport.send({ url, method: 'GET' }, limits, signal))).toEqual(silent);
    const response = await transport.send({ url: `${url}/half`, method: 'GET' }, limits, signal);
    expect(await failed(response.text())).toEqual(silent);
  });

  it('does not give up on what is slow but moves', async () => {
    const { url } = await serve(async (_, outgoing) => {
      for (let i = 0; i < 8; i++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        outgoing.write('x');
      }
      outgoing.end();
    });
    const response = await transport.send(
      { url, method: 'GET' },
      { ...LIMITS, idleMs: 600 },
      signal,
    );
    expect(await response.text()).toBe('xxxxxxxx');
  });

  it('tells a broken connection from a host that is not there, and ends when it is told', async () => {
    const { url, host } = await serve((_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '100' });
      outgoing.write('half');
      setTimeout(() => outgoing.destroy(), 50);
    });
    const response = await transport.send({ url, method: 'GET' }, LIMITS, signal);
    expect(await failed(response.text())).toEqual({ code: 'answer-unusable', host, reason: 'cut' });
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    expect(await failed(transport.send({ url, method: 'GET' }, LIMITS, signal))).toEqual({
      code: 'host-unreachable',
      host,
    });
  });

  it('reads no endless body', async () => {
    let closed = false;
    const { url, host } = await serve((_, outgoing) => {
      const more = setInterval(() => outgoing.write(Buffer.alloc(500)), 5);
      outgoing.on('close', () => {
        closed = true;
        clearInterval(more);
      });
    });
    const response = await transport.send({ url, method: 'GET' }, LIMITS, signal);
    expect(await failed(response.text())).toEqual({
      ...{ code: 'answer-unusable', host, reason: 'too-long' },
    });
    await expect.poll(() => closed).toBe(true);
  });
});
