/**
 * A service worker sees the requests of its pages and not how large their bodies are, which it has to know to have
 * them dropped in time. The fragment of an address tells it: it is shown to the worker and never sent.
 */
const NAME = '#bytes=';

/** @param url without a fragment */
export function withBodyBytes(url: string, bytes: number): string {
  return `${url}${NAME}${bytes}`;
}

/** undefined if the address does not tell. */
export function bodyBytesIn(url: string): number | undefined {
  const [, digits] = /#bytes=(\d{1,12})$/.exec(url) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
