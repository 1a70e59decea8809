import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** @param {string | Uint8Array} bytes */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Every file below `folder`, as sorted paths with `/` separators.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/**
 * After the build: `files.json` = `{"build": "<hash>", "files": {"<path>": "<sha256>"}}` of everything a visitor may
 * load, so that a deployed site can be compared with a build and the service worker knows what to keep.
 * `__BUILD_HASH__` in `sw.js` becomes the hash over that list, so the worker's bytes change with the build.
 *
 * @returns {import('vite').Plugin}
 */
export function fileListPlugin() {
  let folder = '';
  return {
    name: 'haulout-file-list',
    apply: 'build',
    configResolved({ build }) {
      folder = build.outDir;
    },
    writeBundle() {
      const worker = join(folder, 'sw.js');
      const paths = filesBelow(folder).filter(
        (path) => path !== '_headers' && path !== 'files.json',
      );
      const hashes = paths.map((path) => [path, sha256(readFileSync(join(folder, path)))]);
      const build = sha256(JSON.stringify(hashes)).slice(0, 16);
      if (existsSync(worker)) {
        writeFileSync(worker, readFileSync(worker, 'utf8').replaceAll('__BUILD_HASH__', build));
      }
      const files = Object.fromEntries(
        hashes.map(([path, hash]) => [
          path,
          path === 'sw.js' ? sha256(readFileSync(worker)) : hash,
        ]),
      );
      writeFileSync(join(folder, 'files.json'), `${JSON.stringify({ build, files }, null, 1)}\n`);
    },
  };
}
