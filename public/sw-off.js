/*
 * The way back: a host that answers for `sw.js` with this file takes the service worker away from everybody who has it,
 * with the files that it kept. Pages that are open go on, and ask the host from their next load on; until then they get
 * no blobs, since the host's bytes would be verified by nobody.
 */
const ROOT = new URL('./', self.location.href);
const CACHES = `haulout ${ROOT.pathname} `;

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => {
  event.waitUntil(dropCaches());
  setTimeout(leave); // if the worker is ended before that, its next request does it
});

self.addEventListener('fetch', (event) => {
  event.waitUntil(leave());
  if (!event.request.url.startsWith(`${ROOT.href}v1/`)) return;
  const headers = { 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox' };
  event.respondWith(new Response(null, { status: 503, headers }));
});

async function dropCaches() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(CACHES)).map((name) => caches.delete(name)),
  );
}

/** Only once it is active: in Firefox one that leaves before never becomes so, and what pages ask waits for it. */
async function leave() {
  while (self.registration.active?.state === 'activating') {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await self.registration.unregister();
}
