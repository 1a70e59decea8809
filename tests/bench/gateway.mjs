/** Figures of links in Chromium on a local network: a film opened, seeked in and read by the service worker, a download. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { findBrowser, launchOptions } from '../../src/tooling/browser.mjs';
import { buildApp } from '../../src/tooling/build-app.mjs';
import { buildDevWalletIfChanged } from '../../src/tooling/build-dev-wallet.mjs';
import { siteFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';
import { highest, inWords, memory, memoryWhile, writeLargeFile } from './large-files.mjs';
import { onNetwork } from './on-network.mjs';
import { descendants } from './process-memory.mjs';
import { boundRow } from './report.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('./report.mjs').Row} Row */

const MiB = 1 << 20;
/** 100 MB that play 400 s */
const FILM = { seconds: 400, bytesPerSecond: 250_000 };
const ROUNDS = 3;
/** where it is seeked to, each far from what was read before */
const SEEKS = [333, 50, 210, 120, 390, 270, 90, 170, 360];
/** of the file that is downloaded */
const LARGE_MIB = 256;
/** The same memory has to do for both. Browsers let garbage lie up to some 300 MiB, which takes 200 MiB of a file. */
const LARGEST_MIB = 1024;
const MOST_MIB = 400;
const MOST_GROWTH_MIB = 64;
const REST_MS = 3_000;
const what = { name: 'gateway', browser: 'chromium' };

/** Remembers when the first picture of a film could be shown; downloads go the way of browsers without a file dialog. */
function prepare() {
  Reflect.deleteProperty(window, 'showSaveFilePicker');
  const seen = () => {
    window.name ||= String(performance.now());
  };
  document.addEventListener('loadeddata', seen, { capture: true, once: true });
}

/**
 * A browser that knows nothing yet.
 *
 * @template T
 * @param {(page: Page) => Promise<T>} work
 */
async function inFreshProfile(work) {
  const profile = mkdtempSync(join(tmpdir(), 'haulout-profile-'));
  const options = launchOptions('chromium', findBrowser('chromium'));
  const context = await chromium.launchPersistentContext(profile, options);
  try {
    const page = await context.newPage();
    await page.addInitScript(prepare);
    return await work(page);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** @param {readonly number[]} times */
const median = (times) => [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

/** From the click on a link to the first picture, in ms. @param {Page} page @param {string} link */
async function firstFrame(page, link) {
  await page.goto(link);
  await page.locator('[data-way=gateway] video').waitFor();
  await page.waitForFunction(() => window.name !== '');
  return Number(await page.evaluate(() => window.name));
}

/** Times in ms from a wish to its picture. @param {Page} page @returns {Promise<number[]>} */
function seek(page) {
  return page.locator('video').evaluate(async (element, seeks) => {
    const video = /** @type {HTMLVideoElement} */ (element);
    const times = [];
    for (const at of seeks) {
      const begin = performance.now();
      const shown = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      video.currentTime = at + 0.5;
      await shown;
      times.push(performance.now() - begin);
    }
    return times;
  }, SEEKS);
}

/** Reads all of a blob by way of the service worker, and forgets it. @param {Page} page @returns {Promise<number>} ms */
function readThrough(page, /** @type {string} */ url, /** @type {number} */ bytes) {
  return page.evaluate(
    async ([address, expected]) => {
      const begin = performance.now();
      const { body } = await fetch(/** @type {string} */ (address));
      let length = 0;
      const reader = /** @type {ReadableStream<Uint8Array>} */ (body).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        length += value.length;
      }
      if (length !== expected) throw new Error(`${length} bytes came`);
      return performance.now() - begin;
    },
    /** @type {const} */ ([url, bytes]),
  );
}

/** @param {string} path */
async function sha256(path) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

/**
 * Memory over idle in MiB.
 *
 * @typedef {object} Downloaded
 * @property {number} peak
 * @property {number} grown by how much the second half of the time took more than the first
 */

/**
 * @param {Page} page on the site
 * @param {{ link: string, path: string, mebibytes: number, log(line: string): void }} o
 * @param {ReadonlySet<number>} others processes that are none of the browser
 * @returns {Promise<Downloaded>}
 */
async function download(page, { link, path, mebibytes, log }, others) {
  // Idle is a page with its worker: a fresh one is still loading, and grows by that alone.
  await page.goto(new URL('/', link).href);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.goto(link);
  const button = page.locator('[data-download]');
  await button.waitFor({ timeout: 60_000 });
  await page.waitForTimeout(REST_MS);
  const idle = memory(others);
  const begin = performance.now();
  const save = async () => {
    const saving = page.waitForEvent('download');
    await button.click();
    return (await saving).path();
  };
  const saved = save();
  const samples = await memoryWhile(saved, others);
  const peak = highest(samples);
  const seconds = (performance.now() - begin) / 1_000;
  if ((await sha256(await saved)) !== (await sha256(path))) throw new Error('other bytes came');
  const rate = (mebibytes / seconds).toFixed(1);
  log(`gateway, ${mebibytes} MiB: ${seconds.toFixed(0)} s, ${rate} MiB/s`);
  log(`gateway, memory: idle ${inWords(idle)}; peak ${inWords(peak)}`);
  const half = samples.length >> 1;
  const grown = highest(samples.slice(half)).total - highest(samples.slice(0, half + 1)).total;
  return { peak: (peak.total - idle.total) / MiB, grown: grown / MiB };
}

/**
 * The site on a network that has a film and a large file.
 *
 * @typedef {{ url: string, film: Uint8Array, link(file: Blob | Uint8Array): Promise<string>, download(mebibytes: number): Promise<Downloaded> }} Site
 * @param {(line: string) => void} log
 * @param {(site: Site) => Promise<Row[]>} work
 */
async function onSite(log, work) {
  await buildApp();
  await buildDevWalletIfChanged();
  const modules = ['store-cases.ts', '../support/webm.ts'];
  return onNetwork(modules, async ({ network, folder, modules: [store, { webm }] }) => {
    // What an aggregator gives is computed on this machine, too: it would be measured with the page.
    const { aggregatorUrl: _, ...nodesAlone } = network;
    const server = await serve({ folder: siteFolder, network: nodesAlone });
    const secretKey = network.accounts[1]?.secretKey ?? '';
    /** @param {Blob | Uint8Array} file */
    const link = async (file) => {
      const { ms, blobIds } = await store.storeFiles({ network, secretKey, folder }, [file]);
      log(`gateway, stored in ${Math.round(ms / 1_000)} s`);
      return blobIds[0];
    };
    try {
      const measure = async (/** @type {number} */ mebibytes) => {
        const path = join(folder, 'large');
        await writeLargeFile(path, mebibytes * MiB);
        const address = `${server.url}b/${await link(await openAsBlob(path))}`;
        const others = new Set(descendants(process.pid));
        return inFreshProfile((page) =>
          download(page, { link: address, path, mebibytes, log }, others),
        );
      };
      const film = webm(FILM.seconds, FILM.bytesPerSecond);
      return await work({ url: server.url, film, link, download: measure });
    } finally {
      await server.close();
    }
  });
}

/** @param {number} mebibytes @param {Downloaded} downloaded */
function peakRow(mebibytes, { peak }) {
  const label = `${mebibytes} MiB download, memory of all processes over idle`;
  return boundRow(row(label, 'MiB'), peak, '<=', MOST_MIB);
}

/** @param {string} label @param {string} unit */
const row = (label, unit) => ({ ...what, case: label, unit });

/** @param {(line: string) => void} log @returns {Promise<Row[]>} */
export function gateway(log) {
  return onSite(log, async ({ url, film, link, download }) => {
    const filmId = await link(film);
    /** @type {Record<'cold' | 'again' | 'seeks' | 'reads', number[]>} */
    const times = { cold: [], again: [], seeks: [], reads: [] };
    for (let round = 0; round < ROUNDS; round++) {
      await inFreshProfile(async (page) => {
        times.cold.push(await firstFrame(page, `${url}b/${filmId}`));
        times.seeks.push(...(await seek(page)));
      });
      await inFreshProfile(async (page) => {
        await page.goto(url);
        await page.evaluate(() => navigator.serviceWorker.ready);
        times.again.push(await firstFrame(page, `${url}b/${filmId}`));
      });
      await inFreshProfile(async (page) => {
        await page.goto(url);
        await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
        times.reads.push(await readThrough(page, `${url}v1/blobs/${filmId}`, film.length));
      });
      log(`gateway, round ${round + 1}: first frame ${Math.round(times.cold[round] ?? 0)} ms`);
    }
    const cold = median(times.cold);
    const again = median(times.again);
    const throughput = film.length / MiB / (median(times.reads) / 1_000);
    return [
      boundRow(row('100 MB film, first frame, fresh profile', 'ms'), cold, '<=', 5_000),
      boundRow(row('100 MB film, first frame, worker there', 'ms'), again, '<=', 3_000),
      boundRow(row('100 MB film, seek to frame', 'ms'), median(times.seeks), '<=', 1_000),
      boundRow(row('verified in the service worker', 'MiB/s'), throughput, '>=', 10),
      peakRow(LARGE_MIB, await download(LARGE_MIB)),
    ];
  });
}

/**
 * The largest download beside one of a quarter. Storing them takes minutes.
 *
 * @param {(line: string) => void} log
 * @returns {Promise<Row[]>}
 */
export function gatewayLarge(log) {
  return onSite(log, async ({ download }) => {
    const large = await download(LARGE_MIB);
    const largest = await download(LARGEST_MIB);
    const growth = (/** @type {string} */ label, /** @type {number} */ mebibytes) =>
      boundRow(row(label, 'MiB'), mebibytes, '<=', MOST_GROWTH_MIB);
    return [
      peakRow(LARGE_MIB, large),
      peakRow(LARGEST_MIB, largest),
      growth(`${LARGEST_MIB} MiB over ${LARGE_MIB} MiB, peak memory`, largest.peak - large.peak),
      growth(`${LARGEST_MIB} MiB, second half over first, peak memory`, largest.grown),
    ];
  });
}
