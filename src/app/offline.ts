import type { ToGateway } from '../flows/read/gateway-talk.ts';
import { serviceWorkers } from './doors.ts';
import type { Services } from './services.ts';
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
export function keepOffline({ engine, network: { network } }: Services): void {
  const start = async () => {
    engine.warm();
    const isHere = await startWorker();
    set(isHere ? 'ready' : 'unavailable');
    if (!isHere) return;
    const { active } = (await serviceWorkers()?.ready) ?? {};
    const told: ToGateway = { kind: 'network', network };
    active?.postMessage(told);
  };
  whenIdle(() => void start());
}

let starting: Promise<boolean> | undefined;

/**
 * Starts the service worker, once.
 *
 * @returns whether there is one now: private windows and plain http do not allow it, and the page works without
 */
export function startWorker(): Promise<boolean> {
  starting ??= register().catch(() => false);
  return starting;
}

async function register(): Promise<boolean> {
  const container = serviceWorkers();
  if (container === undefined || import.meta.env.DEV) return false;
  const { trustedServiceWorkerUrl } = await import('../workers/script-url.ts');
  await container.register(trustedServiceWorkerUrl());
  await container.ready;
  return true;
}

function set(next: OfflineState): void {
  state = next;
  for (const listener of [...listeners]) listener();
}
