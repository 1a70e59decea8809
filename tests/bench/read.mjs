/** Blobs read from a local network of 1000 shards on 10 nodes, the official package in the same run. */
import { randomFillSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { official } from './devnet.mjs';
import { onNetwork } from './on-network.mjs';
import { boundRow, ratioRow } from './report.mjs';

/** @typedef {import('./report.mjs').Row} Row */
/** @typedef {import('../../src/devnet/describe.ts').NetworkDescription} Network */
/** @typedef {{ blobId: string, bytes: Uint8Array<ArrayBuffer> }} Blob */

const MiB = 1 << 20;
const ROUNDS = 3;
const OFTEN = 100;
const OFFICIAL_OFTEN = 5;
const LARGE = 256;
const QUIET_MS = 2_000;
/** nodes of 100 shards each: not more than may fail */
const DOWN = [1, 4, 7];
const what = { name: 'read', browser: 'node' };

/**
 * @param {Network} network
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function admin({ adminUrl, adminToken }, method, path, body) {
  const response = await fetch(`${adminUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
  return response.json();
}

/** Waits until nobody asks the nodes for anything any more. @param {Network} network */
async function untilQuiet(network) {
  for (let seen = -1; ; ) {
    const { next } = await admin(network, 'GET', `/admin/log?since=${Number.MAX_SAFE_INTEGER}`);
    if (next === seen) return;
    seen = next;
    await sleep(QUIET_MS);
  }
}

/** @param {Network} network @param {readonly number[]} nodes @param {readonly unknown[]} rules */
async function setFaults(network, nodes, rules) {
  for (const node of nodes) await admin(network, 'PUT', `/admin/nodes/${node}/fault`, rules);
}

/** @param {Uint8Array} bytes @param {Blob} blob @param {string} who */
function mustBe(bytes, blob, who) {
  if (Buffer.compare(bytes, blob.bytes) !== 0) throw new Error(`${who} read other bytes`);
}

/**
 * @typedef {object} Setup
 * @property {Network} network
 * @property {typeof import('./read-cases.ts')} ours
 * @property {(mebibytes: number) => Promise<Blob>} store
 * @property {(line: string) => void} log
 */

/** @param {Setup} setup @param {Blob} blob @returns {Promise<Row>} */
async function sideBySide({ network, ours, log }, blob) {
  const { walrus } = await official(network);
  const best = { ours: Number.POSITIVE_INFINITY, official: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    const read = await ours.readWhole(network, blob.blobId);
    mustBe(read.bytes, blob, 'we');
    best.ours = Math.min(best.ours, read.ms);
    const begin = performance.now();
    mustBe(await walrus.readBlob({ blobId: blob.blobId }), blob, 'the official package');
    best.official = Math.min(best.official, performance.now() - begin);
  }
  const size = blob.bytes.length / MiB;
  log(`read, ${size} MiB: ${Math.round(best.ours)} ms, official ${Math.round(best.official)} ms`);
  return ratioRow({ ...what, case: `${size} MiB` }, best, size > 1 ? 6.7 : 10);
}

/** How often the official package gives the right bytes. @param {Network} network @param {Blob} blob */
async function officialGood(network, blob) {
  let good = 0;
  for (let i = 0; i < OFFICIAL_OFTEN; i++) {
    const { walrus } = await official(network);
    const bytes = await walrus.readBlob({ blobId: blob.blobId }).catch(() => undefined);
    if (bytes && Buffer.compare(bytes, blob.bytes) === 0) good++;
  }
  return good;
}

/**
 * @param {Setup} setup
 * @param {Blob} blob
 * @param {number} healthyMs
 * @returns {Promise<Row[]>}
 */
async function onABadDay({ network, ours, log }, blob, healthyMs) {
  /** @type {Row[]} */
  const rows = [];
  const liar = [
    { match: { route: 'sliver' }, action: { type: 'corrupt', where: 'data' } },
    { match: { route: 'metadata' }, action: { type: 'wrongLength', what: 'hash' } },
  ];
  for (const [label, nodes, rules] of /** @type {const} */ ([
    ['one node that lies', [0], liar],
    ['a third of the nodes down', DOWN, [{ action: { type: 'refuse' } }]],
  ])) {
    await setFaults(network, nodes, rules);
    const { good, medianMs } = await ours.readOften(network, blob.blobId, blob.bytes, OFTEN);
    const theirs = await officialGood(network, blob);
    await setFaults(network, nodes, []);
    log(`read, ${label}: ${good} of ${OFTEN}, median ${Math.round(medianMs)} ms`);
    log(`read, ${label}: official ${theirs} of ${OFFICIAL_OFTEN}`);
    const part = (/** @type {number} */ count, /** @type {number} */ of) => (100 * count) / of;
    const ofAll = { ...what, case: `1 MiB, ${label}, reads that succeed`, unit: '%' };
    rows.push(boundRow(ofAll, part(good, OFTEN), '>=', 100, part(theirs, OFFICIAL_OFTEN)));
    const slower = { ...what, case: `1 MiB, ${label}, times the healthy read`, unit: 'x' };
    if (nodes.length === 1) rows.push(boundRow(slower, medianMs / healthyMs, '<=', 2));
  }
  return rows;
}

/** @param {Setup} setup @param {Blob} known @returns {Promise<Row[]>} */
async function ofALargeOne({ network, ours, store, log }, known) {
  const blob = await store(LARGE);
  const rowBytes = 667 * 2 * Math.ceil(blob.bytes.length / (334 * 667) / 2);
  let first = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    first = Math.min(first, await ours.firstByte(network, blob.blobId, known.blobId));
  }
  const { next } = await admin(network, 'GET', '/admin/log?since=0');
  const begin = 100 * MiB + 123;
  const part = await ours.readRange(network, blob.blobId, begin, begin + MiB);
  mustBe(part, { ...blob, bytes: blob.bytes.slice(begin, begin + MiB) }, 'we');
  const { entries } = await admin(network, 'GET', `/admin/log?since=${next}`);
  const own = entries.filter((/** @type {{ peer: boolean }} */ { peer }) => !peer);
  const slivers = own.filter(
    (/** @type {{ method: string, path: string }} */ { method, path }) =>
      method === 'GET' && path.includes('/slivers/'),
  );
  const sent = slivers.reduce(
    (/** @type {number} */ sum, /** @type {{ bytesOut: number }} */ { bytesOut }) => sum + bytesOut,
    0,
  );
  const peak = await ours.peakOf(network, blob.blobId);
  log(
    `read, ${LARGE} MiB: first byte ${Math.round(first)} ms; ${slivers.length} slivers of a range`,
  );
  const label = `${LARGE} MiB`;
  const rowsOf = Math.ceil((begin + MiB) / rowBytes) - Math.floor(begin / rowBytes);
  return [
    boundRow({ ...what, case: `first verified byte of ${label}`, unit: 'ms' }, first, '<=', 50),
    boundRow(
      { ...what, case: `1 MiB out of ${label}, rows beyond those that hold it`, unit: 'rows' },
      sent / rowBytes - rowsOf,
      '<=',
      2,
    ),
    boundRow(
      { ...what, case: `${label} as a stream, peak memory over idle`, unit: 'MiB' },
      peak / MiB,
      '<=',
      300,
    ),
  ];
}

/** @param {Setup} setup @param {Blob} blob @returns {Promise<Row>} */
async function throughAggregator({ network, ours, log }, blob) {
  const sources = [{ aggregator: network.aggregatorUrl }];
  const url = `${network.aggregatorUrl}/v1/blobs/${blob.blobId}`;
  const best = { ours: Number.POSITIVE_INFINITY, plain: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    mustBe(new Uint8Array(await (await fetch(url)).arrayBuffer()), blob, 'the aggregator');
    best.plain = Math.min(best.plain, performance.now() - begin);
    const read = await ours.readWhole(network, blob.blobId, sources);
    mustBe(read.bytes, blob, 'we');
    best.ours = Math.min(best.ours, read.ms);
  }
  log(`read, aggregator: verified ${Math.round(best.ours)} ms, not ${Math.round(best.plain)} ms`);
  const label = `${blob.bytes.length / MiB} MiB from an aggregator, verified, times unverified`;
  return boundRow({ ...what, case: label, unit: 'x' }, best.ours / best.plain, '<=', 1.5);
}

/** @type {Readonly<Record<string, (setup: Setup) => Promise<Row[]>>>} */
const BENCHES = {
  async read(setup) {
    const [small, middle] = [await setup.store(1), await setup.store(32)];
    await setup.ours.warmUp(setup.network, small.blobId);
    const rows = [await sideBySide(setup, small), await sideBySide(setup, middle)];
    rows.push(...(await onABadDay(setup, small, rows[0]?.ours ?? 0)));
    return [...rows, await throughAggregator(setup, middle)];
  },
  'read-large': async (setup) => ofALargeOne(setup, await setup.store(1)),
};

export const readBenches = Object.keys(BENCHES);

/**
 * @param {string} name one of `readBenches`
 * @param {(line: string) => void} log
 * @returns {Promise<Row[]>}
 */
export async function read(name, log) {
  const names = ['read-cases.ts', 'store-cases.ts'];
  return onNetwork(names, async ({ network, folder, modules: [ours, storing] }) => {
    const secretKey = network.accounts[1]?.secretKey ?? '';
    const store = async (/** @type {number} */ mebibytes) => {
      const bytes = randomFillSync(new Uint8Array(mebibytes * MiB));
      const { blobIds } = await storing.storeFiles({ network, secretKey, folder }, [bytes]);
      await untilQuiet(network); // the last nodes get theirs after the certificate
      return { blobId: blobIds[0] ?? '', bytes };
    };
    return (await BENCHES[name]?.({ network, ours, store, log })) ?? [];
  });
}
