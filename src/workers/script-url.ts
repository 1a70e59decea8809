import workerUrl from './encoding.worker.ts?worker&url';

/** The part of the Trusted Types API that is used; TypeScript's libraries do not have it. */
interface TrustedTypePolicy {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy;
}

/** Scripts of this build that are no part of this folder; each says so itself. */
const others = new Set<string>();

/** Names a further script of this build; only with an address that the bundler has made. */
export function ownScript(url: string): string {
  others.add(url);
  return url;
}

let policy: TrustedTypePolicy | undefined; // a page may make a policy of one name only once

/**
 * Makes the address of one of our own scripts acceptable to the browser; where pages have no
 * Trusted Types it stays as it is. The policy accepts the scripts of this build and nothing else.
 *
 * @throws TypeError for any other address
 */
export function trustedScriptUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return accept(url);
  policy ??= trustedTypes.createPolicy('haulout', { createScriptURL: accept });
  return policy.createScriptURL(url);
}

/**
 * The address of the app's service worker, which lies beside the folder of the built scripts, made
 * acceptable in the same way.
 */
export function trustedServiceWorkerUrl(): string {
  return trustedScriptUrl(serviceWorkerUrl());
}

function serviceWorkerUrl(): string {
  return new URL(/* @vite-ignore */ '../sw.js', import.meta.url).href;
}

function accept(url: string): string {
  const worker = new URL(workerUrl, import.meta.url).href;
  // Only this origin's own scripts can make such addresses.
  const bootstrap = url.startsWith(`blob:${globalThis.location?.origin}/`);
  if (url === worker || others.has(url) || url === serviceWorkerUrl() || bootstrap) return url;
  throw new TypeError('not a script of this build');
}
