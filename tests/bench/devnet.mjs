/** Figures of the local network: how fast it starts, verifies slivers, serves the official package, and heals. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildDevnetIfChanged } from '../../src/tooling/build-devnet.mjs';
import { devnetFolder, root, siteFolder } from '../../src/tooling/paths.mjs';
import { boundRow } from './report.mjs';

/** @typedef {import('./report.mjs').Row} Row */

const MiB = 1 << 20;
/** Bounds of a start in a new process, by profile. @type {Readonly<Record<string, number>>} */
const START_MS = { tiny: 2_000, wide: 2_000, skewed: 2_000, real: 5_000, 'handful-real': 3_000 };
/** Bounds of `npm start` after the packages are installed. */
const APP_MS = { fresh: 10_000, built: 4_000 };
const IN_FLIGHT = 32;
const what = { name: 'devnet', browser: 'node' };

/**
 * Starts a command of `src/tooling` in a process of its own.
 *
 * @param {string} command
 * @param {string[]} words
 * @param {RegExp} ready what it has printed once it is ready
 */
async function startCommand(command, words, ready) {
  const begin = performance.now();
  const child = spawn(process.execPath, [join(root, 'src/tooling', command), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  /** @type {Promise<void>} */
  const isReady = new Promise((resolve, reject) => {
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => {
      text += chunk;
      if (ready.test(text)) resolve();
    });
    void ended.then((code) => reject(new Error(`${command} ended with ${code}`)));
  });
  await isReady;
  return {
    ms: performance.now() - begin,
    text,
    close: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

/**
 * Starts a network in a process of its own.
 *
 * @param {string} profile
 */
export async function startDevnet(profile) {
  const words = ['--profile', profile, '--port', '0', '--data', 'none', '--json'];
  const { text, ...started } = await startCommand('devnet.mjs', words, /\n$/);
  /** @type {import('../../src/devnet/describe.ts').NetworkDescription} */
  const network = JSON.parse(text);
  return { ...started, network };
}

/** What `npm start` does once the packages are there; until it prints where the app is, and the app answers. */
async function startApp() {
  const begin = performance.now();
  const words = ['--port', '0', '--network-port', '0', '--data', 'none'];
  const { text, close } = await startCommand('start.mjs', words, /Open\nhttp:\S+\n$/);
  const { ok } = await fetch(text.slice(text.lastIndexOf('http')).trim());
  const ms = performance.now() - begin;
  await close();
  if (!ok) throw new Error('the app is not served');
  return ms;
}

/** @param {import('../../src/devnet/describe.ts').NetworkDescription} network */
export async function official(network) {
  const { SuiGrpcClient } = await import('@mysten/sui/grpc');
  const { Ed25519Keypair } = await import('@mysten/sui/keypairs/ed25519');
  const { WalrusClient } = await import('@mysten/walrus');
  const { rpcUrl, systemObjectId, stakingObjectId, accounts } = network;
  const walrus = new WalrusClient({
    suiClient: new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl }),
    packageConfig: { systemObjectId, stakingPoolId: stakingObjectId },
    storageNodeUrlScheme: 'http',
    storageNodeClientOptions: { timeout: 600_000 },
  });
  const [account] = accounts;
  return { walrus, signer: Ed25519Keypair.fromSecretKey(account?.secretKey ?? '') };
}

/** The next start builds everything: app, network and kernel. */
function forgetBuilds() {
  const stamps = [`${siteFolder}.stamp`, `${devnetFolder}.stamp`, join(root, 'asm/build/stamp')];
  for (const stamp of stamps) rmSync(stamp, { force: true });
}

/** @param {number} length */
const bytesOf = (length) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 9)) & 255);

/**
 * PUTs of all slivers of a blob, each verified in full, over HTTP.
 *
 * @param {import('../../src/devnet/describe.ts').NetworkDescription} network
 * @param {number} length
 * @returns {Promise<number>} per second
 */
async function putsPerSecond(network, length) {
  const { walrus, signer } = await official(network);
  const blob = bytesOf(length);
  const { blobId, rootHash, metadata, sliversByNode } = await walrus.encodeBlob(blob);
  const options = { blobId, rootHash, size: blob.length, epochs: 1, deletable: false, signer };
  await walrus.executeRegisterBlobTransaction(options);
  const order = network.nodes.map(({ nodeId, url }) => ({ nodeId, url }));
  for (const nodeIndex of order.keys()) {
    await walrus.writeMetadataToNode({ nodeIndex, blobId, metadata });
  }
  const puts = sliversByNode.flatMap((slivers, nodeIndex) => [
    ...slivers.primary.map((each) => ({
      ...each,
      nodeIndex,
      type: /** @type {const} */ ('primary'),
    })),
    ...slivers.secondary.map((each) => ({
      ...{ ...each, nodeIndex, type: /** @type {const} */ ('secondary') },
    })),
  ]);
  const queue = puts.values();
  const begin = performance.now();
  const lane = async () => {
    for (const { nodeIndex, type, sliver, sliverPairIndex } of queue) {
      const { url = '' } = order[nodeIndex] ?? {};
      const path = `${url}/v1/blobs/${blobId}/slivers/${sliverPairIndex}/${type}`;
      const body = /** @type {Uint8Array<ArrayBuffer>} */ (sliver);
      const response = await fetch(path, { method: 'PUT', body });
      await response.text();
      if (response.status !== 201) throw new Error(`a sliver was answered ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return (puts.length / (performance.now() - begin)) * 1_000;
}

/**
 * Kills a node for good and ends the epoch.
 *
 * @param {import('../../src/devnet/describe.ts').NetworkDescription} network
 * @returns {Promise<number>} ms until the others have all slivers of its shards, rebuilt from symbols
 */
async function healMs({ adminUrl, adminToken }) {
  /** @param {string} method @param {string} path */
  const admin = async (method, path) => {
    const headers = { authorization: `Bearer ${adminToken}` };
    const response = await fetch(`${adminUrl}/admin/${path}`, { method, headers });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  await admin('POST', 'nodes/0/kill');
  await admin('POST', 'nodes/0/retire');
  const begin = performance.now();
  const { epoch } = await admin('POST', 'epoch');
  for (;;) {
    const { nodes, epochState } = await admin('GET', 'state');
    const alive = /** @type {any[]} */ (nodes).filter((node) => node.alive);
    const isWhole = alive.every((node) => {
      return node.epoch === epoch && (node.shards.ready ?? 0) === node.weight;
    });
    if (isWhole && epochState.kind !== 'sync') return performance.now() - begin;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * @param {(line: string) => void} log
 * @returns {Promise<Row[]>}
 */
export async function devnet(log) {
  /** @type {Row[]} */
  const rows = [];
  for (const built of [false, true]) {
    if (!built) forgetBuilds();
    const label = `npm start ready, ${built ? 'built before' : 'nothing built'}`;
    const bound = built ? APP_MS.built : APP_MS.fresh;
    rows.push(boundRow({ ...what, case: label, unit: 'ms' }, await startApp(), '<=', bound));
    log(`devnet, ${label}: done`);
  }
  await buildDevnetIfChanged();
  for (const profile of Object.keys(START_MS)) {
    const started = await startDevnet(profile);
    await started.close();
    const row = { ...what, case: `start, ${profile}`, unit: 'ms' };
    rows.push(boundRow(row, started.ms, '<=', START_MS[profile] ?? 0));
    log(`devnet, start of ${profile}: done`);
  }
  const { network, close } = await startDevnet('handful-real');
  try {
    for (const [length, bound] of /** @type {const} */ ([
      [MiB, 150],
      [32 * MiB, 80],
    ])) {
      const label = `verified sliver PUTs, blob of ${length / MiB} MiB`;
      const rate = await putsPerSecond(network, length);
      rows.push(boundRow({ ...what, case: label, unit: '/s' }, rate, '>=', bound));
      log(`devnet, ${label}: done`);
    }
    const { walrus, signer } = await official(network);
    const blob = bytesOf(32 * MiB - 1);
    let begin = performance.now();
    const lap = (/** @type {string} */ name, /** @type {number} */ bound) => {
      const ms = performance.now() - begin;
      rows.push(
        boundRow({ ...what, case: `official ${name}, 32 MiB`, unit: 'ms' }, ms, '<=', bound),
      );
      log(`devnet, official ${name}: done`);
      begin = performance.now();
    };
    const { blobId } = await walrus.writeBlob({ blob, deletable: true, epochs: 1, signer });
    lap('write', 60_000);
    const read = await walrus.readBlob({ blobId });
    lap('read', 30_000);
    if (Buffer.compare(read, blob) !== 0) throw new Error('other bytes were read than written');
    const healed = await healMs(network);
    const label = 'heal a tenth of the shards, 32 MiB';
    rows.push(boundRow({ ...what, case: label, unit: 'ms' }, healed, '<=', 60_000));
    log(`devnet, ${label}: done`);
  } finally {
    await close();
  }
  return rows;
}
