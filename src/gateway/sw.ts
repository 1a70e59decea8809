import { type FromGateway, gatewayChannel } from '../flows/read/gateway-talk.ts';
import { createReader } from '../flows/store/create-haulout.ts';
import { IndexedStore } from '../store/indexed-store.ts';
import { GATEWAY_SCHEMA } from '../store/schema.ts';
import { BlobAnswers } from './blob-answers.ts';
import { KeptBuild } from './kept-build.ts';
import { messageIn } from './messages-in.ts';
import { NetworkMemory } from './network-memory.ts';
import { refusal } from './refusal.ts';
import { routeOf } from './router.ts';
import { Talk } from './talk.ts';

declare const self: ServiceWorkerGlobalScope;

const root = new URL('./', self.location.href);
const build = new KeptBuild(root, '__BUILD_HASH__'); // put in after the build, of which this is a part
const channel = new BroadcastChannel(gatewayChannel(root));
const talk = new Talk((message: FromGateway) => channel.postMessage(message));
const memory = new NetworkMemory({
  store: new IndexedStore(GATEWAY_SCHEMA, () => undefined),
  place: root.pathname,
  keptPage: () => build.text('index.html'),
});
const openReader = (network: Parameters<typeof createReader>[0]['network']) =>
  createReader({ network });
const answers = new BlobAnswers({ memory, talk, root, openReader });

self.addEventListener('install', (event) => event.waitUntil(build.keep()));

self.addEventListener('activate', (event) => {
  event.waitUntil(build.dropOthers().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  // The origin may hold other sites, whose pages can find this worker too.
  const from = event.source instanceof WindowClient ? event.source.url : '';
  const message = from.startsWith(root.href) ? messageIn(event.data) : undefined;
  if (message?.kind === 'tell') talk.tell(message.blobId);
  if (message?.kind !== 'network') return;
  const { kind: _, ...told } = message;
  event.waitUntil(memory.keep(told));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const route = routeOf(request, root);
  switch (route.kind) {
    case 'host':
      return;
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
    case 'blob':
      return event.respondWith(answers.answer(request, route));
  }
});
