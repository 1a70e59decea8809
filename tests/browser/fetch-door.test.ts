import { describe, expect, it } from 'vitest';
import { fetchTransport } from '../../src/network/fetch-door.ts';
import { isHauloutError } from '../../src/protocol/errors.ts';
import { systemClock } from '../../src/workers/doors.ts';

const SIZE = 24 << 20;
const transport = fetchTransport(systemClock);
const limits = { idleMs: 20_000, maxBytes: 10_000 };
const echo = (path = '') => new URL(`/echo${path}`, location.href).href;
const post = (path = '', size = SIZE) =>
  ({ url: echo(path), method: 'POST', body: new Blob([new Uint8Array(size)]) }) as const;
const failed = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (isHauloutError(error) ? error.code : error),
  );

describe('fetchTransport in a browser', () => {
  it('tells the progress of an upload, and gives the answer', async () => {
    const sent: number[] = [];
    const onSent = (bytes: number) => sent.push(bytes);
    const { signal } = new AbortController();
    const response = await transport.send(post(), { ...limits, onSent }, signal);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({ bytes: SIZE });
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
    expect(sent.at(-1)).toBe(SIZE);
  });

  it('gives refusals as they are', async () => {
    const { signal } = new AbortController();
    const onSent = () => {};
    const response = await transport.send(post('/refuse', 10), { ...limits, onSent }, signal);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ bytes: 10 });
  });

  it('says nothing of where it comes from', async () => {
    const { signal } = new AbortController();
    const response = await transport.send(post('', 10), limits, signal);
    const seen = await response.json();
    expect(seen).not.toHaveProperty('referer');
    expect(seen).not.toHaveProperty('cookie');
  });

  it.each([undefined, () => {}])('takes no answer from elsewhere', async (onSent) => {
    const { signal } = new AbortController();
    const told = onSent === undefined ? limits : { ...limits, onSent };
    expect(await failed(transport.send(post('/redirect', 10), told, signal))).toBe(
      'host-unreachable',
    );
    const { redirected } = await (await fetch(echo(), { method: 'POST' })).json();
    expect(redirected).toBeGreaterThan(0);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const onSent = () => stop.abort();
    expect(await failed(transport.send(post(), { ...limits, onSent }, stop.signal))).toBe(
      'aborted',
    );
  });

  it('leaves no rejection behind when it is ended in mid-answer', async () => {
    const unhandled: unknown[] = [];
    const note = ({ reason }: PromiseRejectionEvent) => unhandled.push(reason);
    addEventListener('unhandledrejection', note);
    const reads: ((response: Response) => Promise<unknown>)[] = [
      (response) => response.text(),
      async (response) => response.body?.getReader().read(),
      async () => undefined,
    ];
    for (const read of reads) {
      const stop = new AbortController();
      const request = { url: echo('/endless'), method: 'GET' } as const;
      const reading = read(await transport.send(request, limits, stop.signal));
      stop.abort();
      await reading.catch(() => undefined);
      await systemClock.sleep(50); // what nobody handles is told a little later
    }
    removeEventListener('unhandledrejection', note);
    expect(unhandled).toEqual([]);
  });

  it('tells a host that is not there', async () => {
    const { signal } = new AbortController();
    const request = { url: 'http://127.0.0.1:9/', method: 'POST', body: new Blob(['x']) } as const;
    for (const onSent of [undefined, () => {}]) {
      const told = onSent === undefined ? limits : { ...limits, onSent };
      expect(await failed(transport.send(request, told, signal))).toBe('host-unreachable');
    }
  });
});
