import { bodyBytesIn } from '../protocol/told-size.ts';

/** So much garbage of its own for each byte of others: the browser begins to collect at some 64 MiB of it. */
const SHARE = 3;
/** This much makes it collect at once. */
const MOST_BYTES = 64 << 20;
/** Of an upload whose page does not say how large it is. */
const UNTOLD_BYTES = 8 << 20;

/**
 * Lets the browser drop what it keeps of requests that are none of ours. Chromium 156 holds the bytes that a page
 * sends until this thread collects its garbage, and does not count them: an upload of 1 GiB took as much memory as
 * it has slivers, and with static routes the requests still came by here.
 */
export function dropBodies(request: Pick<Request, 'method' | 'url'>): void {
  const bytes = garbageFor(request);
  // Filled with something, as minifiers drop what does nothing; memory that is not touched costs nothing.
  if (bytes > 0) new Uint8Array(bytes).fill(1, 0, 1);
}

/** How many bytes of garbage remind the browser of this request. */
export function garbageFor({ method, url }: Pick<Request, 'method' | 'url'>): number {
  if (method !== 'PUT' && method !== 'POST') return 0;
  const told = bodyBytesIn(url);
  return told === undefined ? UNTOLD_BYTES : Math.min(MOST_BYTES, SHARE * told);
}
