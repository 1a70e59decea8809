/**
 * `npm run evidence`: runs `--seeds` of the simulator (10,000, from `--from`) and writes what they saw into README.md,
 * failures too. The working tree must be that of a commit.
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

const o = readOptions(
  { seeds: { type: 'string', default: '10000' }, from: { type: 'string', default: '1' } },
  ['seeds', 'from'],
);
if (
  git('status', '--porcelain', 'src', 'asm', 'tests', ':!tests/results', 'package-lock.json') !== ''
) {
  console.error('Commit first: what is shown names the commit that was run.');
  process.exit(2);
}
const commit = git('rev-parse', '--short=10', 'HEAD');
const begin = performance.now();
const work = { story: 'store', first: Number(o.from), count: Number(o.seeds) };
const totals = await runSeeds(
  { ...work, untilMs: Number.MAX_SAFE_INTEGER },
  (report, { runs, failed }) => {
    if (report.violation !== undefined) printFailure(report);
    if (runs % 100 === 0) console.log(`${runs} seeds, ${failed} failed`);
  },
);
const result = {
  ...{ commit, date: new Date().toISOString().slice(0, 10), firstSeed: work.first },
  ...{ processes: availableParallelism(), machine: cpus()[0]?.model ?? '' },
  minutes: Math.round((performance.now() - begin) / 60_000),
  ...totals,
  never: EXPECTED.filter((name) => !totals.counts[name]),
};
writeFileSync(results, `${JSON.stringify(result, undefined, 1)}\n`);
writeFileSync(readme, withEvidence(readFileSync(readme, 'utf8'), evidenceTable(result)));
console.log(evidenceTable(result));
process.exitCode = totals.failed === 0 && result.never.length === 0 ? 0 : 1;
