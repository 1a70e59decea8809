import type { HttpRequest } from '../protocol/ports.ts';

export const sizeOf = (body: HttpRequest['body']) =>
  body instanceof Blob ? body.size : (body?.length ?? 0);

/**
 * Sends a request whose upload can be followed. Its body is handed over as a `Blob`, which browsers read from disk.
 * The answer arrives as a whole: for small ones only.
 *
 * @throws TypeError for whatever goes wrong, as `fetch` does
 */
export async function sendByXhr(
  { url, method, headers = {}, body }: HttpRequest,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<Response> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const settle = (run: () => void) => {
      signal.removeEventListener('abort', abort);
      run();
    };
    const fail = (why: string) => settle(() => reject(new TypeError(why)));
    xhr.open(method, url);
    xhr.responseType = 'blob';
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => onSent(loaded);
    xhr.upload.onload = () => onSent(sizeOf(body));
    xhr.onerror = () => fail('the exchange failed');
    xhr.onabort = () => fail('the exchange was ended');
    xhr.onload = () => {
      // Redirects are followed without a question; an answer from elsewhere is none.
      if (new URL(xhr.responseURL).origin !== new URL(url).origin) {
        fail('the request was redirected');
        return;
      }
      settle(() => resolve(responseOf(xhr)));
    };
    signal.addEventListener('abort', abort, { once: true });
    xhr.send(body ?? null);
  });
}

function responseOf(xhr: XMLHttpRequest): Response {
  const { status, statusText } = xhr;
  const type = xhr.getResponseHeader('content-type');
  const headers = new Headers(type === null ? {} : { 'content-type': type });
  const bodiless = status === 204 || status === 205 || status === 304;
  return new Response(bodiless ? null : (xhr.response as Blob), { status, statusText, headers });
}
