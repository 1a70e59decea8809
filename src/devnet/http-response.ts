import type { Http2ServerResponse } from 'node:http2';
import { LinkError } from './faults/link-error.ts';
import type { HttpIn, HttpOut } from './http.ts';

const LINGER_MS = 2_000; // for a client that still sends what nobody wants

/** Writes an answer. @throws LinkError or what else the body fails with, after a part of it was sent */
export async function sendResponse(
  incoming: HttpIn,
  outgoing: HttpOut,
  response: Response,
): Promise<void> {
  const headers = Object.fromEntries(response.headers);
  const unread = !incoming.complete && incoming.method !== 'GET';
  const isHttp1 = incoming.httpVersionMajor === 1;
  if (unread && isHttp1) headers['connection'] = 'close';
  // The two kinds of response differ in types only.
  (outgoing as Http2ServerResponse).writeHead(response.status, headers);
  if (response.body === null || incoming.method === 'HEAD') outgoing.end();
  else await pump(response.body, outgoing as Http2ServerResponse);
  if (unread && isHttp1) linger(incoming, outgoing);
}

async function pump(
  body: ReadableStream<Uint8Array>,
  outgoing: Http2ServerResponse,
): Promise<void> {
  const reader = body.getReader();
  const cancel = () => reader.cancel().catch(() => undefined);
  outgoing.once('close', cancel);
  try {
    while (!isGone(outgoing)) {
      const { done, value } = await reader.read();
      if (done || isGone(outgoing)) break;
      if (!outgoing.write(value) && !isGone(outgoing)) await drained(outgoing);
    }
  } finally {
    outgoing.off('close', cancel);
    await cancel();
  }
  outgoing.end();
}

/** Whether the client went away. In HTTP/2 only the stream knows, and its `close` may be over. */
function isGone(outgoing: Http2ServerResponse): boolean {
  const { destroyed } = (outgoing.stream ?? outgoing) as { destroyed: boolean };
  return destroyed || outgoing.writableEnded;
}

function drained(outgoing: Http2ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.once('drain', done);
    outgoing.once('close', done);
  });
}

/** Lets a client that is still sending read the answer before the connection goes; what it sends is dropped. */
function linger(incoming: HttpIn, outgoing: HttpOut): void {
  incoming.resume();
  const { socket } = incoming;
  const end = () => socket.destroy();
  outgoing.once('finish', () => socket.setTimeout(LINGER_MS, end));
}

/** Ends an exchange that has no answer, or only a part of one, as its error says. */
export function breakOff(incoming: HttpIn, outgoing: HttpOut, error: unknown): void {
  const { socket } = incoming;
  if ('stream' in outgoing && outgoing.stream !== undefined) {
    outgoing.stream.close(2 /* INTERNAL_ERROR */);
    return;
  }
  if (socket === null || socket.destroyed) return;
  if (error instanceof LinkError && error.end === 'closed') socket.end();
  // TLS sockets cannot be reset.
  else if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}
