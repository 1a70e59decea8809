import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root, siteFolder } from './paths.mjs';

/**
 * @typedef {object} Size
 * @property {string} name
 * @property {number} raw bytes
 * @property {number} gzip bytes
 */

/** Most bytes that a part may have. @type {Record<string, { raw?: number, gzip: number }>} */
const bounds = {
  'kernel-simd.wasm': { raw: 80_000, gzip: 20_000 },
  'kernel-scalar.wasm': { raw: 80_000, gzip: 20_000 },
  'first screen, script': { gzip: 190_000 },
  'service worker': { gzip: 240_000 },
  'short link, script': { gzip: 120_000 },
};

/**
 * @param {string} name
 * @param {string[]} files
 * @returns {Size}
 */
function sizeOf(name, files) {
  const contents = files.map((file) => readFileSync(file));
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((a, b) => a + b, 0);
  return {
    name,
    raw: sum(contents.map((bytes) => bytes.length)),
    gzip: sum(contents.map((bytes) => gzipSync(bytes, { level: 9 }).length)),
  };
}

/** The compiled kernels, one per engine. */
export function kernelSizes() {
  const folder = join(root, 'asm/build');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wasm'))
    .map((name) => sizeOf(name, [join(folder, name)]));
}

/** What answers for blobs, with both kernels; loaded when the page has nothing else to do. */
export const serviceWorkerSize = () => sizeOf('service worker', [join(siteFolder, 'sw.js')]);

/** What a visitor loads before the first screen stands: the scripts and styles that the page names. */
export function firstScreenSizes() {
  const screen = namedIn('index.html');
  const shortLink = namedIn('404.html');
  return [
    sizeOf('first screen, script', screen('.js')),
    sizeOf('first screen, style', screen('.css')),
    sizeOf('short link, script', shortLink('.js')),
  ];
}

/** @param {string} page @returns {(ending: string) => string[]} */
function namedIn(page) {
  const html = readFileSync(join(siteFolder, page), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="(?:\.\/|\/)([^"]+)"/g)]
    .map(([, path = '']) => join(siteFolder, path))
    .filter((path) => existsSync(path));
  return (ending) => named.filter((path) => path.endsWith(ending));
}

/**
 * What is larger than it may be, as sentences.
 *
 * @param {Size[]} sizes
 */
export function excess(sizes) {
  return sizes
    .filter(({ name, raw, gzip }) => {
      const bound = bounds[name];
      return bound !== undefined && (raw > (bound.raw ?? raw) || gzip > bound.gzip);
    })
    .map(({ name }) => `${name} is larger than ${JSON.stringify(bounds[name])} bytes.`);
}

/** @param {Size[]} sizes */
export function sizeTable(sizes) {
  const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
  const width = Math.max(...sizes.map(({ name }) => name.length));
  return sizes
    .map(({ name, raw, gzip }) => `${name.padEnd(width)} ${kb(raw)} ${kb(gzip)} gzip`)
    .join('\n');
}
