/* Keeps the files of one build, so that Haulout opens without a connection. */
const BUILD = '__BUILD_HASH__';
const ROOT = new URL('./', self.location.href);
/* Caches belong to the whole origin, which may hold another Haulout under another path. */
const CACHES = `haulout ${ROOT.pathname} `;
const CACHE = CACHES + BUILD;
const NEVER_KEPT = new Set(['sw.js', '_headers']);
const NAVIGATION_WAIT_MS = 4000;

self.addEventListener('install', (event) => {
  event.waitUntil(keepBuild());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOtherBuilds().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== ROOT.origin) return;
  if (!url.pathname.startsWith(ROOT.pathname)) return;
  if (request.mode === 'navigate') event.respondWith(openPage(url));
  else if (url.pathname.startsWith(`${ROOT.pathname}assets/`))
    event.respondWith(keptFirst(request));
  else event.respondWith(networkFirst(request));
});

async function keepBuild() {
  const list = await fetch(new URL('files.json', ROOT), { cache: 'no-store' });
  const { build, files } = await list.json();
  // A list of another build means a deployment is half done; the browser tries again later.
  if (build !== BUILD) throw new Error('files.json belongs to another build');
  const cache = await caches.open(CACHE);
  const paths = Object.keys(files).filter((path) => !NEVER_KEPT.has(path));
  await cache.addAll(paths.map((path) => new Request(new URL(path, ROOT), { cache: 'no-cache' })));
}

async function dropOtherBuilds() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(CACHES) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/* A place of the app: fresh if the network answers in time, else the kept page of that place. */
async function openPage(url) {
  try {
    const fresh = await fetch(url, { signal: AbortSignal.timeout(NAVIGATION_WAIT_MS) });
    // Hosts send `/index.html` to `/` and the like; a page must not be answered with what lies behind.
    if (fresh.ok) return fresh.redirected ? Response.redirect(fresh.url) : fresh;
  } catch {
    // No connection, or too slow: the kept page is as good.
  }
  return (await keptPage(url)) ?? Response.error();
}

async function keptPage(url) {
  const path = url.pathname.slice(ROOT.pathname.length).replace(/\/$/, '');
  const cache = await caches.open(CACHE);
  const names = path === '' ? ['index.html'] : [path, `${path}.html`];
  for (const name of names) {
    const kept = await cache.match(new URL(name, ROOT));
    if (kept?.redirected) return new Response(kept.body, kept); // else the browser would refuse it
    if (kept !== undefined) return kept;
  }
  // An address that is no place: the start explains itself.
  return Response.redirect(ROOT, 302);
}

async function keptFirst(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

async function networkFirst(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(request);
    if (kept !== undefined) return kept;
    throw error;
  }
}
