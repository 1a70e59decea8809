import { FrameworkError } from './errors.ts';

/** The same request, and how many bytes of its body were read so far, whoever reads them. */
export function counted(request: Request): { readonly request: Request; bytesIn(): number } {
  const reader = request.body?.getReader();
  if (reader === undefined) return { request, bytesIn: () => 0 };
  let bytes = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        bytes += value.length;
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 }, // nothing is read before somebody asks
  );
  const { url, method, headers, signal } = request;
  const init = { method, headers, signal, body, duplex: 'half' };
  return { request: new Request(url, init as RequestInit), bytesIn: () => bytes };
}

/**
 * Reads a request's body, never more than `limit` bytes of it.
 *
 * @throws FrameworkError 413
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = () => new FrameworkError(413, 'length limit exceeded');
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limit) {
    await request.body?.cancel().catch(() => undefined);
    throw tooLarge();
  }
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > limit) {
      await reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    chunks.push(value);
  }
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const body = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
