import { describe, expect, it } from 'vitest';
import { isPrivate, publicNodeUrl, publicTransport } from '../../../src/network/public-hosts.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';

const hostOf = (url: string) => new URL(url).hostname;

describe('a node of a public network', () => {
  it.each([
    ...['127.0.0.1', '127.1', '0x7f.1', '2130706433', '10.0.0.7', '172.16.0.1', '172.31.255.1'],
    ...['192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', 'localhost'],
    ...['a.localhost', 'printer.local', 'router', 'x.internal', 'LOCALHOST.', '[::1]', '[::]'],
    ...['[fe80::1]', '[fd00::1]', '[::ffff:127.0.0.1]', '[2002:7f00:1::]', '[2::1]'],
  ])('is not looked for at %s', async (host) => {
    expect(isPrivate(hostOf(`https://${host}:9185/`))).toBe(true);
    let asked = 0;
    const transport = publicTransport({
      send: async () => {
        asked++;
        return new Response();
      },
    });
    const { signal } = new AbortController();
    const request = { url: `https://${host}:9185/v1/health`, method: 'GET' } as const;
    const limits = { idleMs: 1, maxBytes: 1 };
    const error: unknown = await transport.send(request, limits, signal).catch((e: unknown) => e);
    expect([isHauloutError(error, 'host-unreachable'), asked]).toEqual([true, 0]);
  });

  it.each([
    ...['walrus.example.com', '8.8.8.8', '172.32.0.1', '100.128.0.1', '[2a00:1450::1]', 'a.b-c.io'],
  ])('may be at %s', (host) => {
    expect(isPrivate(hostOf(`https://${host}/`))).toBe(false);
    expect(publicNodeUrl(`${host}:9185`)).toBe(`https://${host}:9185`);
  });

  it.each([
    ...['', 'a.io/x?', 'user@a.io', 'a.io#', 'a b.io', 'a.io:123456', 'https://a.io', 'a.io:80/..'],
  ])('is nowhere if it calls itself %j', (address) => {
    expect(publicNodeUrl(address)).toBe('https://nobody.invalid');
  });
});
