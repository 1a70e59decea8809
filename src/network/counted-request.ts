import type { HttpRequest } from '../protocol/ports.ts';

const PIECE_BYTES = 64 << 10;

/**
 * The same request with a body that tells how many of its bytes were taken, piece by piece. Needs request streams:
 * Node, and some browsers over HTTP/2.
 */
export function countedRequest(
  { url, method, headers, body }: HttpRequest,
  onSent: (bytes: number) => void,
): Request {
  if (body === undefined) return new Request(url, { method, headers: { ...headers } });
  const blob = new Blob([body]);
  const init = {
    method,
    headers: { ...headers, 'content-length': `${blob.size}` }, // of a stream nobody else knows it
    body: counted(blob.stream(), onSent),
    duplex: 'half',
  };
  return new Request(url, init as RequestInit);
}

function counted(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onSent: (bytes: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let rest = new Uint8Array();
  let sent = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        while (rest.length === 0) {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          rest = value;
        }
        const piece = rest.subarray(0, PIECE_BYTES);
        rest = rest.subarray(PIECE_BYTES);
        sent += piece.length;
        onSent(sent);
        controller.enqueue(piece);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 }, // what nobody asks for is not sent
  );
}
