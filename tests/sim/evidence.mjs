/**
 * `npm run evidence`: runs `--seeds` of the simulator (10,000, from `--from`), as many as `--minutes` allow, and writes
 * what they saw into README.md, failures too. The working tree must be that of a commit.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/tooling/paths.mjs';
import { evidenceTable, withEvidence } from './evidence-table.mjs';
import { readOptions } from './options.mjs';
import { EXPECTED, printFailure, runSeeds } from './seeds.mjs';

const readme = join(root, 'README.md');
const results = join(root, 'tests/results/simulator.json');

/** @param {string[]} words */
const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();

const text = /** @type {const} */ ('string');
const o = readOptions(
  {
    ...{ seeds: { type: text, default: '10000' }, from: { type: text, default: '1' } },
    ...{ minutes: { type: text }, processes: { type: text } },
  },
  ['seeds', 'from', 'minutes', 'processes'],
);
if (
  git('status', '--porcelain', 'src', 'asm', 'tests', ':!tests/results', 'package-lock.json') !== ''
) {
  console.error('Commit first: what is shown names the commit that was run.');
  process.exit(2);
}
const commit = git('rev-parse', '--short=10', 'HEAD');
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
  ...{ commit, date: new Date().toISOString().slice(0, 10), firstSeed: Number(o.from) },
  ...{ processes, machine: cpus()[0]?.model ?? '' },
  minutes: Math.round((performance.now() - begin) / 60_000),
  ...totals,
  never: EXPECTED.filter((name) => !totals.counts[name]),
};
writeFileSync(results, `${JSON.stringify(result, undefined, 1)}\n`);
writeFileSync(readme, withEvidence(readFileSync(readme, 'utf8'), evidenceTable(result)));
console.log(evidenceTable(result));
process.exitCode = totals.failed === 0 && result.never.length === 0 ? 0 : 1;
