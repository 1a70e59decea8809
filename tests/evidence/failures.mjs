/** The same list of faults against the official package and ours, reads and writes, over HTTP. */
import { randomFillSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDevnetIfChanged } from '../../src/tooling/build-devnet.mjs';
import { root } from '../../src/tooling/paths.mjs';
import { startDevnet } from '../bench/devnet.mjs';
import { loadModule } from '../bench/load-module.mjs';

/** @typedef {import('../../src/devnet/describe.ts').NetworkDescription} Network */
/** @typedef {import('./failure-cases.ts').FailureCase} FailureCase */
/** @typedef {import('./failure-runs.ts').Party} Party */
/** @typedef {import('./failure-table.mjs').Attempt} Attempt */

/** Whoever has not ended by then hangs. */
const LIMIT_MS = 90_000;
const BLOB_BYTES = 200_000;

/** @param {Network} network @param {readonly number[]} nodes @param {readonly unknown[]} rules */
async function setFaults({ adminUrl, adminToken }, nodes, rules) {
  for (const node of nodes) {
    const response = await fetch(`${adminUrl}/admin/nodes/${node}/fault`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}` },
      body: JSON.stringify(rules),
    });
    if (!response.ok) throw new Error(`faults: ${response.status} ${await response.text()}`);
  }
}

const newBytes = () => randomFillSync(new Uint8Array(BLOB_BYTES));

/**
 * @template T
 * @param {Promise<T>} work
 * @param {(error: unknown) => string} nameOf
 * @returns {Promise<{ value: T, ms: number } | Attempt>}
 */
async function timed(work, nameOf) {
  const begin = performance.now();
  const spent = () => performance.now() - begin;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<Attempt>} */
  const hung = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ end: 'hung', ms: spent() }), LIMIT_MS);
  });
  try {
    return await Promise.race([work.then((value) => ({ value, ms: spent() })), hung]);
  } catch (error) {
    return { end: 'error', ms: spent(), error: nameOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {typeof import('./failure-runs.ts')} runs
 * @param {Network} network
 * @param {FailureCase} failure
 * @param {Party} party
 * @param {{ blobId: string, bytes: Uint8Array }} known
 * @returns {Promise<Attempt>}
 */
async function attempt({ parties, nameOfError }, network, { call, nodes, rules }, party, known) {
  await setFaults(network, nodes, rules);
  const bytes = newBytes();
  /** @type {Attempt | undefined} */
  let waiting;
  const begin = performance.now();
  const waits = (/** @type {string} */ error) => {
    waiting ??= { end: 'waits', ms: performance.now() - begin, error };
  };
  const work = async () =>
    call === 'read' ? party.read(network, known.blobId) : party.write(network, bytes, waits);
  const result = await timed(work(), nameOfError);
  await setFaults(network, nodes, []);
  if ('end' in result && result.end === 'hung' && waiting !== undefined) return waiting;
  if ('end' in result) return result;
  const { value, ms } = result;
  // What is said to be stored must be there.
  const [given, wanted] =
    typeof value === 'string'
      ? [await parties.ours.read(network, value).catch(() => new Uint8Array()), bytes]
      : [value, known.bytes];
  return { end: Buffer.compare(given, wanted) === 0 ? 'right' : 'wrong bytes', ms };
}

/**
 * @param {number} tries of each case
 * @returns {Promise<Omit<import('./failure-table.mjs').FailureResults, 'commit' | 'date'>>}
 */
export async function runFailures(tries) {
  // What somebody gave up waiting for may still fail.
  process.on('unhandledRejection', () => undefined);
  await buildDevnetIfChanged();
  const { module, close } = await loadModule('../evidence/failure-runs.ts');
  /** @type {typeof import('./failure-runs.ts')} */
  const runs = /** @type {any} */ (module);
  /** @type {import('./failure-table.mjs').FailureResult[]} */
  const results = [];
  for (const profile of new Set(runs.FAILURE_CASES.map((each) => each.profile))) {
    const cases = runs.FAILURE_CASES.filter((each) => each.profile === profile);
    const { network, close: closeNetwork } = await startDevnet(profile);
    try {
      const bytes = newBytes();
      await runs.parties.official.write(network, newBytes(), () => undefined); // what `otherBlob` gives
      const known = {
        blobId: await runs.parties.official.write(network, bytes, () => undefined),
        bytes,
      };
      for (const failure of cases) {
        const { call, what, canSucceed } = failure;
        const row = { call, what, canSucceed };
        /** @type {{ official: Attempt[], ours: Attempt[] }} */
        const ends = { official: [], ours: [] };
        for (let i = 0; i < tries; i++) {
          for (const who of /** @type {const} */ (['ours', 'official'])) {
            ends[who].push(await attempt(runs, network, failure, runs.parties[who], known));
          }
        }
        results.push({ ...row, ...ends });
        const said = (/** @type {Attempt[]} */ list) =>
          list.map(({ end, ms, error }) => `${error ?? end} ${Math.round(ms)} ms`).join(', ');
        console.log(`${call}, ${what}: ours ${said(ends.ours)}; official ${said(ends.official)}`);
      }
    } finally {
      await closeNetwork();
    }
  }
  await close();
  const file = join(root, 'node_modules/@mysten/walrus/package.json');
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(file, 'utf8'));
  return { version, results };
}
