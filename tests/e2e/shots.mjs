/** `npm run shots`: pictures of the page in its states, into `.reports/shots`, to be opened and looked at. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, firefox } from 'playwright';
import { findBrowser, launchOptions } from '../../src/tooling/browser.mjs';
import { buildAppIfChanged } from '../../src/tooling/build-app.mjs';
import { buildDevWalletIfChanged } from '../../src/tooling/build-dev-wallet.mjs';
import { loadDevnet } from '../../src/tooling/build-devnet.mjs';
import { buildLibrary } from '../../src/tooling/build-library.mjs';
import { reportsFolder, siteFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';
import { storingShots } from './shots-storing.mjs';
import { viewerShots } from './shots-viewer.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {{ name: string, reach(page: Page): Promise<unknown>, isMore?: boolean, isLong?: boolean, leave?(): Promise<void> }} Shot */

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
  await page.locator('main nav a').nth(1).click();
  await page.locator('[data-state] input').fill(HELLO);
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
    isLong: true,
    reach: async (page) => {
      const place = mkdtempSync(join(tmpdir(), 'haulout-shots-'));
      const sparse = (/** @type {string} */ name, /** @type {number} */ bytes) => {
        const path = join(place, name);
        writeFileSync(path, '');
        truncateSync(path, bytes);
        return path;
      };
      const choose = async (/** @type {string} */ button, /** @type {string[]} */ paths) => {
        const chooser = page.waitForEvent('filechooser');
        await page.locator(button).first().click();
        await (await chooser).setFiles(paths);
      };
      const huge = sparse('everything.tar', 14_599_533_453);
      await choose('main button', [huge, sparse('empty.txt', 0)]);
      await settled(page);
      const [gone, changed] = [sparse('gone film.mov', 3e8), sparse('diary.txt', 3e8)];
      await choose('main button:has(.lucide-plus)', [gone, changed]);
      await page.locator('[data-state=preparing]').waitFor();
      rmSync(gone);
      appendFileSync(changed, 'more');
      await settled(page);
      rmSync(place, { recursive: true });
    },
  },
  {
    name: 'store-names',
    isMore: true,
    isLong: true,
    reach: async (page) => {
      await drop(page, [
        [`${'a long name, '.repeat(16)}end.txt`, 'text/plain', 1000],
        ['\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd.pdf', 'application/pdf', 2000],
        ['<b onclick="x">bold</b>.html', 'text/html', 3000],
        ['line\nbreak\u202egpj.exe', '', 4000],
      ]);
      await settled(page);
    },
  },
  { name: 'open-compare-match', isMore: true, reach: (page) => compare(page, 'hello world') },
  { name: 'open-compare-mismatch', isMore: true, reach: (page) => compare(page, 'hello, world') },
  {
    name: 'open-compare-malformed',
    reach: async (page) => {
      await page.locator('nav a').nth(1).click();
      await page.locator('main nav a').nth(1).click();
      await page.locator('[data-state] input').fill('Wf3k9Q');
    },
  },
  { name: 'settings', reach: (page) => page.locator('header nav a').last().click() },
  {
    name: 'keys',
    reach: async (page) => {
      await page.keyboard.press('?');
      await page.waitForTimeout(400);
    },
  },
];

await buildAppIfChanged();
await buildLibrary(); // what the pictures show is stored by it
await buildDevWalletIfChanged();
const { startFrom } = await loadDevnet();
const local = await startFrom(['--port', '0', '--data', 'none']);
if (typeof local === 'string') throw new Error(local);
const site = await serve({ folder: siteFolder });
const localSite = await serve({ folder: siteFolder, network: local.description });
mkdirSync(folder, { recursive: true });

const options = launchOptions('chromium', findBrowser('chromium'));
const largeText = ['--blink-settings=defaultFontSize=32'];
const firefoxPath = findBrowser('firefox');

/** How to start each browser. */
const LAUNCH = {
  chromium: () => chromium.launch(options),
  large: () => chromium.launch({ ...options, args: (options.args ?? []).concat(largeText) }),
  firefox: () => firefox.launch(launchOptions('firefox', firefoxPath)),
};

/** @type {Map<keyof typeof LAUNCH, import('playwright').Browser>} */
const running = new Map();

/** A browser, started anew if it died. @param {keyof typeof LAUNCH} kind */
async function browserOf(kind) {
  const kept = running.get(kind);
  if (kept?.isConnected()) return kept;
  const started = await LAUNCH[kind]();
  running.set(kind, started);
  return started;
}

/**
 * @param {Shot} shot
 * @param {{ url?: string, suffix: string, width: number, theme?: 'light' | 'dark', forced?: boolean, language?: string, browser?: keyof typeof LAUNCH }} view
 */
async function take(shot, view) {
  const name = `${shot.name}-${view.suffix}`;
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) return;
  for (let tries = 1; ; tries++) {
    try {
      await takeOnce(name, shot, view);
      console.log(name);
      return;
    } catch (error) {
      console.log(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
      if (tries < 2) continue;
      process.exitCode = 1;
      return;
    }
  }
}

/** Changes the language as another tab would, so that the way to a state is the same in all. @param {Page} page @param {string} language */
async function speak(page, language) {
  await page.evaluate((chosen) => {
    localStorage.setItem('haulout.language', chosen);
    window.dispatchEvent(new StorageEvent('storage', { key: 'haulout.language' }));
  }, language);
  await page.locator(`html[lang="${language}"]`).waitFor();
}

/** @param {string} name @param {Shot} shot @param {Parameters<typeof take>[1]} view */
async function takeOnce(name, shot, view) {
  const { url = site.url, width, theme = 'light', forced = false, language } = view;
  const browser = await browserOf(view.browser ?? 'chromium');
  const context = await browser.newContext({
    viewport: { width, height: shot.isLong ? 1700 : width < 600 ? 740 : 860 },
    colorScheme: theme,
    hasTouch: width < 600,
    ...(forced ? { forcedColors: /** @type {const} */ ('active') } : {}),
  });
  const page = await context.newPage();
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showOpenFilePicker'));
  try {
    await page.goto(url);
    await page.locator('h1').first().waitFor();
    await shot.reach(page);
    if (language !== undefined) await speak(page, language);
    await page.screenshot({ path: join(folder, `${name}.png`) });
  } finally {
    await shot.leave?.();
    await context.close().catch(() => {}); // the browser may have died
  }
}

/** @param {Shot} shot @param {string} url */
async function takeAll(shot, url) {
  for (const width of [360, 768, 1280]) {
    for (const theme of /** @type {const} */ (['light', 'dark'])) {
      await take(shot, { url, suffix: `${width}-${theme}`, width, theme });
    }
  }
}

/** @param {Shot} shot @param {string} url */
async function takeMore(shot, url) {
  await take(shot, { url, suffix: '360-text200', width: 360, browser: 'large' });
  await take(shot, { url, suffix: '360-rtl', width: 360, language: 'ar-XB' });
  await take(shot, { url, suffix: '360-long', width: 360, language: 'en-XA' });
  await take(shot, { url, suffix: '360-forced', width: 360, forced: true });
  await take(shot, { url, suffix: '320-dark', width: 320, theme: 'dark' });
}

const localShots = [...storingShots(local), ...(await viewerShots(local))];
for (const shot of localShots) await takeAll(shot, localSite.url);
for (const shot of localShots.filter(({ isMore }) => isMore === true)) {
  await takeMore(shot, localSite.url);
}
for (const shot of SHOTS) {
  await takeAll(shot, site.url);
  if (shot.isMore) await takeMore(shot, site.url);
}
if (firefoxPath !== undefined) {
  for (const shot of SHOTS.filter(({ name }) => /store-(empty|preparing500|ready)/.test(name))) {
    await take(shot, { suffix: '1280-light-firefox', width: 1280, browser: 'firefox' });
  }
}
for (const browser of running.values()) await browser.close();
await Promise.all([site, localSite, local].map((each) => each.close()));
