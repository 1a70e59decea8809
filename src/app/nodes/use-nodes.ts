import { useEffect, useSyncExternalStore } from 'react';
import { clock } from '../doors.ts';
import { type Services, useServices } from '../services.ts';
import { NodesDesk, type NodesView } from './nodes-desk.ts';

/** While somebody watches; an answer is a few hundred bytes. */
const EVERY_MS = 30_000;
const desks = new WeakMap<Services, NodesDesk>();

/** What this page has seen of the network, looked at again every now and then while it is shown. */
export function useNodes(): { readonly view: NodesView; look(): void } {
  const services = useServices();
  const desk = deskOf(services);
  const view = useSyncExternalStore(desk.subscribe, desk.view);
  useEffect(() => {
    const over = new AbortController();
    void watch(desk, over.signal).catch(() => undefined); // ends with the place
    return () => over.abort();
  }, [desk]);
  return { view, look: () => void desk.look() };
}

async function watch(desk: NodesDesk, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (document.visibilityState === 'visible') await desk.look();
    await clock.sleep(EVERY_MS, signal);
  }
}

function deskOf(services: Services): NodesDesk {
  const known = desks.get(services);
  if (known !== undefined) return known;
  const desk = new NodesDesk(() => services.engine.engine(), clock);
  desks.set(services, desk);
  return desk;
}
