import { describe, expect, it } from 'vitest';
import { type Exchange, limitedTransport } from '../../../src/network/limited-transport.ts';
import { HauloutError, isHauloutError } from '../../../src/protocol/errors.ts';
import type { TransportLimits } from '../../../src/protocol/ports.ts';
import { handClock } from '../../support/devnet/local-sui.ts';

const URL = 'http://node.test:9185/v1/x';
const LIMITS = { idleMs: 1_000, maxBytes: 100 };
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const textOf = (error: unknown) =>
  isHauloutError(error) ? [error.code, error.detail] : ['not typed', error];

function exchange(how: Exchange, limits: TransportLimits = LIMITS) {
  const clock = handClock();
  const stop = new AbortController();
  const transport = limitedTransport(how, clock);
  const response = transport.send({ url: URL, method: 'GET' }, limits, stop.signal);
  response.catch(() => {});
  const failed = (work: Promise<unknown>) => work.then(() => 'no error', textOf);
  return { clock, stop, response, failed };
}

/** A body that is written by hand. */
function handBody() {
  let control: ReadableStreamDefaultController<Uint8Array> | undefined;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      control = controller;
    },
    cancel: () => {
      cancelled = true;
    },
  });
  return {
    body: body as ReadableStream<Uint8Array<ArrayBuffer>>,
    write: (bytes: number) => control?.enqueue(new Uint8Array(bytes)),
    end: () => control?.close(),
    cut: () => control?.error(new TypeError('terminated')),
    cancelled: () => cancelled,
  };
}

describe('limitedTransport', () => {
  it('gives an answer through as it is', async () => {
    const headers = { 'content-type': 'text/plain', 'x-other': 'y' };
    const { response } = exchange(async () => new Response('words', { status: 201, headers }));
    const got = await response;
    expect([got.status, got.headers.get('x-other'), await got.text()]).toEqual([201, 'y', 'words']);
    const { response: empty } = exchange(async () => new Response(null, { status: 204 }));
    expect((await empty).status).toBe(204);
  });

  it('gives up on an answer that does not begin', async () => {
    const { clock, response, failed } = exchange(() => new Promise(() => {}));
    clock.advance(999);
    await turn();
    clock.advance(1);
    expect(await failed(response)).toEqual(['host-silent', { host: 'node.test:9185', seconds: 1 }]);
  });

  it('counts silence from the last byte, in both directions', async () => {
    const hand = handBody();
    let tell: ((bytes: number) => void) | undefined;
    let answer: (response: Response) => void = () => {};
    const told: number[] = [];
    const { clock, response, failed } = exchange(
      (_, __, onSent) => {
        tell = onSent;
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      { ...LIMITS, onSent: (bytes) => told.push(bytes) },
    );
    for (const [ms, bytes] of [
      [900, 10],
      [900, 20],
      [40, 20],
      [40, 15],
      [900, 30],
    ] as const) {
      clock.advance(ms);
      tell?.(bytes);
      await turn();
    }
    expect(told).toEqual([10, 20, 30]); // the same again, or less, is no progress
    answer(new Response(hand.body));
    const text = (await response).text();
    for (let i = 0; i < 3; i++) {
      clock.advance(900);
      hand.write(1);
      await turn();
    }
    clock.advance(1_000);
    expect(await failed(text)).toEqual(['host-silent', { host: 'node.test:9185', seconds: 1 }]);
    await turn();
    expect(hand.cancelled()).toBe(true);
  });

  it('ends a body that goes on after the limit, whatever its length says', async () => {
    const hand = handBody();
    const headers = { 'content-length': '5' };
    const { response, failed } = exchange(async () => new Response(hand.body, { headers }));
    const bytes = (await response).arrayBuffer();
    hand.write(100);
    hand.write(1);
    const detail = { host: 'node.test:9185', reason: 'too-long' };
    expect(await failed(bytes)).toEqual(['answer-unusable', detail]);
    expect(hand.cancelled()).toBe(true);
  });

  it('tells a body that was cut from a host that was never reached', async () => {
    const hand = handBody();
    const { response, failed } = exchange(async () => new Response(hand.body));
    const bytes = (await response).arrayBuffer();
    hand.write(10);
    hand.cut();
    const detail = { host: 'node.test:9185', reason: 'cut' };
    expect(await failed(bytes)).toEqual(['answer-unusable', detail]);
    const never = exchange(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await failed(never.response)).toEqual(['host-unreachable', { host: 'node.test:9185' }]);
  });

  it('ends at once when the caller does, before and within the answer', async () => {
    const waiting = exchange(() => new Promise(() => {}));
    waiting.stop.abort();
    expect(await waiting.failed(waiting.response)).toEqual(['aborted', {}]);
    const hand = handBody();
    const { response, stop, failed } = exchange(async () => new Response(hand.body));
    const bytes = (await response).arrayBuffer();
    stop.abort();
    expect(await failed(bytes)).toEqual(['aborted', {}]);
    expect(hand.cancelled()).toBe(true);
    const before = new AbortController();
    before.abort();
    const sent: string[] = [];
    const transport = limitedTransport(async ({ url }) => {
      sent.push(url);
      return new Response('');
    }, handClock());
    expect(
      await failed(transport.send({ url: URL, method: 'GET' }, LIMITS, before.signal)),
    ).toEqual(['aborted', {}]);
    expect(sent).toEqual([]);
  });

  it('lets go of an answer that comes too late, and of timers when all is over', async () => {
    const hand = handBody();
    let answer: (response: Response) => void = () => {};
    const { clock, response, failed } = exchange(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    clock.advance(1_000);
    expect(await failed(response)).toContain('host-silent');
    answer(new Response(hand.body));
    await turn();
    expect(hand.cancelled()).toBe(true);
  });

  it('keeps errors that are typed already', async () => {
    const error = new HauloutError('file-changed', {});
    const { response, failed } = exchange(() => Promise.reject(error));
    expect(await failed(response)).toEqual(['file-changed', {}]);
  });
});
