/** Slivers to certificate, straight to the nodes of a local network: ours beside the official package. */
import { join } from 'node:path';
import { createServer } from 'vite';
import { kernelPlugin } from '../../src/tooling/kernel.mjs';
import { root } from '../../src/tooling/paths.mjs';
import { startDevnet } from './devnet.mjs';
import { ratioRow } from './report.mjs';

/** @typedef {import('./report.mjs').Row} Row */
/** @typedef {import('../../src/devnet/describe.ts').NetworkDescription} NetworkDescription */

const MiB = 1 << 20;
const SLOW_MS = 1_500;

/** @param {number} length @param {number} salt */
const bytesOf = (length, salt) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + salt * 101 + (i >> 9)) & 255);

/**
 * @param {NetworkDescription} network
 * @param {unknown[]} rules
 */
async function setFaults({ adminUrl, adminToken }, rules) {
  const response = await fetch(`${adminUrl}/admin/nodes/0/fault`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(rules),
  });
  if (!response.ok) throw new Error(`faults: ${response.status} ${await response.text()}`);
}

/**
 * @param {(line: string) => void} log
 * @returns {Promise<Row[]>}
 */
export async function upload(log) {
  const vite = await createServer({
    ...{ configFile: false, root, logLevel: 'warn', plugins: [kernelPlugin()] },
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  /** @type {typeof import('./upload-cases.ts')} */
  const { byOfficial, byUs } = /** @type {any} */ (
    await vite.ssrLoadModule(join(import.meta.dirname, 'upload-cases.ts'))
  );
  const { network, close } = await startDevnet('handful-real');
  /** @type {Row[]} */
  const rows = [];
  let salt = 0;
  try {
    for (const [label, rules, must] of /** @type {const} */ ([
      ['', [], 2],
      [', a node at 1.5 s per request', [{ action: { type: 'delay', ms: SLOW_MS } }], 4],
    ])) {
      await setFaults(network, [...rules]);
      for (const length of [MiB, 32 * MiB]) {
        const ours = await byUs(network, bytesOf(length, ++salt));
        log(`upload, ${length / MiB} MiB${label}: ours ${Math.round(ours.ms)} ms`);
        const theirs = await byOfficial(network, bytesOf(length, ++salt));
        const what = { name: 'upload', browser: 'node' };
        const name = `${length / MiB} MiB${label}`;
        rows.push(ratioRow({ ...what, case: name }, { ours: ours.ms, official: theirs.ms }, must));
        const [quorum, all, other] = [ours.ms, ours.allMs, theirs.ms].map(Math.round);
        log(`upload, ${name}: ${quorum} ms, all nodes after ${all} ms; official ${other} ms`);
      }
    }
  } finally {
    await close();
    await vite.close();
  }
  return rows;
}
