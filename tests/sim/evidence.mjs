/**
 * `npm run evidence`: runs `--seeds` of the simulator (10,000, from `--from`), as many as `--minutes` allow, and the same
 * list of faults against the official package and ours, `--tries` times each; writes what they saw into README.md,
 * failures too. `--only simulator` or `--only failures` does one of them. The working tree must be that of a commit.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/tooling/paths.mjs';
import { failureTable } from '../evidence/failure-table.mjs';
import { runFailures } from '../evidence/failures.mjs';
import { evidenceTable, FAILURE_MARKS, withEvidence } from './evidence-table.mjs';
import { readOptions } from './options.mjs';
import { EXPECTED, printFailure, runSeeds } from './seeds.mjs';

const readme = join(root, 'README.md');
const results = join(root, 'tests/results');

/** @param {string[]} words */
const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();

const text = /** @type {const} */ ('string');
const o = readOptions(
  {
    ...{ seeds: { type: text, default: '10000' }, from: { type: text, default: '1' } },
    ...{ minutes: { type: text }, processes: { type: text } },
    ...{ only: { type: text }, tries: { type: text, default: '3' } },
  },
  ['seeds', 'from', 'minutes', 'processes', 'tries'],
);
if (
  git('status', '--porcelain', 'src', 'asm', 'tests', ':!tests/results', 'package-lock.json') !== ''
) {
  console.error('Commit first: what is shown names the commit that was run.');
  process.exit(2);
}
const commit = git('rev-parse', '--short=10', 'HEAD');
const date = new Date().toISOString().slice(0, 10);

/** @param {string} name of the file @param {object} result */
const keep = (name, result) =>
  writeFileSync(join(results, name), `${JSON.stringify(result, undefined, 1)}\n`);

/** @param {string} table @param {Parameters<typeof withEvidence>[2]} [marks] */
function show(table, marks) {
  console.log(table);
  writeFileSync(readme, withEvidence(readFileSync(readme, 'utf8'), table, marks));
}

/** @returns {Promise<boolean>} whether all is well */
async function simulator() {
  const begin = performance.now();
  const processes = Number(o.processes ?? availableParallelism());
  const totals = await runSeeds(
    {
      ...{ story: 'store', first: Number(o.from), count: Number(o.seeds) },
      untilMs: o.minutes ? Date.now() + Number(o.minutes) * 60_000 : Number.MAX_SAFE_INTEGER,
    },
    (report, { runs, failed }) => {
      if (report.violation !== undefined) printFailure(report);
      if (runs % 100 === 0) console.log(`${runs} seeds, ${failed} failed`);
    },
    processes,
  );
  const result = {
    ...{ commit, date, firstSeed: Number(o.from) },
    ...{ processes, machine: cpus()[0]?.model ?? '' },
    minutes: Math.round((performance.now() - begin) / 60_000),
    ...totals,
    never: EXPECTED.filter((name) => !totals.counts[name]),
  };
  keep('simulator.json', result);
  show(evidenceTable(result));
  return totals.failed === 0 && result.never.length === 0;
}

/** @returns {Promise<boolean>} whether ours ends as it should under every fault */
async function failures() {
  const outcome = { commit, date, ...(await runFailures(Number(o.tries))) };
  keep('failures.json', outcome);
  show(failureTable(outcome), FAILURE_MARKS);
  return outcome.results.every(({ canSucceed, ours }) =>
    ours.every(({ end }) => (canSucceed ? end === 'right' : end === 'error' || end === 'waits')),
  );
}

const parts = Object.entries({ simulator, failures });
let ok = true;
for (const [name, part] of parts) {
  if (o.only === undefined || o.only === name) ok = (await part()) && ok;
}
process.exit(ok ? 0 : 1); // whatever hangs may still hold the process
