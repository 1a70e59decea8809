import type { Clock, HttpRequest, Transport } from '../protocol/ports.ts';
import { withBodyBytes } from '../protocol/told-size.ts';
import { countedRequest } from './counted-request.ts';
import { limitedTransport } from './limited-transport.ts';
import { sendByXhr, sizeOf } from './xhr-door.ts';

/** What every request of this client has in common: no cookies, no referrer, no way to somebody else. */
const PRIVATE: RequestInit = {
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
  redirect: 'error',
  cache: 'no-store',
};

/** The transport of browsers, their workers, and Node. */
export function fetchTransport(clock: Clock): Transport {
  return limitedTransport((given, signal, onSent) => {
    const request = told(given);
    const { url, ...init } = request;
    if (onSent === undefined) return fetch(url, { ...init, ...PRIVATE, signal });
    // Browsers tell the progress of an upload through this interface alone, where they have it.
    if (typeof XMLHttpRequest === 'function') return sendByXhr(request, signal, onSent);
    return fetch(countedRequest(request, onSent), { ...PRIVATE, signal });
  }, clock);
}

/** The service worker is told how much is sent. */
function told(request: HttpRequest): HttpRequest {
  const { url, body } = request;
  return body === undefined ? request : { ...request, url: withBodyBytes(url, sizeOf(body)) };
}
