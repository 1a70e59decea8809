/** By this much of its own garbage the browser is reminded to collect that of others. */
const GARBAGE_BYTES = 8 << 20;

/**
 * Lets the browser drop what it keeps of requests that are none of ours. Chromium 156 holds the bytes that a page
 * sends until this thread collects its garbage, and does not count them: an upload of 1 GiB took as much memory as
 * it has slivers, and with static routes the requests still came by here.
 */
export function dropBodies({ method }: Pick<Request, 'method'>): void {
  // Filled with something, as minifiers drop what does nothing; memory that is not touched costs nothing.
  if (method === 'PUT' || method === 'POST') new Uint8Array(GARBAGE_BYTES).fill(1, 0, 1);
}
