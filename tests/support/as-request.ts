import type { HttpRequest } from '../../src/protocol/ports.ts';

/** What arrives of what is asked. */
export function asRequest({ url, method, headers, body }: HttpRequest): Request {
  if (body === undefined) return new Request(url, { method, headers: { ...headers } });
  const length = body instanceof Blob ? body.size : body.length;
  return new Request(url, {
    ...{ method, body },
    headers: { ...headers, 'content-length': `${length}` },
  });
}
