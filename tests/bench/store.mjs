/** Files to certified blobs on a local network of 1000 shards on 10 nodes, the official package in the same run. */
import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../src/tooling/paths.mjs';
import { official } from './devnet.mjs';
import { onNetwork } from './on-network.mjs';
import { boundRow, ratioRow } from './report.mjs';

/** @typedef {import('./report.mjs').Row} Row */
/** @typedef {import('../../src/devnet/describe.ts').NetworkDescription} Network */

/**
 * A network of 1000 shards on 10 nodes, our library, and a folder for slivers.
 *
 * @typedef {{ network: Network, ours: typeof import('./store-cases.ts'), folder: string, log(line: string): void }} Setup
 */

const MiB = 1 << 20;
const SIZES = [1, 32];
const ROUNDS = 2;
const TRIES = 4;
const SLOW_MS = 1_500;
const DISK_MIB = 128;
const what = { name: 'store', browser: 'node' };
/** New bytes every time, so that nothing is stored already. @param {number} length */
const newBytes = (length) => randomFillSync(new Uint8Array(length));

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

/**
 * Requests of clients to nodes since a moment.
 *
 * @param {Network} network
 * @param {number} since
 * @returns {Promise<{ method: string, path: string, status: number }[]>}
 */
async function requests(network, since) {
  const { entries } = await admin(network, 'GET', `/admin/log?since=${since}`);
  return entries.filter((/** @type {{ peer: boolean }} */ { peer }) => !peer);
}

const LOOK_MS = 10_000;

/**
 * How many requests clients send to nodes while `work` runs. The log keeps the last ones only: it is read on the way.
 *
 * @template T
 * @param {Network} network
 * @param {() => Promise<T>} work
 * @returns {Promise<{ result: T, count: number }>}
 */
async function counted(network, work) {
  let { next } = await admin(network, 'GET', '/admin/log?since=0');
  let count = 0;
  const look = async () => {
    const { entries, next: then } = await admin(network, 'GET', `/admin/log?since=${next}`);
    next = then;
    count += entries.filter((/** @type {{ peer: boolean }} */ { peer }) => !peer).length;
  };
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      await look();
      await sleep(LOOK_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  const result = await work().finally(() => over.abort());
  await looking;
  await look();
  return { result, count };
}

/** @param {{ method: string, path: string, status: number }} entry */
const isTakenSliver = ({ method, path, status }) =>
  method === 'PUT' && path.includes('/slivers/') && status >= 200 && status < 300;

/**
 * The official package opens a connection for every sliver at once, which fails now and then: it may try again, and
 * only the time of the try that succeeds counts.
 *
 * @param {Awaited<ReturnType<typeof official>>['walrus']} walrus
 * @param {Awaited<ReturnType<typeof official>>['signer']} signer
 * @param {number} length
 * @returns {Promise<number>} milliseconds
 */
async function byOfficial(walrus, signer, length) {
  for (let tries = 1; ; tries++) {
    const blob = newBytes(length);
    const begin = performance.now();
    try {
      await walrus.writeBlob({ blob, deletable: false, epochs: 1, signer });
      return performance.now() - begin;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

/**
 * @param {Setup} setup
 * @param {boolean} isSlow whether one node takes its time
 */
async function sideBySide({ network, ours, folder, log }, isSlow) {
  const { walrus, signer } = await official(network);
  const secretKey = network.accounts[1]?.secretKey ?? '';
  /** @type {Row[]} */
  const rows = [];
  const rules = isSlow ? [{ action: { type: 'delay', ms: [SLOW_MS, SLOW_MS] } }] : [];
  await admin(network, 'PUT', '/admin/nodes/0/fault', rules);
  for (const size of SIZES) {
    const best = { ours: Number.POSITIVE_INFINITY, official: Number.POSITIVE_INFINITY };
    for (let round = 0; round < ROUNDS; round++) {
      const file = newBytes(size * MiB);
      const { ms } = await ours.storeFiles({ network, secretKey, folder }, [file]);
      best.ours = Math.min(best.ours, ms);
      best.official = Math.min(best.official, await byOfficial(walrus, signer, size * MiB));
    }
    const label = `${size} MiB to certified${isSlow ? ', one node at 1.5 s per request' : ''}`;
    rows.push(ratioRow({ ...what, case: label }, best, isSlow ? 4 : 2));
    log(`store, ${label}: ${Math.round(best.ours)} ms, official ${Math.round(best.official)} ms`);
  }
  return rows;
}

/** Of the sliver, whether or not it was sent before the registration. @param {{ path: string }} entry */
const placeOf = ({ path }) => path.split('?')[0];

/** @param {Setup} setup */
async function manyFiles({ network, ours, folder }) {
  const secretKey = network.accounts[1]?.secretKey ?? '';
  const files = Array.from({ length: 100 }, () => newBytes(100 << 10));
  const { result, count } = await counted(network, () =>
    ours.storeFiles({ network, secretKey, folder }, files),
  );
  const { ms, approvals, blobIds } = result;
  const label = '100 files of 100 KiB';
  return [
    boundRow({ ...what, case: `${label}, approvals`, unit: '' }, approvals, '<=', 1),
    boundRow({ ...what, case: `${label}, certified`, unit: '' }, blobIds.length, '>=', 100),
    boundRow({ ...what, case: `${label}, per file`, unit: 'ms' }, ms / 100, '<=', 60_000),
    boundRow({ ...what, case: `${label}, per file`, unit: 'requests' }, count / 100, '<=', 2_100),
  ];
}

/**
 * A process that is killed when nine tenths of the slivers are with the nodes, and another one that goes on.
 *
 * @param {Setup} setup
 */
async function resumed({ network, folder }) {
  const script = join(root, 'tests/support/flows/child.mjs');
  const task = {
    ...{ network, path: join(folder, 'journal'), secretKey: network.accounts[2]?.secretKey },
    ...{ sizes: [8 * MiB], silentWallet: false },
  };
  const run = () => {
    const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: 'ignore' });
    return { child, ended: new Promise((resolve) => child.once('exit', resolve)) };
  };
  const { next } = await admin(network, 'GET', '/admin/log?since=0');
  const first = run();
  const quorum = Math.ceil((2 * 1_000 + 1) / 3);
  const enough = 0.9 * 2 * quorum; // of the slivers that are needed for a certificate
  for (;;) {
    const taken = (await requests(network, next)).filter(isTakenSliver).length;
    if (taken >= enough) break;
    await sleep(20);
  }
  first.child.kill('SIGKILL');
  await first.ended;
  const before = new Set((await requests(network, next)).filter(isTakenSliver).map(placeOf));
  const { next: then } = await admin(network, 'GET', '/admin/log?since=0');
  const second = run();
  if ((await second.ended) !== 0) throw new Error('the upload was not finished');
  const again = (await requests(network, then)).filter(isTakenSliver);
  const twice = again.filter((request) => before.has(placeOf(request))).length;
  const label = 'resume after a kill at 90 %, slivers sent again';
  return [boundRow({ ...what, case: label, unit: '%' }, (100 * twice) / before.size, '<=', 15)];
}

/** Slivers that do not fit into memory wait on disk. @param {Setup} setup */
async function throughDisk({ network, ours, folder }) {
  const secretKey = network.accounts[3]?.secretKey ?? '';
  const file = newBytes(DISK_MIB * MiB);
  const { readBytes } = await ours.storeFiles({ network, secretKey, folder }, [file]);
  const label = `${DISK_MIB} MiB, read from disk for each byte of a sliver`;
  const each = readBytes / (4.5 * file.length);
  return [boundRow({ ...what, case: label, unit: 'bytes' }, each, '<=', 2)];
}

/** @type {Readonly<Record<string, (setup: Setup) => Promise<Row[]>>>} */
const BENCHES = {
  store: (setup) => sideBySide(setup, false),
  'store-slow-node': (setup) => sideBySide(setup, true),
  'store-resume': resumed,
  'store-many': manyFiles,
  'store-disk': throughDisk,
};

export const storeBenches = Object.keys(BENCHES);

/**
 * @param {string} name one of `storeBenches`
 * @param {(line: string) => void} log
 * @returns {Promise<Row[]>}
 */
export async function store(name, log) {
  return onNetwork(['store-cases.ts'], async ({ network, folder, modules: [ours] }) => {
    const rows = (await BENCHES[name]?.({ network, ours, folder, log })) ?? [];
    log(`${name}: done`);
    return rows;
  });
}
