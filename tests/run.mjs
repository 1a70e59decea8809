/**
 * `npm test`: everything, from finding a browser to end-to-end tests. The last line is `N passed, N failed`; a step
 * that fails, or leaves no report, counts as one failure.
 *
 * `--soak`: the same with the long counts of the property and fuzz tests, in both browsers.
 * Firefox takes part when `CI=true` or `HAULOUT_FIREFOX=1`.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser } from '../src/tooling/browser.mjs';
import { checkStyle, checkTypes } from '../src/tooling/check.mjs';
import { programs, reportsFolder, root } from '../src/tooling/paths.mjs';
import { node, step } from '../src/tooling/step.mjs';

const soak = process.argv.includes('--soak');
const withFirefox = soak || process.env['CI'] === 'true' || process.env['HAULOUT_FIREFOX'] === '1';
const total = { passed: 0, failed: 0 };

/** @param {boolean} ok */
function count(ok) {
  if (ok) total.passed += 1;
  else total.failed += 1;
  return ok;
}

/**
 * Runs a test program and adds up its report.
 *
 * @param {string} name of the report
 * @param {string} program
 * @param {string[]} words
 * @param {(report: any) => { passed: number, failed: number }} read
 */
async function suite(name, program, words, read) {
  const file = join(reportsFolder, `${name}.json`);
  const env = {
    ...(withFirefox ? { HAULOUT_FIREFOX: '1' } : {}),
    ...(soak ? { HAULOUT_SOAK: '1' } : {}),
  };
  let result = { passed: 0, failed: 0 };
  const ok = await step(`${name} tests`, async () => {
    const run = await node(program, words, env);
    result = read(JSON.parse(readFileSync(file, 'utf8')));
    for (const [line] of run.output.matchAll(/^ *passed at another try: .*$/gm)) console.log(line);
    return run;
  });
  total.passed += result.passed;
  total.failed += result.failed;
  if (!ok && result.failed === 0) count(false);
  console.log(`  ${result.passed} passed, ${result.failed} failed`);
}

/** @param {string} name what the projects of vite.config.ts begin with */
const vitest = (name) =>
  suite(
    name,
    programs.vitest,
    [
      ...['run', '--project', `${name}*`, '--reporter=default', '--reporter=json'],
      `--reporter=${join(root, 'tests/support/another-try.mjs')}`,
      `--outputFile.json=.reports/${name}.json`,
    ],
    (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests }),
  );

const playwright = () =>
  suite('e2e', programs.playwright, ['test', '-c', 'tests/e2e'], ({ stats, suites }) => {
    // What needed another try passes, and is named: it has to be mended.
    for (const title of flaky(suites)) console.log(`  passed at another try: ${title}`);
    return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
  });

/** @param {any[]} suites of Playwright's report @returns {string[]} */
function flaky(suites) {
  return suites.flatMap(({ specs = [], suites: inner = [] }) => [
    ...specs.flatMap((/** @type {any} */ { title, file, tests }) =>
      tests
        .filter((/** @type {any} */ { status }) => status === 'flaky')
        .map((/** @type {any} */ { projectName }) => `${projectName}, ${file}: ${title}`),
    ),
    ...flaky(inner),
  ]);
}

/** @param {import('../src/tooling/browser.mjs').BrowserName} name */
const browser = (name) =>
  step(name, () =>
    ensureBrowser(name, (line) => console.log(`  ${line}`)).then(
      (path) => ({ ok: true, output: path }),
      ({ message }) => ({ ok: false, output: message }),
    ),
  );

const simulator = join(root, 'tests/sim/run.mjs');
// The same seeds every time, so that a change alone decides; others in the soak, where a failure prints its own.
const seeds = soak
  ? ['--seeds', '10000', '--from', String(Math.floor(Date.now() / 1_000) % 1e9)]
  : ['--seeds', '20', '--from', '1'];
const readSeeds = ['--story', 'read', ...seeds.with(1, soak ? '2000' : '20')];

const begin = performance.now();
rmSync(reportsFolder, { recursive: true, force: true });
mkdirSync(reportsFolder, { recursive: true });

const browsers = [await browser('chromium'), ...(withFirefox ? [await browser('firefox')] : [])];
const built = count(await step('build', () => node(join(root, 'src/tooling/build.mjs'), [])));
const checks = async () => {
  const again = join(root, 'src/tooling/build-twice.mjs');
  if (built) count(await step('same build twice', () => node(again, [])));
  count(await checkStyle());
  count(await checkTypes());
};
const simulations = async () => {
  count(await step('simulator', () => node(simulator, seeds)));
  count(await step('simulator, reads', () => node(simulator, readSeeds)));
  const tries = soak ? '2000' : '0'; // where no kept run catches a mutant
  const proofs = ['--cases', '--mutants', '--seeds', tries];
  count(await step('simulator, stored cases and mutants', () => node(simulator, proofs)));
};
// Each takes one processor, for about the same time.
await Promise.all([checks(), simulations()]);
await vitest('unit');
if (browsers.every(Boolean)) {
  await vitest('browser');
  if (built) await playwright();
} else {
  count(false);
}
console.log(`${((performance.now() - begin) / 1000).toFixed(0)} s in all`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
