/** What the worker asks of the host of the app, and of the browser about itself. */

export function askHost(input: Request | URL, init?: RequestInit): Promise<Response> {
  return fetch(input, init);
}

/** Fails if there is no answer in time; one that has begun may take as long as it needs. */
export async function askHostWithin(url: URL, ms: number): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ms);
  try {
    return await fetch(url, { signal: patience.signal });
  } finally {
    clearTimeout(timer);
  }
}

/** Tags of the languages that the person prefers, most wanted first. */
export function preferredLanguages(): readonly string[] {
  return navigator.languages;
}

/** Ends when what runs now has ended. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
