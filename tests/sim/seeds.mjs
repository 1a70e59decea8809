/** Runs many seeds in several processes, and adds up what they saw. */
import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildSimulator } from './load.mjs';

/** So many runs of one process; what they leave behind makes each one after them slower. */
const SEEDS_EACH = 400;

/**
 * @typedef {import('./main.ts').SeedReport} SeedReport
 * @typedef {import('./worker.mjs').Work} Work
 * @typedef {object} Totals
 * @property {number} runs
 * @property {number} failed
 * @property {number} steps
 * @property {number} virtualMs
 * @property {Record<string, number>} counts how often each thing happened
 */

/**
 * @param {Omit<Work, 'step' | 'file'>} work
 * @param {(report: SeedReport, totals: Totals) => void} onReport
 * @param {number} most processes
 * @returns {Promise<Totals>}
 */
export async function runSeeds(work, onReport, most = availableParallelism()) {
  const processes = Math.min(most, work.count);
  /** @type {Totals} */
  const totals = { runs: 0, failed: 0, steps: 0, virtualMs: 0, counts: {} };
  const add = (/** @type {SeedReport} */ report) => {
    totals.runs += 1;
    totals.steps += report.steps;
    totals.virtualMs += report.virtualMs;
    if (report.violation !== undefined) totals.failed += 1;
    for (const [name, times] of Object.entries(report.counts)) {
      totals.counts[name] = (totals.counts[name] ?? 0) + times;
    }
    onReport(report, totals);
  };
  const file = await buildSimulator();
  /** @param {Omit<Work, 'file' | 'step'>} part @returns {Promise<void>} */
  const runPart = (part) => {
    const mine = { ...part, file, step: processes };
    // Steps leave much behind that is soon garbage: more room for it costs less than to collect it often.
    const execArgv = ['--max-semi-space-size=64'];
    const child = fork(join(import.meta.dirname, 'worker.mjs'), [JSON.stringify(mine)], {
      execArgv,
    });
    child.on('message', (report) => add(/** @type {SeedReport} */ (report)));
    return new Promise((resolve, reject) => {
      child.on('exit', (code, signal) =>
        code === 0
          ? resolve(undefined)
          : reject(new Error(`a process of the simulator ended: ${signal ?? code}`)),
      );
    });
  };
  const workers = Array.from({ length: processes }, async (_, i) => {
    const count = Math.ceil((work.count - i) / processes);
    for (let done = 0; done < count && Date.now() < work.untilMs; done += SEEDS_EACH) {
      const first = work.first + i + done * processes;
      await runPart({ ...work, first, count: Math.min(SEEDS_EACH, count - done) });
    }
  });
  await Promise.all(workers).finally(() => rmSync(file));
  return totals;
}

/** @param {SeedReport} report */
export function printFailure({ story, seed, violation, config, lines = [] }) {
  console.log(`FAILED story ${story}, seed ${seed}: ${violation?.message}`);
  console.log(JSON.stringify(config));
  for (const line of lines) console.log(`  ${line}`);
}

/** @param {readonly string[]} names @param {string} kind */
const of = (kind, names) => names.map((name) => `${kind} ${name}`);

/** What a thousand runs must have seen: a fault that never happened proves nothing. */
export const EXPECTED = [
  ...['crash', 'power-loss', 'commits lost', 'second-tab', 'lock-lost', 'profile-wiped'],
  ...['sleep', 'wrong-clock', 'store-full', 'commits refused', 'slow-links', 'lost-requests'],
  ...['lost-answers', 'endless-answers', 'epoch-ends', 'node-restarts', 'node-wiped', 'late-facts'],
  ...['chain-slow', 'chain-drops', 'chain-refuses', 'full-node-mute', 'failed transactions'],
  ...of('node:', ['refuse', 'blackhole', 'html', 'lieStored', 'lieConfirm', 'lieStatus']),
  ...of('node:', ['badSignature', 'garbageSignature', 'wrongMessage', 'stale', 'evict']),
  ...of('node:', ['truncate', 'corrupt', 'delay', 'drop', 'dropUpload', 'status']),
  ...of('relay:', ['wrongCertificate']),
  ...of('chain:', ['dropAnswers', 'refuseRequests', 'finalityDelayMs', 'staleReadMs']),
  ...of('wallet', ['signs', 'rejects', 'answers late', 'never answers', 'executes itself']),
  ...of('wallet', ['executes silently', 'alters']),
  ...of('fact', ['planned', 'keyed', 'asked', 'signed', 'registered', 'uploaded', 'certified']),
  ...of('fact', ['lapsed', 'closed']),
  ...of('crash after', ['nothing', 'planned', 'keyed', 'asked', 'signed', 'registered']),
  ...of('crash after', ['uploaded', 'certified']),
];
