/** Finds the browsers that tests and benches drive, and installs one where that is possible. Built-ins only. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @typedef {'chromium' | 'firefox'} BrowserName */

const oldest = { chromium: 123, firefox: 128 };
const variable = { chromium: 'CHROME_PATH', firefox: 'FIREFOX_PATH' };
const labels = { chromium: 'Chrome, Chromium or Edge', firefox: 'Firefox' };
const packages = { chromium: ['chromium'], firefox: ['firefox-esr', 'firefox'] };

const programs = {
  chromium: [
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    'microsoft-edge',
  ],
  firefox: ['firefox-esr', 'firefox'],
};

const macApps = {
  chromium: [
    'Google Chrome.app/Contents/MacOS/Google Chrome',
    'Chromium.app/Contents/MacOS/Chromium',
    'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  firefox: ['Firefox.app/Contents/MacOS/firefox'],
};

const windowsPrograms = {
  chromium: ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'],
  firefox: ['Mozilla Firefox\\firefox.exe'],
};

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {BrowserName} name
 * @returns {string[]}
 */
function candidates(name) {
  const { env, platform } = process;
  const named = env[variable[name]];
  if (named) return [named];
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => programs[name].map((program) => join(folder, program)));
  if (platform === 'darwin') {
    return [...macApps[name].map((app) => join('/Applications', app)), ...onPath];
  }
  if (platform === 'win32') {
    return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .flatMap((key) => env[key] ?? [])
      .flatMap((folder) => windowsPrograms[name].map((program) => join(folder, program)));
  }
  return onPath;
}

/**
 * Major version of a browser program; on Windows, where `--version` opens a window, `Infinity`.
 *
 * @param {string} path
 */
function majorVersion(path) {
  if (process.platform === 'win32') return Number.POSITIVE_INFINITY;
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return Number(/ (\d+)\.\d+/.exec(stdout ?? '')?.[1] ?? 0);
}

/**
 * Path of an installed browser, or undefined.
 *
 * @param {BrowserName} name
 */
export function findBrowser(name) {
  return candidates(name).find(
    (path) => existsSync(path) && isExecutable(path) && majorVersion(path) >= oldest[name],
  );
}

/**
 * @param {string[]} packageNames tried in turn
 * @param {(line: string) => void} log
 */
function installWithApt(packageNames, log) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (/** @type {string[]} */ ...words) =>
    spawnSync('apt-get', words, { env, stdio: 'ignore', timeout: 600_000 }).status === 0;
  log(`installing ${packageNames[0]} with apt-get (about a minute)`);
  apt('update', '-qq');
  packageNames.some((name) => apt('install', '-y', '-qq', '--no-install-recommends', name));
}

/**
 * Playwright's own Chromium: used if it was downloaded before, else downloaded.
 *
 * @param {(line: string) => void} log
 */
async function playwrightChromium(log) {
  const { chromium } = await import('playwright');
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  log("downloading Playwright's Chromium");
  const cli = join(import.meta.dirname, '../../node_modules/playwright/cli.js');
  const { status } = spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    stdio: 'ignore',
    timeout: 300_000,
  });
  return status === 0 && existsSync(chromium.executablePath())
    ? chromium.executablePath()
    : undefined;
}

/**
 * Path of a browser that is new enough, installed now if need be.
 *
 * @param {BrowserName} name
 * @param {(line: string) => void} [log]
 * @returns {Promise<string>}
 * @throws Error with one sentence that says what to do
 */
export async function ensureBrowser(name, log = () => {}) {
  const found = findBrowser(name);
  if (found) return found;
  const named = process.env[variable[name]];
  if (named) {
    throw new Error(
      `${variable[name]} names ${named}, which is no ${labels[name]} of version ${oldest[name]} or newer.`,
    );
  }
  installWithApt(packages[name], log);
  const path =
    findBrowser(name) ?? (name === 'chromium' ? await playwrightChromium(log) : undefined);
  if (path) return path;
  throw new Error(
    `No ${labels[name]} of version ${oldest[name]} or newer was found: install one, or set ${variable[name]} to its program.`,
  );
}

/**
 * Launch options for Playwright. The stock Firefox can only be driven over the `moz-firefox` channel; Chromium's
 * sandbox does not work as root.
 *
 * @param {BrowserName} name
 * @param {string | undefined} executablePath
 * @returns {import('playwright').LaunchOptions}
 */
export function launchOptions(name, executablePath) {
  const path = executablePath === undefined ? {} : { executablePath };
  if (name === 'firefox') return { ...path, channel: 'moz-firefox' };
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  return { ...path, args: process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet };
}
