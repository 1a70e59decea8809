import { Agent, request as httpRequest } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectSocket, createServer as createNetServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../../src/devnet/byte-budget.ts';
import { LinkError } from '../../../../src/devnet/faults/link-error.ts';
import { broken } from '../../../../src/devnet/faults/pace.ts';
import { NodeFleet } from '../../../../src/devnet/fleet.ts';
import {
  type Listener,
  type ListenOptions,
  listen,
  PortBusyError,
} from '../../../../src/devnet/http.ts';
import { createLocalCa, selfSigned } from '../../../../src/devnet/tls/local-ca-door.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import { fleetOptions, fleetPorts, settled } from '../../../support/devnet/test-fleet.ts';

let listener: Listener | undefined;
let handler: ListenOptions['handler'];
beforeEach(() => {
  handler = async () => new Response('fine');
});
afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

async function start(options: Partial<ListenOptions> = {}): Promise<Listener> {
  const defaults = { port: 0, clock: systemClock, handler: (request: Request) => handler(request) };
  listener = await listen({ ...defaults, ...options });
  return listener;
}

/** Sends text over a bare socket and gives all that comes back until it closes. */
function raw(
  port: number,
  text: string,
  hold = false,
): Promise<{ text: string; reset: boolean; ms: number }> {
  return new Promise((resolve) => {
    const begin = performance.now();
    let received = '';
    let reset = false;
    const socket = connectSocket(port, '127.0.0.1', () => {
      socket.write(text);
      if (!hold) socket.end();
    });
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      reset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
    });
    socket.on('close', () => resolve({ text: received, reset, ms: performance.now() - begin }));
  });
}

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.name,
  );

describe('a port', () => {
  it('passes requests and answers with their bodies', async () => {
    handler = async (request) => {
      const body = await request.text();
      const seen = [
        request.method,
        new URL(request.url).pathname,
        request.headers.get('x-a'),
        body,
      ];
      return new Response(JSON.stringify(seen), { status: 201, headers: { 'x-b': '2' } });
    };
    const { origin } = await start();
    const init = { method: 'PUT', body: 'hello', headers: { 'x-a': '1' } };
    const response = await fetch(`${origin}/p?q=1`, init);
    expect([response.status, response.headers.get('x-b')]).toEqual([201, '2']);
    expect(await response.json()).toEqual(['PUT', '/p', '1', 'hello']);
  });

  it('streams large bodies both ways without keeping them', async () => {
    let most = 0;
    handler = async (request) => {
      let bytes = 0;
      for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>) {
        bytes += piece.length;
        most = Math.max(most, piece.length);
      }
      let left = 200;
      const body = new ReadableStream({
        pull(controller) {
          if (left-- > 0) controller.enqueue(new Uint8Array(100_000).fill(bytes & 255));
          else controller.close();
        },
      });
      return new Response(body, { headers: { 'content-length': '20000000' } });
    };
    const { origin } = await start();
    const response = await fetch(origin, { method: 'PUT', body: new Uint8Array(8_000_001) });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes.length).toBe(20_000_000);
    expect(bytes.every((byte) => byte === (8_000_001 & 255))).toBe(true);
    expect(most).toBeLessThan(1_000_000);
  });

  it('keeps connections alive', async () => {
    const { port } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<Socket>();
    for (let i = 0; i < 3; i++) {
      await new Promise<void>((resolve, reject) => {
        const request = httpRequest({ port, host: '127.0.0.1', agent }, (response) => {
          response.resume().on('end', resolve);
        });
        request
          .on('socket', (socket) => sockets.add(socket))
          .on('error', reject)
          .end();
      });
    }
    agent.destroy();
    expect(sockets.size).toBe(1);
  });

  it('is 127.0.0.1 alone and wants to be asked by its own name', async () => {
    const { port } = await start();
    const ask = (host: string) => raw(port, `GET / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    for (const name of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      expect((await ask(`Host: ${name}\r\n`)).text).toMatch(/^HTTP\/1.1 200/);
    }
    for (const name of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1:1',
      `127.0.0.1:${port}/x`,
    ]) {
      expect((await ask(`Host: ${name}\r\n`)).text, name).toMatch(/^HTTP\/1.1 4(21|00)/);
    }
    expect((await ask('')).text).toMatch(/^HTTP\/1.1 400/);
    await listener?.close();
    await start({ hosts: ['node.test'] });
    const again = await raw(listener?.port ?? 0, 'GET / HTTP/1.0\r\nHost: node.test\r\n\r\n');
    expect(again.text).toMatch(/^HTTP\/1.1 200/);
  });

  it('says so if somebody else has it', async () => {
    const other = createNetServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toThrow(PortBusyError);
    await expect(start({ port })).rejects.toThrow(`port ${port} is in use`);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('clients that are slow, greedy or broken', () => {
  it('lose their connection if they never end their headers', async () => {
    const { port } = await start({ limits: { headersMs: 100 } });
    const { ms, text } = await raw(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-A: ', true);
    expect(ms).toBeGreaterThan(90);
    expect(ms).toBeLessThan(4_000);
    expect(text === '' || text.startsWith('HTTP/1.1 408')).toBe(true);
  });

  it('lose it if they fall silent in the middle of a body, and the handler hears of it', async () => {
    let heard: unknown;
    handler = async (request) => {
      heard = await request.text().catch((error: unknown) => error);
      return new Response('late');
    };
    const { port } = await start({ limits: { bodyIdleMs: 60 } });
    const head = `PUT / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 100\r\n\r\nonly this`;
    const { ms, text } = await raw(port, head, true);
    expect(text).toBe('');
    expect(ms).toBeLessThan(2_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard).toBeInstanceOf(LinkError);
  });

  it('get their answer although they are still sending, and then lose the connection', async () => {
    handler = async () => new Response('too much', { status: 413 });
    const { port } = await start();
    const head = `PUT / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 1000000000\r\n\r\n`;
    const { text, ms } = await raw(port, head + 'x'.repeat(200_000), true);
    expect(text).toMatch(/^HTTP\/1.1 413/);
    expect(text.toLowerCase()).toContain('connection: close');
    expect(ms).toBeLessThan(8_000);
  });

  it('do harm to nobody with bytes that are no HTTP', async () => {
    const { port, origin } = await start();
    for (const text of [
      '\0\0\0\0',
      'GET',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
    ]) {
      const answer = await raw(port, text);
      expect(answer.text === '' || /^HTTP\/1.1 4/.test(answer.text), text.slice(0, 20)).toBe(true);
    }
    expect((await fetch(origin)).status).toBe(200);
  });

  it('share a number of connections', async () => {
    const { port } = await start({ limits: { connections: 2 } });
    const open = await Promise.all(
      [0, 1].map(
        () =>
          new Promise<Socket>((resolve) => {
            const socket = connectSocket(port, '127.0.0.1', () => resolve(socket));
          }),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await raw(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)).text).toBe('');
    for (const socket of open) socket.destroy();
  });

  it('share the memory for bodies: who comes later waits', async () => {
    let inside = 0;
    let most = 0;
    handler = async (request) => {
      await request.arrayBuffer();
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 15));
      inside -= 1;
      return new Response('ok');
    };
    const budget = new ByteBudget(250_000);
    const { origin } = await start({ budget });
    const put = () => fetch(origin, { method: 'PUT', body: new Uint8Array(100_000) });
    const answers = await Promise.all(Array.from({ length: 8 }, put));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(most).toBe(2);
    expect(budget.used).toBe(0);
    const whole = await fetch(origin, { method: 'PUT', body: new Uint8Array(900_000) });
    expect(whole.status).toBe(200);
  });
});

describe('requests that are held back', () => {
  it('take no memory from others', async () => {
    const held: (() => void)[] = [];
    handler = async (request) => {
      if (request.url.endsWith('/hold')) await new Promise<void>((go) => held.push(go));
      return new Response(String((await request.arrayBuffer()).byteLength));
    };
    const budget = new ByteBudget(250_000);
    const { origin } = await start({ budget });
    const put = (path: string) =>
      fetch(origin + path, { method: 'PUT', body: new Uint8Array(200_000) });
    const waiting = [put('/hold'), put('/hold'), put('/hold')];
    const gone = new AbortController();
    const left = fetch(`${origin}/hold`, {
      ...{ method: 'PUT', body: new Uint8Array(200_000), signal: gone.signal },
    }).catch(() => 'left');
    while (held.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await (await put('/')).text()).toBe('200000');
    await expect.poll(() => budget.used).toBe(0);
    gone.abort();
    expect(await left).toBe('left');
    for (const go of held) go();
    for (const each of waiting) expect(await (await each).text()).toBe('200000');
    await expect.poll(() => budget.used).toBe(0);
  });
});

describe('broken connections', () => {
  it('are reset or closed as the handler says', async () => {
    const { port } = await start();
    const get = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
    handler = async () => Promise.reject(new LinkError('reset'));
    expect(await raw(port, get, true)).toMatchObject({ text: '', reset: true });
    handler = async () => Promise.reject(new LinkError('closed'));
    expect(await raw(port, get, true)).toMatchObject({ text: '', reset: false });
    const body = new TextEncoder().encode('half of it');
    for (const end of ['reset', 'closed'] as const) {
      handler = async () =>
        new Response(broken(body, end), { headers: { 'content-length': '20' } });
      const answer = await raw(port, get, true);
      expect(answer.reset).toBe(end === 'reset');
      if (end === 'closed') expect(answer.text.endsWith('half of it')).toBe(true);
      expect(await outcome(fetch(`http://127.0.0.1:${port}`).then((r) => r.text()))).not.toBe(
        'fine',
      );
    }
  });
});

describe('TLS', () => {
  const ca = createLocalCa(Date.now());

  it('speaks HTTP/2 and HTTP/1.1 with a certificate of a local authority', async () => {
    handler = async (request) => new Response(`${request.method} ${await request.text()}`);
    const { origin, port } = await start({
      tls: { ...ca.issue(['localhost', '127.0.0.1']), h2: true },
    });
    expect(origin).toBe(`https://127.0.0.1:${port}`);
    const session = connectHttp2(origin, { ca: ca.cert });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const stream = session.request({ ':method': 'PUT', ':path': '/x' });
        stream.end(`body ${i}`);
        return new Promise<string>((resolve, reject) => {
          let text = '';
          stream.setEncoding('utf8').on('data', (piece: string) => {
            text += piece;
          });
          stream.on('end', () => resolve(text)).on('error', reject);
        });
      }),
    );
    session.close();
    expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => `PUT body ${i}`));
    const status = await new Promise<string>((resolve, reject) => {
      const request = httpsRequest({ port, host: 'localhost', ca: ca.cert }, (response) => {
        response.resume();
        resolve(`${response.httpVersion} ${response.statusCode}`);
      });
      request.on('error', reject).end();
    });
    expect(status).toBe('1.1 200');
  });

  it('ends a stream of HTTP/2 without ending the others', async () => {
    handler = async (request) => {
      if (request.url.endsWith('/bad')) throw new LinkError('reset');
      return new Response('good');
    };
    const { origin } = await start({ tls: { ...ca.issue(['127.0.0.1']), h2: true } });
    const session = connectHttp2(origin, { ca: ca.cert });
    const ask = (path: string) =>
      new Promise<string>((resolve) => {
        const stream = session.request({ ':path': path });
        stream.on('error', () => resolve('broken')).on('end', () => resolve('ended'));
        stream.on('close', () => resolve('closed')).resume();
      });
    expect(await ask('/bad')).not.toBe('ended');
    expect(await ask('/good')).toBe('ended');
    session.close();
  });

  it('survives clients of HTTP/2 that break off, in any way', async () => {
    const asked: string[] = [];
    handler = async (request) => {
      asked.push(request.url);
      await request.arrayBuffer().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 10));
      return new Response(new Uint8Array(1 << 20));
    };
    const { origin } = await start({ tls: { ...ca.issue(['127.0.0.1']), h2: true } });
    const { NGHTTP2_CANCEL, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_NO_ERROR } = constants;
    for (const code of [NGHTTP2_CANCEL, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_NO_ERROR]) {
      for (const method of ['GET', 'PUT']) {
        for (const waitMs of [0, 5, 25]) {
          const session = connectHttp2(origin, { ca: ca.cert });
          session.on('error', () => undefined);
          const before = asked.length;
          const stream = session.request({ ':path': '/', ':method': method }, { endStream: false });
          stream.on('error', () => undefined);
          stream.write('some');
          await expect.poll(() => asked.length, { interval: 1, timeout: 5_000 }).toBe(before + 1);
          await new Promise((resolve) => setTimeout(resolve, waitMs));
          stream.close(code);
          await new Promise((resolve) => setTimeout(resolve, 5));
          session.destroy();
        }
      }
    }
    expect(asked.length).toBe(18);
    const session = connectHttp2(origin, { ca: ca.cert });
    const stream = session.request({ ':path': '/' });
    let bytes = 0;
    for await (const chunk of stream) bytes += chunk.length;
    expect(bytes).toBe(1 << 20);
    session.close();
  });

  it('is refused if self-signed', async () => {
    const tls = { ...selfSigned(Date.now(), ['127.0.0.1']), h2: false };
    const { origin } = await start({ tls });
    expect(await outcome(fetch(origin))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });
});

describe('the ports of a fleet', () => {
  it('open and close with the nodes', async () => {
    let fleet: NodeFleet | undefined;
    const ports = await fleetPorts(5, (index, request) => {
      return (fleet as NodeFleet).handle(index, request);
    });
    const options = await fleetOptions();
    fleet = new NodeFleet({ ...options, onPort: (index, open) => ports.set(index, open) });
    await fleet.start();
    await settled(fleet);
    const url = `http://${ports.addresses[0]}/v1/health`;
    expect((await fetch(url)).status).toBe(200);
    await fleet.setFaults(0, [{ action: { type: 'refuse' } }]);
    expect(await outcome(fetch(url))).toBe('ECONNREFUSED');
    await fleet.slot(0).restart();
    expect(await outcome(fetch(url))).toBe('ECONNREFUSED');
    await fleet.setFaults(0, [{ action: { type: 'blackhole' } }]);
    expect(await outcome(fetch(url, { signal: AbortSignal.timeout(60) }))).toBe('TimeoutError');
    await fleet.setFaults(0, []);
    expect((await fetch(url)).status).toBe(200);
    const waiting = fleet
      .setFaults(0, [{ action: { type: 'blackhole' } }])
      .then(() => outcome(fetch(url)));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await fleet.slot(0).kill();
    expect(await waiting).not.toBe('fine');
    expect(await outcome(fetch(url))).toBe('ECONNREFUSED');
    expect((await fetch(`http://${ports.addresses[1]}/v1/health`)).status).toBe(200);
    await fleet.stop();
    await ports.close();
  });
});
