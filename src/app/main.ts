import './styles/layers.css';
import '../presentation/tokens.css';
import './styles/base.css';
import { appBase } from './app-base.ts';
import { DropDesk } from './drop/drop-desk.ts';
import { narrowScripts } from './narrow-scripts.ts';
import { readShortLink } from './short-link.ts';

const here = () => readShortLink(window.location, appBase());

/** Who only wants to see a blob does not load what stores one. */
async function start(): Promise<void> {
  const link = here();
  // A link with a hash that is pasted into this tab loads nothing by itself.
  window.addEventListener('hashchange', () => {
    if (link !== undefined || here() !== undefined) window.location.reload();
  });
  if (link !== undefined) return (await import('./viewer/viewer-main.tsx')).startViewer(link);
  const drops = new DropDesk();
  drops.attach(window); // before anything is waited for, so that no drop replaces the page
  return (await import('./whole-app.tsx')).startApp(drops);
}

narrowScripts();
// Not awaited here: parts that are loaded may import from this file's chunk, and would wait for it.
void start();
