import { afterEach, expect, it, vi } from 'vitest';
import { whenIdle } from '../../../src/app/when-idle.ts';

afterEach(() => vi.unstubAllGlobals());

it('runs once the page is loaded, also in browsers that do not tell when they are idle', async () => {
  const page = Object.assign(new EventTarget(), {});
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', { readyState: 'loading' });
  let runs = 0;
  const isRun = new Promise<void>((resolve) => {
    whenIdle(() => {
      runs++;
      resolve();
    });
  });
  expect(runs).toBe(0);
  page.dispatchEvent(new Event('load'));
  await isRun;
});
