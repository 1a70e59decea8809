/** `npm run shots`: pictures of the page in its states, into `.reports/shots`, to be opened and looked at. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, firefox } from 'playwright';
import { findBrowser, launchOptions } from '../../src/tooling/browser.mjs';
import { buildAppIfChanged } from '../../src/tooling/build-app.mjs';
import { reportsFolder, siteFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {{ name: string, reach(page: Page): Promise<unknown>, isMore?: boolean }} Shot */

const folder = join(reportsFolder, 'shots');
const wanted = process.argv.slice(2);
const HELLO = 'vldooumlbSRuiUvv54k0MowsF5afG7SVC0b9oXufbzQ'; // the blob ID of "hello world"

/** Drops files made in the page. @param {Page} page @param {[name: string, type: string, bytes: number][]} list */
async function drop(page, list) {
  await page.evaluate(async (files) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 300, height: 200 });
    const pen = canvas.getContext('2d');
    const transfer = new DataTransfer();
    for (const [at, [name, type, bytes]] of files.entries()) {
      /** @type {BlobPart[]} */
      let parts = [new Uint8Array(bytes).fill(at)];
      if (pen !== null && type === 'image/png') {
        const sky = pen.createLinearGradient(0, 0, 0, 200);
        sky.addColorStop(0, `hsl(${200 + at * 17} 60% 70%)`);
        sky.addColorStop(1, `hsl(${40 + at * 11} 55% 60%)`);
        pen.fillStyle = sky;
        pen.fillRect(0, 0, 300, 200);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve));
        parts = blob instanceof Blob ? [blob, new Uint8Array(bytes)] : parts;
      }
      transfer.items.add(new File(parts, name, { type, lastModified: 1e12 }));
    }
    const event = new DragEvent('drop', { dataTransfer: transfer, bubbles: true });
    document.body.dispatchEvent(event);
  }, list);
}

/** @param {Page} page */
const settled = (page) => page.locator('[data-state=settled]').waitFor({ timeout: 90_000 });

/** @type {[string, string, number][]} */
const THREE = [
  ['beach.png', 'image/png', 3_100_000],
  ['notes.pdf', 'application/pdf', 900_000],
  ['crossing, the long way home.webm', 'video/webm', 90_000_000],
];
/** @type {[string, string, number][]} */
const SMALL = [
  ['beach.png', 'image/png', 3_100],
  ['notes.pdf', 'application/pdf', 900_000],
  ['empty.txt', 'text/plain', 0],
];

/** @param {Page} page @param {string} text */
async function compare(page, text) {
  await page.locator('nav a').nth(1).click();
  await page.locator('main input').fill(HELLO);
  await page.evaluate((words) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([words], 'hello.txt', { type: 'text/plain' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
  }, text);
  await page.locator('[data-verdict]').waitFor({ timeout: 60_000 });
}

/** @type {Shot[]} */
const SHOTS = [
  { name: 'store-empty', isMore: true, reach: async () => {} },
  {
    name: 'store-drag',
    reach: (page) =>
      page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        for (let at = 0; at < 214; at++) dataTransfer.items.add(new File(['x'], `${at}`));
        document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer, bubbles: true }));
      }),
  },
  {
    name: 'store-preparing',
    isMore: true,
    reach: async (page) => {
      await drop(page, THREE);
      await page.locator('[data-blob-id]').nth(1).waitFor({ timeout: 60_000 });
      await page.locator('[role=row] [role=progressbar][aria-valuenow]').first().waitFor();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'store-preparing500',
    reach: async (page) => {
      await drop(
        page,
        Array.from({ length: 500 }, (_, at) => [
          `piece ${at}.${at % 3 === 0 ? 'png' : 'json'}`,
          at % 3 === 0 ? 'image/png' : 'application/json',
          1000 + at * 37,
        ]),
      );
      await page.locator('[data-blob-id]').nth(2).waitFor({ timeout: 60_000 });
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'store-ready',
    isMore: true,
    reach: async (page) => {
      await drop(page, SMALL);
      await settled(page);
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'store-paused',
    reach: async (page) => {
      await drop(page, THREE);
      await page.locator('[data-blob-id]').nth(1).waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
    },
  },
  {
    name: 'store-removed',
    reach: async (page) => {
      await drop(page, SMALL);
      await settled(page);
      await page.locator('[role=row] [aria-haspopup=menu]').first().click();
      await page.getByRole('menuitem').last().click();
      await page.locator('[data-undo]').waitFor();
    },
  },
  {
    name: 'store-details',
    reach: async (page) => {
      await drop(page, SMALL);
      await settled(page);
      await page
        .getByRole('row')
        .nth(1)
        .click({ position: { x: 80, y: 20 } });
      await page.getByRole('dialog').waitFor();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'store-trouble',
    isMore: true,
    reach: async (page) => {
      const path = join(mkdtempSync(join(tmpdir(), 'haulout-shots-')), 'gone film.mov');
      writeFileSync(path, Buffer.alloc(60_000_000));
      const chooser = page.waitForEvent('filechooser');
      await page.locator('main button').first().click();
      await (await chooser).setFiles([path]);
      await page.locator('[role=row]').first().waitFor();
      await page.locator('[role=row] [aria-haspopup=menu]').first().click();
      await page.getByRole('menuitem').first().click();
      rmSync(path);
      await drop(page, SMALL);
      await page.locator('[data-blob-id]').nth(2).waitFor({ timeout: 60_000 });
      await page.locator('[role=row] [aria-haspopup=menu]').first().click();
      await page.getByRole('menuitem').first().click();
      await page.locator('[data-error]').waitFor({ timeout: 30_000 });
      await page.waitForTimeout(300);
    },
  },
  { name: 'open-compare-match', isMore: true, reach: (page) => compare(page, 'hello world') },
  { name: 'open-compare-mismatch', isMore: true, reach: (page) => compare(page, 'hello, world') },
  {
    name: 'open-compare-malformed',
    reach: async (page) => {
      await page.locator('nav a').nth(1).click();
      await page.locator('main input').fill('Wf3k9Q');
    },
  },
  { name: 'settings', reach: (page) => page.locator('nav a').nth(2).click() },
  {
    name: 'keys',
    reach: async (page) => {
      await page.keyboard.press('?');
      await page.waitForTimeout(400);
    },
  },
];

const { url, close } = await (async () => {
  await buildAppIfChanged();
  return serve({ folder: siteFolder });
})();
mkdirSync(folder, { recursive: true });

/**
 * @param {import('playwright').Browser} browser
 * @param {Shot} shot
 * @param {{ suffix: string, width: number, theme?: 'light' | 'dark', forced?: boolean, language?: string }} view
 */
async function take(browser, shot, view) {
  const { suffix, width, theme = 'light', forced = false, language } = view;
  const name = `${shot.name}-${suffix}`;
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) return;
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 740 : 860 },
    colorScheme: theme,
    hasTouch: width < 600,
    ...(forced ? { forcedColors: /** @type {const} */ ('active') } : {}),
  });
  const page = await context.newPage();
  await page.addInitScript((chosen) => {
    Reflect.deleteProperty(window, 'showOpenFilePicker');
    if (typeof chosen === 'string') localStorage.setItem('haulout.language', chosen);
  }, language);
  try {
    await page.goto(url);
    await page.locator('h1').first().waitFor();
    await shot.reach(page);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    console.log(name);
  } catch (error) {
    console.log(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
    process.exitCode = 1;
  } finally {
    await context.close();
  }
}

const options = launchOptions('chromium', findBrowser('chromium'));
const browser = await chromium.launch(options);
const largeText = '--blink-settings=defaultFontSize=32';
const large = await chromium.launch({ ...options, args: [...(options.args ?? []), largeText] });
for (const shot of SHOTS) {
  for (const width of [360, 768, 1280]) {
    for (const theme of /** @type {const} */ (['light', 'dark'])) {
      await take(browser, shot, { suffix: `${width}-${theme}`, width, theme });
    }
  }
  if (!shot.isMore) continue;
  await take(large, shot, { suffix: '360-text200', width: 360 });
  await take(browser, shot, { suffix: '360-rtl', width: 360, language: 'ar-XB' });
  await take(browser, shot, { suffix: '360-long', width: 360, language: 'en-XA' });
  await take(browser, shot, { suffix: '360-forced', width: 360, forced: true });
}
await browser.close();
await large.close();

const firefoxPath = findBrowser('firefox');
if (firefoxPath !== undefined) {
  const other = await firefox.launch(launchOptions('firefox', firefoxPath));
  for (const shot of SHOTS.filter(({ name }) => /store-(empty|preparing500|ready)/.test(name))) {
    await take(other, shot, { suffix: '1280-light-firefox', width: 1280 });
  }
  await other.close();
}
await close();
