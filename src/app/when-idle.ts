import { clock } from './doors.ts';

const PAUSE_MS = 300;

/** Runs what can wait: after the page has loaded, when nothing else happens. */
export function whenIdle(run: () => void): void {
  const wait = () => {
    if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 3000 });
    else void clock.sleep(PAUSE_MS).then(run); // WebKit does not tell
  };
  if (document.readyState === 'complete') wait();
  else window.addEventListener('load', wait, { once: true });
}
