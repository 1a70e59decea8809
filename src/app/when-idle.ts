/** Runs what can wait: after the page has loaded, when nothing else happens. */
export function whenIdle(run: () => void): void {
  const wait = () => requestIdleCallback(run, { timeout: 3000 });
  if (document.readyState === 'complete') wait();
  else window.addEventListener('load', wait, { once: true });
}
