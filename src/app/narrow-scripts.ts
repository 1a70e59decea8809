/** Names that every browser understands in a policy; addresses of IPv6 are none. */
const HOST = /^[a-z\d.-]+$/i;

/**
 * From here on scripts and workers come from the folder of this build: nothing else that its host or its service worker
 * answers for is one, blobs least of all. A policy names no folder of `'self'`, and a build does not know where it will
 * lie; but what a page adds to its policies can only narrow them.
 */
export function narrowScripts(): void {
  const { protocol, hostname } = window.location;
  if (import.meta.env.DEV || !/^https?:$/.test(protocol) || !HOST.test(hostname)) return;
  const own: string = import.meta.url;
  const folder = new URL('.', own).href;
  const root = new URL('..', folder).href;
  const worker = `${root}sw.js`;
  // What a server on this machine puts beside it, the development wallet, has a folder of its own.
  const beside = [...document.querySelectorAll<HTMLScriptElement>('script[src]')]
    .map(({ src }) => new URL('.', src).href)
    .filter((its) => its !== folder && !root.startsWith(its));
  const policy = [
    ['script-src', folder, ...beside, "'wasm-unsafe-eval'"],
    ['worker-src', folder, worker],
  ];
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = policy.map((words) => words.map(inPolicy).join(' ')).join('; ');
  document.head.append(meta);
}

/** What would end a source there. */
const inPolicy = (source: string) => source.replaceAll(';', '%3B').replaceAll(',', '%2C');
