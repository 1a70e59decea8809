import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { type BrowserName, findBrowser, launchOptions } from '../../src/tooling/browser.mjs';
import { reportsFolder } from '../../src/tooling/paths.mjs';

const project = (name: BrowserName) => ({
  name,
  use: { browserName: name, launchOptions: launchOptions(name, findBrowser(name)) },
});

/** What does not depend on the browser, and is left to Chromium. */
const leftToChromium = [
  'axe finds nothing.*: (?!files)',
  'long words fit',
  'twice as large, at 360 px',
  'can be switched off',
  // what the list does with files, once it has them
  'the same file is taken once',
  'a removal right after an undo',
  'a file that was paused goes on',
  'leaving in the middle of work',
  'a file is paused, resumed, stopped',
  'the look is the same in all tabs',
  'progress, speed and the picture',
  'gets no ID of a mixture',
  'removed files come back',
  'removals are undone',
  'paused and resumed together',
  'drops that overlap',
  // what is compared with what
  'another blob does not match',
  // what the host answers
  'places are found under the names',
  'an address that leads nowhere',
  // what the service worker answers; that nothing of a blob runs is seen in both
  'blobs are shown, played',
  'a document is shown by its link',
  // what the wallet answers
  'a wallet that declines is not connected',
  'a wallet that is locked is waited for',
  'another account of the wallet is used',
  'the page follows the wallet',
  'what is declined is not signed',
];

const soak = process.env['HAULOUT_SOAK'] === '1';
/** They measure or drive what only Chromium lets them. */
const NEVER = 'watching|smooth|camera|devnet-|webkit';
/** By the names of files, whatever the folders above are called. */
const files = (names: string) => new RegExp(`[\\\\/]e2e[\\\\/](?:${names})[^\\\\/]*$`);

const firefoxPart = {
  // Where a debugger is attached to Firefox, as the driver's is, a worker that makes another one may block for
  // ever: about one page in twenty. Ports of workers that the page makes would avoid it, and cost their users the
  // speed: what goes through a port crosses processes there.
  retries: 3,
  testIgnore: soak
    ? files(NEVER)
    : files(`access|library|open|public-build|wallet-sign|nodes|store-|${NEVER}`),
  ...(soak ? {} : { grepInvert: new RegExp(leftToChromium.join('|')) }),
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
  // On a build machine a neighbour may take the processor for seconds; what needs another try is named at the end.
  retries: process.env['CI'] === 'true' ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // It keeps the whole site in each new profile, a fifth of a short test's time; some tests allow it.
  use: { trace: 'off', serviceWorkers: 'block' },
  projects: [
    project('chromium'),
    ...(process.env['HAULOUT_FIREFOX'] === '1' ? [{ ...project('firefox'), ...firefoxPart }] : []),
  ],
});
