import { connect as connectSocket, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../../src/devnet/byte-budget.ts';
import { LinkError } from '../../../../src/devnet/faults/link-error.ts';
import { seededRandom } from '../../../../src/devnet/seeded-random.ts';
import { type Service, ServiceSlot } from '../../../../src/devnet/service/service-slot.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import { raw, testPort } from '../../../support/devnet/ports-of-test.ts';

const served = testPort();

describe('clients that are slow, greedy or broken', () => {
  it('lose their connection if they never end their headers', async () => {
    const { port } = await served.start({ limits: { headersMs: 100 } });
    const { ms, text } = await raw(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-A: ', true);
    expect(ms).toBeGreaterThan(90);
    expect(ms).toBeLessThan(4_000);
    expect(text === '' || text.startsWith('HTTP/1.1 408')).toBe(true);
  });

  it('lose it if they fall silent in the middle of a body, and the handler hears of it', async () => {
    let heard: unknown;
    served.handler = async (request) => {
      heard = await request.text().catch((error: unknown) => error);
      return new Response('late');
    };
    const { port } = await served.start({ limits: { bodyIdleMs: 60 } });
    const head = `PUT / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 100\r\n\r\nonly this`;
    const { ms, text } = await raw(port, head, true);
    expect(text).toBe('');
    expect(ms).toBeLessThan(2_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard).toBeInstanceOf(LinkError);
  });

  it('get their answer although they are still sending, and then lose the connection', async () => {
    served.handler = async () => new Response('too much', { status: 413 });
    const { port } = await served.start();
    const head = `PUT / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 1000000000\r\n\r\n`;
    const { text, ms } = await raw(port, head + 'x'.repeat(200_000), true);
    expect(text).toMatch(/^HTTP\/1.1 413/);
    expect(text.toLowerCase()).toContain('connection: close');
    expect(ms).toBeLessThan(8_000);
  });

  it('do harm to nobody with bytes that are no HTTP', async () => {
    const { port, origin } = await served.start();
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
    const { port } = await served.start({ limits: { connections: 2 } });
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
    served.handler = async (request) => {
      await request.arrayBuffer();
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 15));
      inside -= 1;
      return new Response('ok');
    };
    const budget = new ByteBudget(250_000);
    const { origin } = await served.start({ budget });
    const put = () => fetch(origin, { method: 'PUT', body: new Uint8Array(100_000) });
    const answers = await Promise.all(Array.from({ length: 8 }, put));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(most).toBe(2);
    expect(budget.used).toBe(0);
    const whole = await fetch(origin, { method: 'PUT', body: new Uint8Array(900_000) });
    expect(whole.status).toBe(200);
  });

  it('may send as much as the handler reads where they do not say how much', async () => {
    const budget = new ByteBudget(250_000);
    served.handler = async (request) => {
      await request.arrayBuffer();
      return new Response(String(budget.used));
    };
    const { port } = await served.start({ budget, maxBody: 70_000 });
    const head = `PUT / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n`;
    const { text } = await raw(
      port,
      `${head}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
      true,
    );
    expect(text).toContain('70000');
  });
});

describe('requests that are held back', () => {
  it('take no memory from others', async () => {
    const held: (() => void)[] = [];
    served.handler = async (request) => {
      if (request.url.endsWith('/hold')) await new Promise<void>((go) => held.push(go));
      return new Response(String((await request.arrayBuffer()).byteLength));
    };
    const budget = new ByteBudget(250_000);
    const { origin } = await served.start({ budget });
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

it.each(['hold', 'blackhole'] as const)(
  'a client that leaves is no longer kept by %s',
  async (type) => {
    const service: Service = { handle: async () => new Response('fine') };
    const random = seededRandom('a', 'b');
    const slot = new ServiceSlot({
      name: 'x',
      clock: systemClock,
      random,
      start: async () => service,
    });
    await slot.start();
    await slot.setFaults([{ action: type === 'hold' ? { type, name: 'gate' } : { type } }]);
    let asked = 0;
    let ended: unknown;
    served.handler = (request) => {
      asked += 1;
      const answer = slot.handle(request);
      answer.catch((error: unknown) => {
        ended = error;
      });
      return answer;
    };
    const { origin } = await served.start();
    const gone = new AbortController();
    const left = fetch(origin, { signal: gone.signal }).catch(() => 'left');
    await expect.poll(() => asked).toBe(1);
    expect(slot.faults.held).toEqual(type === 'hold' ? ['gate'] : []);
    gone.abort();
    expect(await left).toBe('left');
    await expect.poll(() => ended).toEqual(new LinkError('reset'));
    expect(slot.faults.held).toEqual([]);
    expect(slot.log.since()).toMatchObject([{ status: 0, fault: type }]);
  },
);
