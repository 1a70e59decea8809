import { createBase } from '../create-base.ts';
import type { ShortLink } from '../short-link.ts';
import { showPage } from '../show-page.tsx';
import { ViewerPage } from './viewer-page.tsx';

/** Starts the page of a short link: it shows one blob, and nothing else is loaded. */
export async function startViewer(link: ShortLink): Promise<void> {
  await showPage(createBase(), <ViewerPage link={link} />, 'viewer');
}
