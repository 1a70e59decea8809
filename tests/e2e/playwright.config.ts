import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { type BrowserName, findBrowser, launchOptions } from '../../src/tooling/browser.mjs';
import { reportsFolder } from '../../src/tooling/paths.mjs';

const project = (name: BrowserName) => ({
  name,
  use: { browserName: name, launchOptions: launchOptions(name, findBrowser(name)) },
});

/** What axe reads, words and the watching itself do not depend on the browser, and are left to Chromium. */
const firefoxPart = {
  testIgnore: ['watching.spec.ts', 'smooth.spec.ts', 'devnet-*.spec.ts'],
  grepInvert: /axe finds nothing: (?!preparing|details|match)|long words fit|can be switched off/,
};

/** Tests of the built site (`dist/app`); each worker process serves it on a port of its own, see `fixtures.ts`. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  // Emptied at each start, so no report of another tool may lie in it.
  outputDir: join(reportsFolder, 'e2e'),
  reporter: [['list'], ['json', { outputFile: join(reportsFolder, 'e2e.json') }]],
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: { trace: 'off' },
  projects: [
    project('chromium'),
    ...(process.env['HAULOUT_FIREFOX'] === '1' ? [{ ...project('firefox'), ...firefoxPart }] : []),
  ],
});
