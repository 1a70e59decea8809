/** Figures of the Store page in Chromium, on a local network: from the drop of a photo to its link, and 200 uploads. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inWords, memory, peakMemory, writeLargeFile } from './large-files.mjs';
import { longestOf, longTasksUntil, tasksInWords, watchLongTasks } from './long-tasks.mjs';
import { onFreePage, onPage } from './on-page.mjs';
import { boundRow } from './report.mjs';

/** @typedef {import('playwright').Page} Page */

const MiB = 1 << 20;
const PHOTO_BYTES = 3_000_000;
const UPLOADS = 200;
/** uploads after which whatever is kept once is there */
const WARM = 20;
const what = { name: 'store-page', browser: 'chromium' };
let count = 0;

/** A file that was not stored before. @param {number} bytes */
const photo = (bytes) => ({
  name: 'photo.jpg',
  mimeType: 'image/jpeg',
  buffer: Buffer.alloc(bytes, `photo ${count++} `),
});

/**
 * From an empty page to a link.
 *
 * @param {Page} page
 * @param {ReturnType<typeof photo> | string} file or its path
 * @param {number} [timeout] in ms
 * @returns clicks, and time in ms
 */
async function storeOne(page, file, timeout = 60_000) {
  const paid = await payFor(page, file, timeout);
  await page.locator('[data-done]').waitFor({ timeout });
  return { clicks: paid.clicks, ms: performance.now() - paid.begin };
}

/**
 * From an empty page to the click that pays.
 *
 * @param {Page} page
 * @param {ReturnType<typeof photo> | string} file or its path
 * @param {number} timeout in ms
 */
async function payFor(page, file, timeout) {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  let clicks = 0;
  /** @param {import('playwright').Locator} button @param {number} [wait] */
  const click = (button, wait = 30_000) => {
    clicks++;
    return button.click({ timeout: wait });
  };
  const begin = performance.now();
  await (await chooser).setFiles(file);
  await click(page.getByRole('button', { name: 'See the price' }), timeout);
  const connect = page.getByRole('button', { name: 'Connect a wallet to pay' });
  const pay = page.getByRole('button', { name: /^Pay / });
  await connect.or(pay).waitFor();
  if (await connect.isVisible()) {
    await click(connect);
    const sheet = page.getByRole('dialog', { name: 'Connect a wallet' });
    await click(sheet.getByRole('button', { name: 'Development wallet' }));
  }
  await click(pay);
  return { clicks, begin };
}

/** What the page holds after it has tidied up, in bytes. @param {Page} page */
async function heapOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

const SMOOTH_MIB = 16;

/**
 * The longest task of the page while a file is prepared and sent, 1000 shards, straight to the nodes.
 *
 * @param {(line: string) => void} log
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function longestTasks(log) {
  const folder = mkdtempSync(join(tmpdir(), 'haulout-bench-'));
  try {
    const path = join(folder, 'film.webm');
    await writeLargeFile(path, SMOOTH_MIB * MiB);
    return await onPage('handful-real', async (page) => {
      await page.evaluate(() => localStorage.setItem('haulout.sending', 'nodes'));
      await watchLongTasks(page);
      await storeOne(page, photo(10_000)); // what is loaded once is there, and the wallet is connected
      await page.getByRole('link', { name: 'Store more' }).click();
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Choose files' }).click();
      await (await chooser).setFiles(path);
      const preparing = await longTasksUntil(page, '[data-state=settled]', 120_000);
      await page.getByRole('button', { name: 'See the price' }).click();
      await page.getByRole('button', { name: /^Pay / }).click();
      await page.locator('[data-upload]').waitFor();
      const sending = await longTasksUntil(page, '[data-done]', 240_000);
      return Object.entries({ preparing, sending }).map(([name, tasks]) => {
        log(`store-page, ${name} ${SMOOTH_MIB} MiB: ${tasksInWords(tasks)}`);
        const label = `longest task while ${name} ${SMOOTH_MIB} MiB`;
        return boundRow({ ...what, case: label, unit: 'ms' }, longestOf(tasks), '<=', 50);
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {(line: string) => void} log @returns {Promise<import('./report.mjs').Row[]>} */
export async function storePage(log) {
  const more = (/** @type {Page} */ page) => page.getByRole('link', { name: 'Store more' }).click();
  const smooth = await longestTasks(log);
  const one = await onPage('handful-real', async (page) => {
    const first = await storeOne(page, photo(PHOTO_BYTES));
    await more(page);
    const second = await storeOne(page, photo(PHOTO_BYTES));
    return { first, second };
  });
  log(
    `store-page, 3 MB photo: ${Math.round(one.first.ms)} ms, then ${Math.round(one.second.ms)} ms`,
  );
  const heap = await onPage('tiny', async (page) => {
    let warm = 0;
    for (let at = 1; at <= UPLOADS; at++) {
      await storeOne(page, photo(10_000));
      if (at === WARM) warm = await heapOf(page);
      if (at % 50 === 0)
        log(`store-page, ${at} uploads: heap ${((await heapOf(page)) / MiB).toFixed(1)} MiB`);
      await more(page);
    }
    return { warm, end: await heapOf(page) };
  });
  const grown = (heap.end - heap.warm) / MiB;
  return [
    ...smooth,
    boundRow(
      { ...what, case: '3 MB photo, drop to link', unit: 'ms' },
      one.second.ms,
      '<=',
      60_000,
    ),
    boundRow({ ...what, case: 'clicks, wallet connected', unit: '' }, one.second.clicks, '<=', 2),
    boundRow({ ...what, case: 'clicks, first time', unit: '' }, one.first.clicks, '<=', 4),
    boundRow(
      { ...what, case: `heap from upload ${WARM} to ${UPLOADS}`, unit: 'MiB' },
      grown,
      '<=',
      10,
    ),
  ];
}

const LARGE_MIB = Number(process.env['HAULOUT_LARGE_MIB'] ?? 1_024);
const LARGE_MS = 2_400_000;
const LOOK_MS = 2_000;

/**
 * Waits until a blob of so many bytes is certified on chain.
 *
 * @param {import('../../src/devnet/describe.ts').NetworkDescription} network
 * @param {number} bytes
 */
async function untilCertified({ adminUrl, adminToken }, bytes) {
  const headers = { authorization: `Bearer ${adminToken}` };
  for (;;) {
    const { blobs } = await (await fetch(`${adminUrl}/admin/state`, { headers })).json();
    /** @type {readonly import('../../src/devnet/control/blob-list.ts').ListedBlob[]} */
    const newest = blobs.newest;
    if (newest.some(({ size, certifiedEpoch }) => size === bytes && certifiedEpoch !== undefined))
      return;
    await sleep(LOOK_MS);
  }
}

/** A large file through the page, straight to the nodes. @param {(line: string) => void} log @returns {Promise<import('./report.mjs').Row[]>} */
export async function storeLarge(log) {
  const folder = mkdtempSync(join(tmpdir(), 'haulout-bench-'));
  try {
    const path = join(folder, 'file');
    await writeLargeFile(path, LARGE_MIB * MiB);
    return await onFreePage('handful-real', async ({ drive, network }) => {
      const idle = await drive(async (page) => {
        await page.evaluate(() => localStorage.setItem('haulout.sending', 'nodes'));
        await page.reload();
        await storeOne(page, photo(10_000)); // what is loaded once is there
        await page.getByRole('link', { name: 'Store more' }).click();
        return memory();
      });
      const work = async () => {
        const { begin } = await drive(async (page) => {
          const paid = await payFor(page, path, LARGE_MS);
          await page.locator('[data-upload]').waitFor({ timeout: LARGE_MS });
          return paid;
        });
        await untilCertified(network, LARGE_MIB * MiB);
        return performance.now() - begin;
      };
      const working = work();
      const peak = await peakMemory(working);
      const ms = await working;
      log(`store-large: ${Math.round(ms / 1_000)} s; idle ${inWords(idle)}; peak ${inWords(peak)}`);
      const label = `${LARGE_MIB / 1_024} GiB direct, peak memory of all processes over idle`;
      const over = (peak.total - idle.total) / MiB;
      return [boundRow({ ...what, name: 'store', case: label, unit: 'MiB' }, over, '<=', 700)];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
