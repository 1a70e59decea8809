/** The app in Chromium on a local network, with a wallet that approves by itself. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/**
 * @template T
 * @param {string} profile of the network
 * @param {(page: Page) => Promise<T>} work
 */
export async function onPage(profile, work) {
  await buildApp();
  await buildDevWalletIfChanged();
  const { startFrom } = await loadDevnet();
  const words = ['--profile', profile, '--port', '0', '--data', 'none'];
  const network = await startFrom(words);
  if (typeof network === 'string') throw new Error(network);
  const server = await serve({ folder: siteFolder, network: network.description });
  // A profile on disk: without one the browser keeps in memory what a page stores.
  const profileFolder = mkdtempSync(join(tmpdir(), 'haulout-profile-'));
  const options = launchOptions('chromium', findBrowser('chromium'));
  const context = await chromium.launchPersistentContext(profileFolder, options);
  try {
    const page = await context.newPage();
    await page.addInitScript(prepare);
    await page.goto(server.url);
    return await work(page);
  } finally {
    await context.close();
    rmSync(profileFolder, { recursive: true, force: true });
    await server.close();
    await network.close();
  }
}
