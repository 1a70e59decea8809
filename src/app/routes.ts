import { useBrowserLocation } from 'wouter/use-browser-location';
import { useHashLocation } from 'wouter/use-hash-location';
import { appBase } from './app-base.ts';
import { serviceWorkers } from './doors.ts';

/** Addresses of the places that exist. */
export const PLACES = {
  store: '/',
  open: '/open',
  compare: '/open/compare',
  network: '/network',
  receipt: '/open/receipt',
  settings: '/settings',
} as const;

/** The place of one upload. */
export const UPLOAD_ROUTE = '/u/:jobId';

/** Something that was looked up: a blob ID or an object ID. */
export const OPENED_ROUTE = '/open/:id';

export function openedPlace(id: string): string {
  return `/open/${id}`;
}

export function uploadPlace(jobId: string): string {
  return `/u/${jobId}`;
}

export type Place = keyof typeof PLACES;

/** What gets focus in the place one arrives at; a new object each time, so that each arrival counts. */
export interface Arrival {
  readonly focus: 'field' | 'heading';
}

export function arrival(focus: Arrival['focus']): Arrival {
  return { focus };
}

/** Reads the state of a history entry, which may be anything. */
export function focusOf(state: unknown): Arrival['focus'] | undefined {
  const { focus } = (state ?? {}) as Partial<Arrival>;
  return focus === 'field' || focus === 'heading' ? focus : undefined;
}

interface Routing {
  /** where the app lies on its host, without a slash at the end */
  readonly base: string;
  readonly hook: typeof useBrowserLocation | typeof useHashLocation;
}

/**
 * How addresses work on this host. `/#/settings` is understood everywhere; it becomes `/settings` where
 * the service worker answers for paths, because there a reload will work too.
 */
export function routing(): Routing {
  const base = appBase();
  const { hash, pathname, search } = window.location;
  // Places are also files of the built site: `settings.html` is `/settings`.
  const place = pathname.replace(/(index)?\.html$/, '');
  if (place !== pathname) window.history.replaceState(null, '', place + search + hash);
  if (!hash.startsWith('#/')) return { base, hook: useBrowserLocation };
  if (serviceWorkers()?.controller == null) return { base: '', hook: useHashLocation };
  window.history.replaceState(null, '', `${base}${hash.slice(1)}`);
  return { base, hook: useBrowserLocation };
}

/** Address of something that the page's server has beside the page. */
export function siteAddress(path: string): string {
  return `${appBase()}/${path}`;
}
