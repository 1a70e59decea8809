/** Figures of the Store page in Chromium, on a local network: from the drop of a photo to its link, and 200 uploads. */
import { chromium } from 'playwright';
import { findBrowser, launchOptions } from '../../src/tooling/browser.mjs';
import { buildApp } from '../../src/tooling/build-app.mjs';
import { buildDevWalletIfChanged } from '../../src/tooling/build-dev-wallet.mjs';
import { loadDevnet } from '../../src/tooling/build-devnet.mjs';
import { siteFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';
import { boundRow } from './report.mjs';

/** @typedef {import('playwright').Page} Page */

const MiB = 1 << 20;
const PHOTO_BYTES = 3_000_000;
const UPLOADS = 200;
/** uploads after which whatever is kept once is there */
const WARM = 20;
const what = { name: 'store-page', browser: 'chromium' };
let count = 0;

/** A wallet that approves by itself, and a file dialog that a program can answer. */
function prepare() {
  Reflect.deleteProperty(window, 'showOpenFilePicker');
  if (location.protocol === 'http:') {
    localStorage['haulout-dev-wallet'] ??= JSON.stringify({ answer: 'approve' });
  }
}

/**
 * @template T
 * @param {string} profile of the network
 * @param {(page: Page) => Promise<T>} work
 */
async function onPage(profile, work) {
  const { startFrom } = await loadDevnet();
  const words = ['--profile', profile, '--port', '0', '--data', 'none'];
  const network = await startFrom(words);
  if (typeof network === 'string') throw new Error(network);
  const server = await serve({ folder: siteFolder, network: network.description });
  const browser = await chromium.launch(launchOptions('chromium', findBrowser('chromium')));
  try {
    const page = await browser.newPage();
    await page.addInitScript(prepare);
    await page.goto(server.url);
    return await work(page);
  } finally {
    await browser.close();
    await server.close();
    await network.close();
  }
}

/** From an empty page to a link. @param {Page} page @param {number} bytes @returns clicks, and time in ms */
async function storeOne(page, bytes) {
  const buffer = Buffer.alloc(bytes, `photo ${count++} `);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  let clicks = 0;
  /** @param {import('playwright').Locator} button */
  const click = (button) => {
    clicks++;
    return button.click();
  };
  const begin = performance.now();
  await (await chooser).setFiles([{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer }]);
  await click(page.getByRole('button', { name: 'See the price' }));
  const connect = page.getByRole('button', { name: 'Connect a wallet to pay' });
  const pay = page.getByRole('button', { name: /^Pay / });
  await connect.or(pay).waitFor();
  if (await connect.isVisible()) {
    await click(connect);
    const sheet = page.getByRole('dialog', { name: 'Connect a wallet' });
    await click(sheet.getByRole('button', { name: 'Development wallet' }));
  }
  await click(pay);
  await page.locator('[data-done]').waitFor({ timeout: 60_000 });
  return { clicks, ms: performance.now() - begin };
}

/** What the page holds after it has tidied up, in bytes. @param {Page} page */
async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** @param {(line: string) => void} log @returns {Promise<import('./report.mjs').Row[]>} */
export async function storePage(log) {
  await buildApp();
  await buildDevWalletIfChanged();
  const more = (/** @type {Page} */ page) => page.getByRole('link', { name: 'Store more' }).click();
  const photo = await onPage('handful-real', async (page) => {
    const first = await storeOne(page, PHOTO_BYTES);
    await more(page);
    const second = await storeOne(page, PHOTO_BYTES);
    return { first, second };
  });
  log(
    `store-page, 3 MB photo: ${Math.round(photo.first.ms)} ms, then ${Math.round(photo.second.ms)} ms`,
  );
  const heap = await onPage('tiny', async (page) => {
    let warm = 0;
    for (let at = 1; at <= UPLOADS; at++) {
      await storeOne(page, 10_000);
      if (at === WARM) warm = await heapOf(page);
      if (at % 50 === 0)
        log(`store-page, ${at} uploads: heap ${((await heapOf(page)) / MiB).toFixed(1)} MiB`);
      await more(page);
    }
    return { warm, end: await heapOf(page) };
  });
  const grown = (heap.end - heap.warm) / MiB;
  return [
    boundRow(
      { ...what, case: '3 MB photo, drop to link', unit: 'ms' },
      photo.second.ms,
      '<=',
      60_000,
    ),
    boundRow({ ...what, case: 'clicks, wallet connected', unit: '' }, photo.second.clicks, '<=', 2),
    boundRow({ ...what, case: 'clicks, first time', unit: '' }, photo.first.clicks, '<=', 4),
    boundRow(
      { ...what, case: `heap from upload ${WARM} to ${UPLOADS}`, unit: 'MiB' },
      grown,
      '<=',
      10,
    ),
  ];
}
