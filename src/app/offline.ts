import type { ToGateway } from '../flows/read/gateway-talk.ts';
import type { Base } from './base.ts';
import { serviceWorkers } from './doors.ts';
import { whenIdle } from './when-idle.ts';

export type OfflineState = 'unknown' | 'ready' | 'unavailable';

let state: OfflineState = 'unknown';
const listeners = new Set<() => void>();

/** Whether the page would also open without a connection. */
export const offlineState = (): OfflineState => state;

export function onOfflineState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Once the page is loaded: loads the encoder while nothing else happens, and starts the service worker
 * that keeps the build's files, and reads from the network of this page.
 */
export function keepOffline({ engine, network: { network } }: Base): void {
  const start = async () => {
    engine.warm();
    const worker = await startWorker();
    set(worker === undefined ? 'unavailable' : 'ready');
    const told: ToGateway = { kind: 'network', network };
    worker?.postMessage(told);
  };
  whenIdle(() => void start());
}

let starting: Promise<ServiceWorker | undefined> | undefined;

/**
 * Starts the service worker, once; where that failed, it is tried again.
 *
 * @returns undefined if there is none: private windows and plain http do not allow it, and one whose files cannot all be
 *   had and kept is not installed; the page works without
 */
export function startWorker(): Promise<ServiceWorker | undefined> {
  starting ??= register()
    .catch(() => undefined)
    .then((worker) => {
      if (worker === undefined) starting = undefined;
      return worker;
    });
  return starting;
}

async function register(): Promise<ServiceWorker | undefined> {
  const container = serviceWorkers();
  if (container === undefined || import.meta.env.DEV) return undefined;
  const { trustedServiceWorkerUrl } = await import('../workers/script-url.ts');
  const worker = await inForce(await container.register(trustedServiceWorkerUrl()));
  const claim: ToGateway = { kind: 'claim' };
  if (!container.controller) worker?.postMessage(claim); // a page that was loaded past it
  return worker;
}

/** The worker that answers from now on; undefined if it could not be installed, of which `ready` never tells. */
function inForce({ active, waiting, installing }: ServiceWorkerRegistration) {
  const worker = active ?? waiting ?? installing;
  return new Promise<ServiceWorker | undefined>((resolve) => {
    const look = () => {
      if (worker?.state === 'activating' || worker?.state === 'activated') resolve(worker);
      if (worker === null || worker.state === 'redundant') resolve(undefined);
    };
    worker?.addEventListener('statechange', look);
    look();
  });
}

function set(next: OfflineState): void {
  state = next;
  for (const listener of [...listeners]) listener();
}
