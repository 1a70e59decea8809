/**
 * `npm run bench -- [NAME ...] [--json] [--browser chromium|firefox|node]`: our library beside the official package,
 * same page, same input, same run; the least of several times each. Without a name: all benches.
 * Ends with exit code 1 if a figure misses what it must reach.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { root } from '../../src/tooling/paths.mjs';
import { kernelSizes } from '../../src/tooling/sizes.mjs';
import { devnet } from './devnet.mjs';
import { gateway, gatewayLarge } from './gateway.mjs';
import { openNode } from './in-node.mjs';
import { buildPage, openPage } from './page.mjs';
import { prepareMany } from './prepare-many.mjs';
import { read, readBenches } from './read.mjs';
import { boundRow, ratioRow, table } from './report.mjs';
import { store, storeBenches } from './store.mjs';
import { storeLarge, storePage } from './store-page.mjs';
import { stream } from './stream.mjs';
import { upload } from './upload.mjs';

/** @typedef {import('./report.mjs').Row} Row */
/** @typedef {import('./cases.ts').Size} Size */

const MiB = 1 << 20;
/** @param {number[]} mebibytes @param {number} rounds @param {number[]} workers */
const sizes = (mebibytes, rounds, workers) =>
  mebibytes.map((size) => ({ bytes: size * MiB, rounds, workers }));

/** Ratio that each number of workers must reach. */
const benches = {
  encode: { case: 'encode', sizes: sizes([0.25, 1, 8, 32], 3, [1, 2]), must: { 1: 5.5, 2: 10 } },
  'encode-again': {
    case: 'encodeAgain',
    sizes: sizes([0.25, 1, 8, 32], 3, [1, 2]),
    must: { 1: 5.5, 2: 10 },
  },
  'encode-large': { case: 'encode', sizes: sizes([128], 2, [1]), must: { 1: 10 } },
  'encode-large-again': { case: 'encodeAgain', sizes: sizes([128], 2, [1]), must: { 1: 10 } },
  blobid: { case: 'blobId', sizes: sizes([0.25], 3, [1]), must: { 1: 8 } },
  decode: { case: 'decode', sizes: sizes([1, 8, 32], 3, [1]), must: { 1: 20 } },
  verify: { case: 'verify', sizes: sizes([32], 10, [1]), must: { 1: 0.5 } },
};
const names = [
  ...Object.keys(benches),
  'stream',
  'size',
  'devnet',
  'upload',
  'store-page',
  'store-large',
  'prepare-many',
  'gateway',
  'gateway-large',
  ...readBenches,
  ...storeBenches,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    browser: { type: 'string', default: 'chromium' },
  },
});
const { browser } = values;
const log = (/** @type {string} */ line) => console.error(line);

function stop(/** @type {string} */ sentence) {
  console.error(sentence);
  process.exit(2);
}

/** @returns {Row[]} */
function size() {
  const official = readFileSync(
    join(root, 'node_modules/@mysten/walrus-wasm/web/walrus_wasm_bg.wasm'),
  );
  const raw = official.length / 1000;
  const gzip = gzipSync(official, { level: 9 }).length / 1000;
  return kernelSizes().flatMap((kernel) => {
    const what = { name: 'size', browser: '-', unit: 'kB' };
    return [
      boundRow({ ...what, case: `${kernel.name}, raw` }, kernel.raw / 1000, '<=', 80, raw),
      boundRow({ ...what, case: `${kernel.name}, gzip` }, kernel.gzip / 1000, '<=', 20, gzip),
    ];
  });
}

/** Where the cases run. */
async function open() {
  if (browser === 'node') return openNode();
  await buildPage();
  const { page, close } = await openPage(browser === 'firefox' ? 'firefox' : 'chromium', log);
  return {
    /** @param {string} name @param {Size} size @returns {Promise<import('./cases.ts').Measured[]>} */
    measure: (name, size) =>
      page.evaluate(
        ([caseName, caseSize]) => /** @type {any} */ (globalThis).bench.measure(caseName, caseSize),
        /** @type {const} */ ([name, size]),
      ),
    close,
  };
}

/**
 * @param {keyof typeof benches} name
 * @returns {Promise<Row[]>}
 */
async function compare(name) {
  const bench = benches[name];
  const place = await open();
  try {
    /** @type {Row[]} */
    const rows = [];
    for (const size of bench.sizes) rows.push(...(await measure(name, size, place)));
    return rows;
  } finally {
    await place.close();
  }
}

/**
 * @param {keyof typeof benches} name
 * @param {Size} size
 * @param {Awaited<ReturnType<typeof open>>} place
 * @returns {Promise<Row[]>}
 */
async function measure(name, size, place) {
  const bench = benches[name];
  const workers = browser === 'node' ? [1] : size.workers;
  const measured = await place.measure(/** @type {any} */ (bench.case), { ...size, workers });
  return measured.map(({ workers: count, ours, official, limit }) => {
    const label = `${size.bytes / MiB} MiB, ${count} worker${count === 1 ? '' : 's'}`;
    log(`${name}, ${label}: done`);
    const what = { name, case: label, browser };
    const must = /** @type {Record<number, number>} */ (bench.must)[count] ?? 0;
    return official === null
      ? boundRow({ ...what, unit: 'ms' }, ours, '<=', must, null, limit)
      : ratioRow(what, { ours, official, limit }, must);
  });
}

/** @param {string} name @returns {Promise<Row[]>} */
async function run(name) {
  if (name === 'size') return size();
  if (name === 'devnet') return devnet(log);
  if (name === 'upload') return upload(log);
  if (name === 'store-page') return storePage(log);
  if (name === 'store-large') return storeLarge(log);
  if (name === 'prepare-many') return prepareMany(log);
  if (name === 'gateway') return gateway(log);
  if (name === 'gateway-large') return gatewayLarge(log);
  if (readBenches.includes(name)) return read(name, log);
  if (storeBenches.includes(name)) return store(name, log);
  if (name === 'stream') {
    await buildPage();
    return stream(log);
  }
  return compare(/** @type {keyof typeof benches} */ (name));
}

const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) stop(`There is no bench "${unknown}": choose from ${names.join(', ')}.`);
if (!['chromium', 'firefox', 'node'].includes(browser)) {
  stop(`There is no browser "${browser}": choose chromium, firefox or node.`);
}

/** @type {Row[]} */
const rows = [];
for (const name of positionals.length === 0 ? names : positionals) rows.push(...(await run(name)));
if (values.json) for (const row of rows) console.log(JSON.stringify(row));
else {
  console.log(table(rows));
  console.log('hash limit: number of hashes x time of one hash, measured in the same page.');
}
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;
setTimeout(() => process.exit(), 5_000).unref(); // a driver of browsers may leave something open
