/** Tells whether something must be built again: a hash over the sources is kept beside the result. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, sha256 } from './file-list.mjs';
import { root } from './paths.mjs';

const inputs = [
  'src',
  'asm',
  'public',
  'vite.config.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];

/** Hash over names and bytes of everything that a build reads. */
export function sourcesHash() {
  const files = inputs
    .filter((name) => existsSync(join(root, name)))
    .flatMap((name) =>
      statSync(join(root, name)).isFile()
        ? [name]
        : filesBelow(join(root, name)).map((path) => `${name}/${path}`),
    )
    .filter((path) => !path.startsWith('asm/build/'));
  return sha256(
    files.map((path) => `${path} ${sha256(readFileSync(join(root, path)))}`).join('\n'),
  );
}

/** @param {string} folder a result of the build */
const stampOf = (folder) => `${folder}.stamp`;

/** @param {string} folder */
export function isFresh(folder) {
  const stamp = stampOf(folder);
  return existsSync(folder) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesHash();
}

/**
 * @param {string} folder
 * @param {string} hash from before the build started
 */
export function markFresh(folder, hash) {
  writeFileSync(stampOf(folder), hash);
}
