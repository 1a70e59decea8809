import { connect as connectHttp2, constants } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../../src/devnet/byte-budget.ts';
import { LinkError } from '../../../../src/devnet/faults/link-error.ts';
import { createLocalCa, selfSigned } from '../../../../src/devnet/tls/local-ca-door.ts';
import { outcome, testPort } from '../../../support/devnet/ports-of-test.ts';

const served = testPort();

describe('TLS', () => {
  const ca = createLocalCa(Date.now());

  it('speaks HTTP/2 and HTTP/1.1 with a certificate of a local authority', async () => {
    served.handler = async (request) => new Response(`${request.method} ${await request.text()}`);
    const { origin, port } = await served.start({
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
    served.handler = async (request) => {
      if (request.url.endsWith('/bad')) throw new LinkError('reset');
      return new Response('good');
    };
    const { origin } = await served.start({ tls: { ...ca.issue(['127.0.0.1']), h2: true } });
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
    served.handler = async (request) => {
      asked.push(request.url);
      await request.arrayBuffer().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 10));
      return new Response(new Uint8Array(1 << 20));
    };
    const { origin } = await served.start({ tls: { ...ca.issue(['127.0.0.1']), h2: true } });
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

  it('forgets clients of HTTP/2 that leave once their body is sent', async () => {
    const budget = new ByteBudget(1 << 20);
    const waiting: (() => void)[] = [];
    let cancelled = 0;
    served.handler = async (request) => {
      await request.arrayBuffer();
      await new Promise<void>((resolve) => waiting.push(resolve));
      const pull = (controller: ReadableStreamDefaultController) =>
        controller.enqueue(new Uint8Array(1 << 16));
      return new Response(new ReadableStream({ pull, cancel: () => void cancelled++ }));
    };
    const tls = { ...ca.issue(['127.0.0.1']), h2: true };
    const { origin } = await served.start({ tls, budget });
    const session = connectHttp2(origin, { ca: ca.cert }).on('error', () => undefined);
    const streams = Array.from({ length: 10 }, () => {
      const headers = { ':method': 'PUT', ':path': '/', 'content-length': 4 };
      const stream = session.request(headers).on('error', () => undefined);
      stream.end('body');
      return stream;
    });
    await expect.poll(() => waiting.length).toBe(10);
    for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL);
    // The answer to a ping comes after the server has seen all of it.
    await new Promise((resolve) => session.ping(resolve));
    expect(budget.used).toBe(40);
    for (const go of waiting) go();
    await expect.poll(() => budget.used).toBe(0);
    expect(cancelled).toBe(10);
    session.destroy();
  });

  it('is refused if self-signed', async () => {
    const tls = { ...selfSigned(Date.now(), ['127.0.0.1']), h2: false };
    const { origin } = await served.start({ tls });
    expect(await outcome(fetch(origin))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });
});
