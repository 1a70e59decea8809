/**
 * The same request with a body that tells how many of its bytes were taken. Needs request streams: Node, and some
 * browsers over HTTP/2.
 */
export function countedRequest(request: Request, onSent: (bytes: number) => void): Request {
  if (request.body === null) return request;
  let sent = 0;
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      sent += chunk.length;
      onSent(sent);
      controller.enqueue(chunk);
    },
  });
  const { method, headers, url } = request;
  const init = { method, headers, body: request.body.pipeThrough(counted), duplex: 'half' };
  return new Request(url, init as RequestInit);
}
