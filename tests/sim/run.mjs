/**
 * `npm run sim -- --seeds N | --minutes M | --seed S [--trace | --shrink] | --mutants | --cases`: the client on a
 * local network in virtual time, with the bad days that a seed draws. `--from S` begins elsewhere,
 * `--coverage` fails if something that should happen never did, `--story NAME` tells which part is tested.
 * `--mutants` proves that bugs are found: by the runs that are kept, else by as many as `--seeds`; `--only PART`
 * names some of them.
 */
import { fork } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catchMutants } from './kills.mjs';
import { buildSimulator, loadSimulator } from './load.mjs';

const { values: o } = parseArgs({
  options: {
    ...{ seeds: { type: 'string' }, minutes: { type: 'string' }, from: { type: 'string' } },
    ...{ seed: { type: 'string' }, story: { type: 'string', default: 'store' } },
    ...{ trace: { type: 'boolean' }, shrink: { type: 'boolean' }, cases: { type: 'boolean' } },
    ...{ mutants: { type: 'boolean' }, coverage: { type: 'boolean' } },
    only: { type: 'string' },
  },
});
setMaxListeners(1_000); // one signal ends all requests of a page
const here = import.meta.dirname;
const cases = join(here, 'cases');
const begin = performance.now();
const seconds = () => ((performance.now() - begin) / 1_000).toFixed(0);

/** @typedef {import('./main.ts').SeedReport} SeedReport */

/**
 * Runs seeds in several processes.
 *
 * @param {Omit<import('./worker.mjs').Work, 'step' | 'file'>} work
 * @param {(report: SeedReport) => void} onReport
 * @param {number} processes
 */
async function runSeeds(work, onReport, processes = Math.min(availableParallelism(), work.count)) {
  const file = await buildSimulator();
  const workers = Array.from({ length: processes }, (_, i) => {
    const count = Math.ceil((work.count - i) / processes);
    const mine = { ...work, file, first: work.first + i, step: processes, count };
    // Steps leave much behind that is soon garbage: more room for it costs less than to collect it often.
    const execArgv = ['--max-semi-space-size=64'];
    const child = fork(join(here, 'worker.mjs'), [JSON.stringify(mine)], { execArgv });
    child.on('message', (report) => onReport(/** @type {SeedReport} */ (report)));
    return new Promise((resolve, reject) => {
      child.on('exit', (code) =>
        code === 0 ? resolve(undefined) : reject(new Error(`exit ${code}`)),
      );
    });
  });
  await Promise.all(workers).finally(() => rmSync(file));
}

/** @param {SeedReport} report */
function printFailure({ story, seed, violation, config, lines = [] }) {
  console.log(`FAILED story ${story}, seed ${seed}: ${violation?.message}`);
  console.log(JSON.stringify(config));
  for (const line of lines) console.log(`  ${line}`);
}

async function manySeeds() {
  const count = o.seeds === undefined ? Number.MAX_SAFE_INTEGER : Number(o.seeds);
  const untilMs =
    o.minutes === undefined ? Number.MAX_SAFE_INTEGER : Date.now() + Number(o.minutes) * 60_000;
  /** @type {Record<string, number>} */
  const counts = {};
  const sum = { runs: 0, failed: 0, steps: 0, virtualMs: 0 };
  await runSeeds({ story: o.story, first: Number(o.from ?? 1), count, untilMs }, (report) => {
    sum.runs += 1;
    sum.steps += report.steps;
    sum.virtualMs += report.virtualMs;
    for (const [name, by] of Object.entries(report.counts)) counts[name] = (counts[name] ?? 0) + by;
    if (report.violation === undefined) return;
    sum.failed += 1;
    printFailure(report);
  });
  const days = (sum.virtualMs / 86_400_000).toFixed(1);
  console.log(`${sum.runs} seeds, ${sum.steps} steps, ${days} virtual days in ${seconds()} s`);
  const names = Object.keys(counts).sort();
  console.log(names.map((name) => `${name} ${counts[name]}`).join(', '));
  const missing = o.coverage ? EXPECTED.filter((name) => !counts[name]) : [];
  if (missing.length > 0) console.log(`never happened: ${missing.join(', ')}`);
  console.log(`${sum.runs - sum.failed} passed, ${sum.failed} failed`);
  return sum.failed === 0 && missing.length === 0;
}

/** What a thousand runs must have seen. */
const EXPECTED = [
  ...['crash', 'power-loss', 'commits lost', 'second-tab', 'sleep', 'wrong-clock', 'store-full'],
  ...['lost-requests', 'lost-answers', 'epoch-ends', 'node-restarts', 'node-wiped', 'late-facts'],
  ...[
    'refuse',
    'blackhole',
    'html',
    'lieStored',
    'lieConfirm',
    'badSignature',
    'stale',
    'evict',
  ].map(node),
  ...[
    'truncate',
    'corrupt',
    'delay',
    'dropUpload',
    'garbageSignature',
    'wrongMessage',
    'status',
  ].map(node),
];

/** @param {string} fault */
function node(fault) {
  return `node: ${fault}`;
}

async function oneSeed() {
  const sim = await loadSimulator();
  const seed = Number(o.seed);
  if (o.shrink) {
    const found = await sim.shrinkSeed(o.story, seed);
    if (found !== undefined) {
      mkdirSync(cases, { recursive: true });
      const file = join(cases, `${o.story}-${seed}.json`);
      writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
      console.log(`${JSON.stringify(found)}\nkept as ${file}`);
    } else console.log('this seed does not fail');
    return found === undefined;
  }
  const report = o.trace ? await sim.trace(o.story, seed) : await sim.runSeed(o.story, seed);
  if (report.violation) printFailure(o.trace ? { ...report, lines: [] } : report);
  else
    console.log(
      `${report.steps} steps, ${(report.virtualMs / 1_000).toFixed(1)} virtual seconds: all promises kept`,
    );
  return report.violation === undefined;
}

/** Runs that failed once must not fail again. */
async function storedCases() {
  const sim = await loadSimulator();
  let failed = 0;
  const files = readdirSync(cases).filter((name) => name.endsWith('.json'));
  for (const file of files) {
    const report = await sim.runCase(JSON.parse(readFileSync(join(cases, file), 'utf8')));
    if (report.violation === undefined) continue;
    failed += 1;
    printFailure(report);
  }
  console.log(`${files.length - failed} passed, ${failed} failed`);
  return failed === 0;
}

const ok = await (o.mutants
  ? catchMutants(Number(o.from ?? 1), Number(o.seeds ?? 2_000), o.only)
  : o.cases
    ? storedCases()
    : o.seed
      ? oneSeed()
      : manySeeds());
process.exitCode = ok ? 0 : 1;
