import type { FromGateway } from '../flows/read/gateway-talk.ts';
import { createReader } from '../flows/store/create-haulout.ts';
import { IndexedStore } from '../store/indexed-store.ts';
import { GATEWAY_SCHEMA } from '../store/schema.ts';
import { BlobAnswers } from './blob-answers.ts';
import { dropBodies } from './drop-bodies.ts';
import { KeptBuild } from './kept-build.ts';
import { messageIn } from './messages-in.ts';
import { NetworkMemory } from './network-memory.ts';
import { refusal } from './refusal.ts';
import { routeOf } from './router.ts';

declare const self: ServiceWorkerGlobalScope;

const root = new URL('./', self.location.href);
const build = new KeptBuild(root, '__BUILD_HASH__'); // put in after the build, of which this is a part
const memory = new NetworkMemory({
  store: new IndexedStore(GATEWAY_SCHEMA, () => undefined),
  place: root.pathname,
  keptPage: () => build.text('index.html'),
});
const openReader = (network: Parameters<typeof createReader>[0]['network']) =>
  createReader({ network });
const answers = new BlobAnswers({ memory, root, openReader });

self.addEventListener('install', (event) => event.waitUntil(build.keep()));

self.addEventListener('activate', (event) => {
  event.waitUntil(build.dropOthers().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  const { source } = event;
  const message = messageIn(event.data, source instanceof WindowClient ? source : null, root);
  if (message?.kind === 'claim') event.waitUntil(self.clients.claim());
  if (message?.kind === 'network') event.waitUntil(memory.keep(message.network));
});

/** @param page the ID of who has asked; frames, downloads and new tabs have none yet */
async function tell(page: string, message: FromGateway): Promise<void> {
  const { clients } = self;
  const pages = page === '' ? await clients.matchAll() : [await clients.get(page)];
  for (const each of pages) each?.postMessage(message);
}

self.addEventListener('fetch', (event) => {
  const { request, clientId } = event;
  const route = routeOf(request, root);
  switch (route.kind) {
    case 'host':
      return dropBodies(request);
    case 'page':
      return event.respondWith(build.openPage(new URL(request.url)));
    case 'asset':
      return event.respondWith(build.keptFirst(request));
    case 'file':
      return event.respondWith(build.networkFirst(request));
    case 'refused': {
      const { method, destination } = request;
      return event.respondWith(refusal({ why: route.why }, { method, destination, root }));
    }
    case 'blob': {
      const { asker } = route;
      const told = (message: FromGateway) =>
        void tell(clientId, asker === undefined ? message : { ...message, asker });
      return event.respondWith(answers.answer(request, route, told));
    }
  }
});
