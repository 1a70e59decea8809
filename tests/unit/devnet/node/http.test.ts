import { Agent, request as httpRequest } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LinkError } from '../../../../src/devnet/faults/link-error.ts';
import { broken } from '../../../../src/devnet/faults/pace.ts';
import { NodeFleet } from '../../../../src/devnet/fleet.ts';
import { PortBusyError } from '../../../../src/devnet/http.ts';
import { outcome, raw, testPort } from '../../../support/devnet/ports-of-test.ts';
import { fleetOptions, fleetPorts, settled } from '../../../support/devnet/test-fleet.ts';

const served = testPort();

describe('a port', () => {
  it('passes requests and answers with their bodies', async () => {
    served.handler = async (request) => {
      const body = await request.text();
      const seen = [
        request.method,
        new URL(request.url).pathname,
        request.headers.get('x-a'),
        body,
      ];
      return new Response(JSON.stringify(seen), { status: 201, headers: { 'x-b': '2' } });
    };
    const { origin } = await served.start();
    const init = { method: 'PUT', body: 'hello', headers: { 'x-a': '1' } };
    const response = await fetch(`${origin}/p?q=1`, init);
    expect([response.status, response.headers.get('x-b')]).toEqual([201, '2']);
    expect(await response.json()).toEqual(['PUT', '/p', '1', 'hello']);
  });

  it('streams large bodies both ways without keeping them', async () => {
    let most = 0;
    served.handler = async (request) => {
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
    const { origin } = await served.start();
    const response = await fetch(origin, { method: 'PUT', body: new Uint8Array(8_000_001) });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes.length).toBe(20_000_000);
    expect(bytes.every((byte) => byte === (8_000_001 & 255))).toBe(true);
    expect(most).toBeLessThan(1_000_000);
  });

  it('keeps connections alive', async () => {
    const { port } = await served.start();
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
    const { port } = await served.start();
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
    const other = await served.start({ hosts: ['node.test'] });
    const again = await raw(other.port, 'GET / HTTP/1.0\r\nHost: node.test\r\n\r\n');
    expect(again.text).toMatch(/^HTTP\/1.1 200/);
  });

  it('says so if somebody else has it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(served.start({ port })).rejects.toThrow(PortBusyError);
    await expect(served.start({ port })).rejects.toThrow(`port ${port} is in use`);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('broken connections', () => {
  it('are reset or closed as the handler says', async () => {
    const { port } = await served.start();
    const get = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
    served.handler = async () => Promise.reject(new LinkError('reset'));
    expect(await raw(port, get, true)).toMatchObject({ text: '', reset: true });
    served.handler = async () => Promise.reject(new LinkError('closed'));
    expect(await raw(port, get, true)).toMatchObject({ text: '', reset: false });
    const body = new TextEncoder().encode('half of it');
    for (const end of ['reset', 'closed'] as const) {
      served.handler = async () =>
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
