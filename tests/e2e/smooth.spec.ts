// Waits without `expect` while a trace runs: that reads the whole page in the thread that is watched.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { longest, type MainThread, tooLong, traceMainThread } from './main-thread.ts';
import { dropHeld, holdMany } from './page-files.ts';

test.skip(({ browserName }) => browserName !== 'chromium', 'traces are made by Chromium');
test.slow(); // up to three traces

/** What blocks the page does so each time; what else the machine does in the same moment does not. */
async function expectFree(trace: () => Promise<MainThread>): Promise<void> {
  let seen = await trace();
  for (let tries = 1; tries < 3 && tooLong(seen).length > 0; tries++) seen = await trace();
  expect(tooLong(seen)).toEqual([]);
}

/** Opens the page, drops files there, and traces until `seesThem`. */
async function traceDrop(
  page: Page,
  count: number,
  bytes: number,
  seesThem: () => Promise<unknown>,
): Promise<MainThread> {
  await page.goto('./');
  await page.waitForLoadState('networkidle');
  await holdMany(page, count, bytes);
  const seen = await traceMainThread(page, async () => {
    await dropHeld(page);
    await seesThem();
  });
  console.log(`longest tasks with ${count} times ${bytes} bytes: ${longest(seen)}`);
  return seen;
}

for (const count of process.env['HAULOUT_SOAK'] === '1' ? [500, 3000] : [3000]) {
  test(`${count} files dropped at once do not hold the page`, async ({ page }) => {
    await expectFree(() =>
      traceDrop(page, count, 2000, async () => {
        // The list grows from frame to frame, until it has room for all rows.
        await page.waitForFunction(
          (count) => {
            const row = document.querySelector<HTMLElement>('[role=row]')?.offsetHeight ?? Infinity;
            const list = document.querySelector<HTMLElement>('[role=grid]')?.offsetHeight ?? 0;
            return list >= count * row;
          },
          count,
          { timeout: 30_000, polling: 100 },
        );
        await page.mouse.move(400, 600);
        for (let at = 0; at < 20; at++) {
          await page.mouse.wheel(0, 240);
          await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
        }
      }),
    );
    const title = `${count.toLocaleString('en-US')} files`;
    await expect(page.getByRole('heading', { level: 1 })).toContainText(title);
    expect(await page.getByRole('row').count()).toBeLessThan(40); // only what is seen is there
  });
}

test('a large file is prepared beside a page that stays free', async ({ page }) => {
  await expectFree(() =>
    traceDrop(page, 1, 64e6, () =>
      page.waitForSelector('[data-state=settled]', { timeout: 45_000 }),
    ),
  );
});

test('a page that works or waits too long would be found', async ({ page }) => {
  await page.route('**/slow', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.fulfill({ body: 'late' });
  });
  await page.goto('./');
  await page.waitForLoadState('networkidle');
  const working = await traceMainThread(page, () =>
    page.evaluate(() => {
      const end = performance.now() + 500;
      while (performance.now() < end);
    }),
  );
  expect(tooLong(working)).not.toEqual([]);
  const waiting = await traceMainThread(page, () =>
    page.evaluate(() => {
      const request = new XMLHttpRequest();
      request.open('GET', 'slow', false);
      request.send();
    }),
  );
  console.log(`longest tasks with a wait of half a second: ${longest(waiting)}`);
  // Longer than any wait, but not than any machine is busy.
  expect(tooLong({ ...waiting, lostMs: 0 })).not.toEqual([]);
});
