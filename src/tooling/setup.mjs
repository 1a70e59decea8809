/**
 * First step of every command: checks the Node version and installs the packages if the lockfile changed since the
 * last installation. Built-ins only, and nothing that an older Node could not parse.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stamp = join(root, 'node_modules', '.setup-stamp');
const oldestNode = '20.19';

/** @param {string} version such as `20.19.3` */
const rank = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
};

/** @param {string} sentence */
function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function install() {
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env['npm_execpath'];
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  return npm !== undefined && /\.c?js$/.test(npm)
    ? spawnSync(process.execPath, [npm, ...words], options)
    : spawnSync('npm', words, { ...options, shell: process.platform === 'win32' });
}

if (rank(process.versions.node) < rank(oldestNode)) {
  stop(
    `Haulout needs Node ${oldestNode} or newer; this is ${process.versions.node}: install a newer one from https://nodejs.org and run the command again.`,
  );
}

const wanted = lockfileHash();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const begin = Date.now();
  console.log('Installing packages (only when they changed; about half a minute) ...');
  const { status, error } = install();
  if (status !== 0) {
    stop(
      `Installing the packages failed${error ? ` (${error.message})` : ''}: check the network connection and run the command again.`,
    );
  }
  writeFileSync(stamp, wanted);
  console.log(`Packages installed in ${((Date.now() - begin) / 1000).toFixed(0)} s.`);
}
