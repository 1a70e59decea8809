import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { blobIdOf, dropPaths, idsOnPage, useFileInputs } from './page-files.ts';

// The official encoder, which gives the expected IDs, needs seconds for each.
test.describe.configure({ timeout: 120_000 });

let folder: string;

test.beforeEach(async ({ page }) => {
  await useFileInputs(page);
  folder = mkdtempSync(join(tmpdir(), 'haulout-trouble-'));
  await page.goto('./');
});
test.afterEach(() => rmSync(folder, { recursive: true }));

/** A file on disk that takes no space where it holds nothing. */
function sparse(name: string, bytes: number): string {
  const path = join(folder, name);
  const file = openSync(path, 'w');
  ftruncateSync(file, bytes);
  closeSync(file);
  return path;
}

test('a file over the limit is named with both sizes, and the others go on', async ({
  page,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'only Chromium lets a test drop from disk');
  const small = join(folder, 'small.txt');
  writeFileSync(small, 'small');
  await dropPaths(page, [sparse('huge.bin', 14_599_533_453), small]);
  const trouble = page.locator('[data-error=blob-too-large]');
  await expect(trouble).toContainText(
    'huge.bin is 14,599,533,453 bytes; one blob holds at most 14,599,533,452 bytes.',
  );
  const ids = await idsOnPage(page);
  expect(ids['small.txt']).toBe(await blobIdOf('small'));
  await trouble.getByRole('button', { name: 'Remove' }).click();
  await expect(trouble).toBeHidden();
});

test('a file that changes while it is prepared is prepared anew on request', async ({
  page,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'only Chromium lets a test drop from disk');
  const path = sparse('growing.bin', 300e6);
  await dropPaths(page, [path]);
  await expect(page.getByRole('progressbar', { name: 'Preparing growing.bin' })).toBeVisible();
  appendFileSync(path, 'more');
  const trouble = page.locator('[data-error=file-changed]');
  await expect(trouble).toBeVisible({ timeout: 30_000 });
  await expect(trouble).toContainText('nothing was sent');
  writeFileSync(path, 'short now');
  await trouble.getByRole('button').first().click();
  await expect(trouble).toBeHidden();
  expect(await idsOnPage(page)).toEqual({
    'growing.bin': await blobIdOf('short now'),
  });
});

test('a file that is gone says so, with a diagnosis to copy', async ({
  page,
  context,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'only Chromium lets a test drop from disk');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const path = sparse('gone.bin', 300e6);
  await dropPaths(page, [path]);
  await expect(page.getByRole('progressbar', { name: 'Preparing gone.bin' })).toBeVisible();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  rmSync(path);
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  const trouble = page.locator('[data-error=file-gone]');
  await expect(trouble).toContainText('gone.bin is no longer where it was.');
  await trouble.getByRole('button', { name: 'Copy diagnosis' }).click();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain('file-gone');
  expect(text).not.toContain('gone.bin');
});

test('a file that is written over in the middle gets no ID of a mixture', async ({ page }) => {
  const bytes = 400_000_000; // zeros that take no room; its rows are read for a second and more
  const path = join(folder, 'over.bin');
  writeFileSync(path, '');
  truncateSync(path, bytes);
  utimesSync(path, 1e9, 1e9); // long ago: times are compared in seconds
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  await (await chooser).setFiles([path]);
  const bar = page.getByRole('progressbar', { name: 'Preparing over.bin' });
  const percent = async () => Number(await bar.getAttribute('aria-valuenow'));
  await expect.poll(percent, { timeout: 30_000, intervals: [20] }).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Pause over.bin' }).click(); // it might be through before the bytes are
  await expect(page.locator('[data-row=paused]')).toBeVisible();
  const file = openSync(path, 'r+');
  // What was read already, where the browser lets it be read again, and what is read last.
  for (const at of [0, bytes - 1]) writeSync(file, Buffer.alloc(1, 2), 0, 1, at);
  closeSync(file);
  // What was being read when it was paused may have seen it already; then there is nothing to resume.
  const resume = page.getByRole('button', { name: 'Resume over.bin' });
  await resume.click({ timeout: 5_000 }).catch(() => undefined);
  await expect(page.locator('[data-error=file-changed]')).toBeVisible({ timeout: 60_000 });
});
