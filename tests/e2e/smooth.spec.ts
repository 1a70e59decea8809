import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { dropHeld, holdMany } from './page-files.ts';

test.skip(({ browserName }) => browserName !== 'chromium', 'traces are made by Chromium');

const LIMIT_MS = 50;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** processor time in microseconds: unlike the duration it does not count other programs */
  readonly tdur?: number;
  readonly args: { name?: string };
}

/** Processor time of the longest tasks of the page's main thread while `act` runs, in ms. */
async function longestTasks(page: Page, act: () => Promise<void>): Promise<number[]> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('no browser to trace');
  await browser.startTracing(page, { categories: ['toplevel'] });
  await act();
  const trace: { traceEvents: TraceEvent[] } = JSON.parse(String(await browser.stopTracing()));
  const mains = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = trace.traceEvents
    .filter(
      ({ ph, name, pid, tid }) =>
        ph === 'X' && name.endsWith('RunTask') && mains.has(`${pid} ${tid}`),
    )
    .map(({ tdur = 0 }) => tdur / 1000);
  expect(tasks.length).toBeGreaterThan(50); // the trace is real
  return tasks.sort((a, b) => b - a).slice(0, 5);
}

for (const count of [500, 3000]) {
  test(`${count} files dropped at once do not hold the page`, async ({ page }) => {
    await page.goto('./');
    await page.waitForLoadState('networkidle');
    await holdMany(page, count, 2000);
    const longest = await longestTasks(page, async () => {
      await dropHeld(page);
      await expect(page.getByRole('row').first()).toBeVisible();
      await expect(page.getByRole('heading', { level: 1 })).toContainText(
        `${count.toLocaleString('en-US')} files`,
      );
      await page.waitForTimeout(2000);
      for (let at = 0; at < 20; at++) {
        await page.mouse.move(400, 600);
        await page.mouse.wheel(0, 240);
        await page.waitForTimeout(30);
      }
    });
    console.log(`longest tasks with ${count} files, ms:`, longest.map(Math.round).join(' '));
    expect(longest[0]).toBeLessThan(LIMIT_MS);
    expect(await page.getByRole('row').count()).toBeLessThan(40); // only what is seen is there
  });
}

test('a large file is prepared beside a page that stays free', async ({ page }) => {
  await page.goto('./');
  await page.waitForLoadState('networkidle');
  await holdMany(page, 1, 64e6);
  const longest = await longestTasks(page, async () => {
    await dropHeld(page);
    await expect(page.locator('[data-state=settled]')).toBeVisible({ timeout: 45_000 });
  });
  console.log('longest tasks with 64 MB, ms:', longest.map(Math.round).join(' '));
  expect(longest[0]).toBeLessThan(LIMIT_MS);
});
