import { appBase } from '../app-base.ts';
import { createBase } from '../create-base.ts';
import { serviceWorkers } from '../doors.ts';
import { startWorker } from '../offline.ts';
import type { ShortLink } from '../short-link.ts';
import { showPage } from '../show-page.tsx';
import { whenIdle } from '../when-idle.ts';
import { ViewerPage } from './viewer-page.tsx';

/** Starts the page of a short link: it shows one blob, and nothing else is loaded. */
export async function startViewer(link: ShortLink): Promise<void> {
  await showPage(createBase(), <ViewerPage link={link} />, 'viewer');
  // An address that the service worker answers for is understood by all that only know paths. What the page loads by
  // addresses of its own has to be asked for before.
  const { hash } = window.location;
  if (hash.startsWith('#/') && serviceWorkers()?.controller) {
    window.history.replaceState(null, '', `${appBase()}${hash.slice(1)}`);
  }
  whenIdle(() => void startWorker()); // so that it opens sooner the next time, and without a connection
}
