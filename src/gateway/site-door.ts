/** What the worker asks of the host of the app, and of the browser about itself. */

export function askHost(input: Request | URL, init?: RequestInit): Promise<Response> {
  return fetch(input, init);
}

/** Fails if there is no answer in time. */
export function askHostWithin(url: URL, ms: number): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(ms) });
}

/** Tags of the languages that the person prefers, most wanted first. */
export function preferredLanguages(): readonly string[] {
  return navigator.languages;
}
