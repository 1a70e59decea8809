import { connect } from 'node:net';
import { afterEach } from 'vitest';
import { type Listener, type ListenOptions, listen } from '../../../src/devnet/http.ts';
import { systemClock } from '../../../src/workers/doors.ts';

/** A port of its own for each test of a file, with a handler that the test can change at any time. */
export function testPort() {
  const fine: ListenOptions['handler'] = async () => new Response('fine');
  const served = { handler: fine, start };
  let listener: Listener | undefined;
  async function start(options: Partial<ListenOptions> = {}): Promise<Listener> {
    await listener?.close();
    const handler = (request: Request) => served.handler(request);
    listener = await listen({ port: 0, clock: systemClock, handler, ...options });
    return listener;
  }
  afterEach(async () => {
    served.handler = fine;
    await listener?.close();
    listener = undefined;
  });
  return served;
}

/**
 * Sends text over a bare socket and gives all that comes back until it closes.
 *
 * @param hold keeps the own end open
 */
export function raw(
  port: number,
  text: string,
  hold = false,
): Promise<{ text: string; reset: boolean; ms: number }> {
  return new Promise((resolve) => {
    const begin = performance.now();
    let received = '';
    let reset = false;
    const socket = connect(port, '127.0.0.1', () => {
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

/** `fine`, or why a request was not. */
export const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.name,
  );
