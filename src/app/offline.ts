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
 * that keeps the build's files.
 */
export function keepOffline(services: Services): void {
  const start = async () => {
    services.engine.warm();
    const container = serviceWorkers();
    if (container === undefined || import.meta.env.DEV) return set('unavailable');
    try {
      const { trustedServiceWorkerUrl } = await import('../workers/script-url.ts');
      await container.register(trustedServiceWorkerUrl());
      await container.ready;
      set('ready');
    } catch {
      set('unavailable'); // private windows and plain http do not allow it; the page works without
    }
  };
  whenIdle(() => void start());
}

function set(next: OfflineState): void {
  state = next;
  for (const listener of [...listeners]) listener();
}
