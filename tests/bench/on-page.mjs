/** The app in Chromium on a local network, with a wallet that approves by itself. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright';
import { findBrowser, launchOptions } from '../../src/tooling/browser.mjs';
import { buildApp } from '../../src/tooling/build-app.mjs';
import { buildDevWalletIfChanged } from '../../src/tooling/build-dev-wallet.mjs';
import { loadDevnet } from '../../src/tooling/build-devnet.mjs';
import { siteFolder } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';

/** @typedef {import('playwright').Page} Page */

/** A wallet that approves by itself, and a file dialog that a program can answer. */
function prepare() {
  Reflect.deleteProperty(window, 'showOpenFilePicker');
  if (location.protocol === 'http:') {
    localStorage['haulout-dev-wallet'] ??= JSON.stringify({ answer: 'approve' });
  }
}

/** @typedef {import('../../src/devnet/describe.ts').NetworkDescription} Network */

/**
 * Runs `work` with a local network, the address of the app on it, and an empty folder for a profile: without one on disk
 * the browser keeps in memory what a page stores.
 *
 * @template T
 * @param {string} profile of the network
 * @param {(place: { url: string, folder: string, network: Network }) => Promise<T>} work
 */
async function withApp(profile, work) {
  await buildApp();
  await buildDevWalletIfChanged();
  const { startFrom } = await loadDevnet();
  const words = ['--profile', profile, '--port', '0', '--data', 'none'];
  const network = await startFrom(words);
  if (typeof network === 'string') throw new Error(network);
  const server = await serve({ folder: siteFolder, network: network.description });
  const folder = mkdtempSync(join(tmpdir(), 'haulout-profile-'));
  try {
    return await work({ url: server.url, folder, network: network.description });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    await server.close();
    await network.close();
  }
}

/**
 * @template T
 * @param {string} profile of the network
 * @param {(page: Page) => Promise<T>} work
 */
export async function onPage(profile, work) {
  return withApp(profile, async ({ url, folder }) => {
    const options = launchOptions('chromium', findBrowser('chromium'));
    const context = await chromium.launchPersistentContext(folder, options);
    try {
      const page = await context.newPage();
      await page.addInitScript(prepare);
      await page.goto(url);
      return await work(page);
    } finally {
      await context.close();
    }
  });
}

/**
 * The same in a browser that is driven only for as long as `drive` runs: a driver makes the browser keep the body of
 * every request, which is no memory of the app.
 *
 * @template T
 * @param {string} profile of the network
 * @param {(place: { drive: <V>(steps: (page: Page) => Promise<V>) => Promise<V>, network: Network }) => Promise<T>} work
 */
export async function onFreePage(profile, work) {
  return withApp(profile, async ({ url, folder, network }) => {
    const words = ['--headless', '--no-sandbox', '--no-first-run', '--remote-debugging-port=0'];
    const program = findBrowser('chromium') ?? chromium.executablePath();
    const child = spawn(program, [...words, `--user-data-dir=${folder}`, 'about:blank'], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const portFile = join(folder, 'DevToolsActivePort');
    let isFirst = true;
    try {
      while (!existsSync(portFile)) await sleep(50);
      const [port] = readFileSync(portFile, 'utf8').split('\n');
      return await work({
        network,
        async drive(steps) {
          const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, {
            isLocal: true,
          });
          try {
            const page = /** @type {Page} */ (browser.contexts()[0]?.pages()[0]);
            if (isFirst) {
              await page.addInitScript(prepare);
              await page.goto(url);
            }
            isFirst = false;
            return await steps(page);
          } finally {
            await browser.close(); // lets go of it
          }
        },
      });
    } finally {
      child.kill();
      await ended;
    }
  });
}
