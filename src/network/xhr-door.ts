/**
 * Sends a request whose upload can be followed. Its body is handed over as a `Blob`, which browsers read from disk.
 * The answer arrives as a whole: for small ones only.
 *
 * @throws TypeError for whatever goes wrong, as `fetch` does
 */
export async function sendByXhr(
  request: Request,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<Response> {
  const body = request.body === null ? null : await request.blob();
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const settle = (run: () => void) => {
      signal.removeEventListener('abort', abort);
      run();
    };
    const fail = (why: string) => settle(() => reject(new TypeError(why)));
    xhr.open(request.method, request.url);
    xhr.responseType = 'blob';
    for (const [name, value] of request.headers) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => onSent(loaded);
    xhr.upload.onload = () => onSent(body?.size ?? 0);
    xhr.onerror = () => fail('the exchange failed');
    xhr.onabort = () => fail('the exchange was ended');
    xhr.onload = () => {
      // Redirects are followed without a question; an answer from elsewhere is none.
      if (new URL(xhr.responseURL).origin !== new URL(request.url).origin) {
        fail('the request was redirected');
        return;
      }
      settle(() => resolve(responseOf(xhr)));
    };
    signal.addEventListener('abort', abort, { once: true });
    xhr.send(body);
  });
}

function responseOf(xhr: XMLHttpRequest): Response {
  const { status, statusText } = xhr;
  const type = xhr.getResponseHeader('content-type');
  const headers = new Headers(type === null ? {} : { 'content-type': type });
  const bodiless = status === 204 || status === 205 || status === 304;
  return new Response(bodiless ? null : (xhr.response as Blob), { status, statusText, headers });
}
