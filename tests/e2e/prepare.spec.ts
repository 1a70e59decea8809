import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import {
  blobIdOf,
  dropFiles,
  dropMany,
  dropPaths,
  idsOnPage,
  mediaFiles,
  officialBlobId,
  savedFile,
  textFile,
  useFileInputs,
} from './page-files.ts';

// The official encoder needs seconds.
test.describe.configure({ timeout: 90_000 });

test.beforeEach(async ({ page }) => {
  await useFileInputs(page);
  await page.goto('./');
});

test('a dropped photo, picture, film, document and empty file get their IDs', async ({ page }) => {
  const files = [...(await mediaFiles(page)), textFile('empty.txt', '')];
  expect(files.every(({ name, buffer }) => name === 'empty.txt' || buffer.length > 100)).toBe(true);
  await dropFiles(page, files);
  const expected = await Promise.all(
    files.map(async ({ name, buffer }) => [name, await blobIdOf(buffer)]),
  );
  const ids = await idsOnPage(page);
  expect(ids).toEqual(Object.fromEntries(expected));
  for (const { name, buffer } of files.filter(({ name }) => /webm/.test(name))) {
    expect(ids[name], name).toBe(officialBlobId(buffer));
  }
  await expect(page.getByText('All 5 blob IDs are ready', { exact: true }).first()).toBeVisible();
  // Photo, picture and film show themselves, the others an icon.
  await expect(page.locator('[role=row] [data-picture]')).toHaveCount(3);
});

test('files from the dialog, with name, type, size, encoded size and symbol size', async ({
  page,
}) => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  const file = { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.alloc(700_000, 'a') };
  await (await chooser).setFiles([file]);
  const id = await blobIdOf(file.buffer);
  expect(await idsOnPage(page)).toEqual({ 'letter.txt': id });
  const row = page.getByRole('row', { name: 'letter.txt' });
  await expect(row).toContainText('700 kB');
  await expect(row).toContainText('text/plain');
  await row.click();
  const sheet = page.getByRole('dialog');
  await expect(sheet).toContainText(id);
  await expect(sheet).toContainText('700,000 bytes');
  await expect(sheet).toContainText('4 bytes'); // of a symbol: 700,000 / (334 * 667), even
  await expect(sheet).toContainText('334 rows x 667 columns, 1,000 shards');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(page).toHaveTitle('Ready · Haulout');
});

test('a folder is taken with all that lies in it', async ({ page, browserName }) => {
  test.skip(browserName !== 'chromium', 'only Chromium lets a test drop from disk');
  const root = mkdtempSync(join(tmpdir(), 'haulout-drop-'));
  try {
    mkdirSync(join(root, 'trip/day 1'), { recursive: true });
    const texts = { 'trip/a.txt': 'first', 'trip/day 1/b.txt': 'second', 'alone.txt': 'third' };
    for (const [path, text] of Object.entries(texts)) writeFileSync(join(root, path), text);
    await dropPaths(page, [join(root, 'trip'), join(root, 'alone.txt')]);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('3 files');
    expect(await idsOnPage(page)).toEqual({
      'a.txt': await blobIdOf('first'),
      'b.txt': await blobIdOf('second'),
      'alone.txt': await blobIdOf('third'),
    });
    await expect(page.getByRole('row', { name: 'b.txt' })).toContainText('in trip/day 1');
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('a folder gives all its files, whatever their names', async ({ page, browserName }) => {
  test.skip(browserName !== 'chromium', 'only Chromium lets a test drop from disk');
  const root = mkdtempSync(join(tmpdir(), 'haulout-names-'));
  const names = [
    'a?.txt',
    '#1 <b>.txt',
    ' first.txt',
    '👨\u200d👩\u200d👧.txt',
    '%2e%2e',
    '.hidden',
  ];
  try {
    mkdirSync(join(root, 'odd/deeper?'), { recursive: true });
    for (const name of names) writeFileSync(join(root, 'odd', name), name);
    writeFileSync(join(root, 'odd/deeper?/last.txt'), 'last');
    await dropPaths(page, [join(root, 'odd')]);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('7 files');
    const ids = await idsOnPage(page);
    expect(Object.keys(ids).sort()).toEqual([...names, 'last.txt'].sort());
    expect(ids['a?.txt']).toBe(await blobIdOf('a?.txt'));
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('pasted files are added, also from another place', async ({ page, browserName }) => {
  test.skip(browserName === 'firefox', 'made-up paste events carry no data there');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['pasted'], 'image.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  });
  expect(await idsOnPage(page)).toEqual({ 'image.png': await blobIdOf('pasted') });
});

test('the same file is taken once', async ({ page }) => {
  await dropFiles(page, [textFile('a.txt', 'same')]);
  await dropFiles(page, [textFile('a.txt', 'same'), textFile('b.txt', 'other')]);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('2 files');
  await expect(page.locator('[data-live=polite]')).toContainText('1 file was already in the list.');
});

test('a drag dims the page to one sentence', async ({ page }) => {
  const drag = (type: string) =>
    page.evaluate((type) => {
      const dataTransfer = new DataTransfer();
      for (const name of ['a', 'b']) dataTransfer.items.add(new File(['x'], name));
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true }));
    }, type);
  await drag('dragenter');
  const overlay = page.locator('[data-drag-overlay]');
  await expect(overlay).toHaveText('Drop to add 2 items. Nothing is sent.');
  await drag('dragleave');
  await expect(overlay).toBeHidden();
});

test('a link that is dropped does not replace the page, and text still goes into fields', async ({
  page,
}) => {
  const refused = (target: Locator) =>
    target.evaluate((target) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/uri-list', 'https://example.invalid/');
      const init = { dataTransfer, bubbles: true, cancelable: true };
      return ['dragover', 'drop'].map((type) => !target.dispatchEvent(new DragEvent(type, init)));
    });
  expect(await refused(page.getByRole('heading', { level: 1 }))).toEqual([true, true]);
  expect(await refused(page.getByRole('textbox'))).toEqual([false, false]);
});

test('an ID is copied by its row, and all IDs by the main button', async ({
  page,
  context,
  browserName,
}) => {
  test.skip(browserName !== 'chromium', 'only Chromium lets a test read the clipboard');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await dropFiles(page, [textFile('a.txt', 'one'), textFile('b.txt', 'two')]);
  const ids = await idsOnPage(page);
  const read = () => page.evaluate(() => navigator.clipboard.readText());
  const a = ids['a.txt'] ?? '';
  await page.getByRole('button', { name: `Copy blob ID, ends ${a.slice(-4)}` }).click();
  await expect.poll(read).toBe(a);
  await expect(page.locator('[data-live=polite]')).toContainText('Blob ID copied.');
  await page.getByRole('button', { name: 'Copy 2 blob IDs' }).click();
  await expect.poll(read).toBe(`${a}\ta.txt\n${ids['b.txt']}\tb.txt`);
});

test('a table of names and IDs can be saved', async ({ page }) => {
  await dropFiles(page, [textFile('a.txt', 'one')]);
  const { 'a.txt': id } = await idsOnPage(page);
  await page.getByRole('button', { name: 'More for all files' }).click();
  const { text } = await savedFile(page, () =>
    page.getByRole('menuitem', { name: 'Save as a table (CSV)' }).click(),
  );
  expect(text.split('\r\n')[1]).toMatch(new RegExp(`^a\\.txt,,3,${id},\\d+,1000$`));
});

test('hostile names are shown, not obeyed', async ({ page }) => {
  const names = [
    '<img src=x onerror=alert(1)>.txt',
    'photo\u202egnp.exe',
    `${'long '.repeat(40)}.txt`,
  ];
  await dropFiles(
    page,
    names.map((name) => textFile(name, name)),
  );
  await idsOnPage(page);
  await expect(page.locator('[role=row] img')).toHaveCount(0);
  expect(await page.locator('main').innerText()).not.toContain('\u202e');
  // The end of a long name is there in full, however little is missing where it would be cut.
  const cut = await page
    .getByRole('row')
    .nth(2)
    .locator('bdi span')
    .last()
    .evaluate((end) => {
      const letters = document.createRange();
      letters.selectNodeContents(end);
      return letters.getBoundingClientRect().width - end.getBoundingClientRect().width;
    });
  expect(cut).toBeLessThan(0.01);
  const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(width).toBeLessThanOrEqual(0);
});

test('progress, speed and the picture follow the work on a larger file', async ({ page }) => {
  await dropMany(page, 1, 96e6);
  await page.getByRole('button', { name: 'as text' }).click();
  // Read inside the page: between two questions from outside the work may have ended.
  const seen = await page.evaluate(async () => {
    const readings: { percent: number; row: string; picture: string }[] = [];
    const text = (selector: string) => document.querySelector(selector)?.textContent ?? '';
    while (document.querySelector('[data-state=settled]') === null) {
      const bar = document.querySelector('[role=row] [role=progressbar]');
      const percent = Number(bar?.getAttribute('aria-valuenow') ?? Number.NaN);
      readings.push({ percent, row: text('[role=row]'), picture: text('[data-matrix-text]') });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return readings.filter(({ percent }) => !Number.isNaN(percent));
  });
  const percents = seen.map(({ percent }) => percent);
  expect(new Set(percents).size).toBeGreaterThan(3);
  expect(percents).toEqual([...percents].sort((a, b) => a - b)); // never back
  expect(seen.some(({ row }) => /\d MB\/s/.test(row))).toBe(true);
  expect(seen.some(({ picture }) => /rows and \d+ of 1,000 columns/.test(picture))).toBe(true);
  await idsOnPage(page);
});
