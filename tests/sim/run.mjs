/**
 * `npm run sim -- --seeds N | --minutes M | --seed S [--trace | --shrink] | --mutants | --cases`: the client on a
 * local network in virtual time, with the bad days that a seed draws. `--from S` begins elsewhere,
 * `--coverage` fails if something that should happen never did, `--story NAME` tells which part is tested.
 * `--mutants` proves that bugs are found: by the runs that are kept, else by as many as `--seeds`; `--only PART`
 * names some of them.
 */
import { setMaxListeners } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catchMutants } from './kills.mjs';
import { loadSimulator } from './load.mjs';
import { readOptions } from './options.mjs';
import { EXPECTED, printFailure, runSeeds } from './seeds.mjs';

const o = readOptions(
  {
    ...{ seeds: { type: 'string' }, minutes: { type: 'string' }, from: { type: 'string' } },
    ...{ seed: { type: 'string' }, story: { type: 'string', default: 'store' } },
    ...{ trace: { type: 'boolean' }, shrink: { type: 'boolean' }, cases: { type: 'boolean' } },
    ...{ mutants: { type: 'boolean' }, coverage: { type: 'boolean' } },
    only: { type: 'string' },
  },
  ['seeds', 'minutes', 'from', 'seed'],
);
setMaxListeners(1_000); // one signal ends all requests of a page
const cases = join(import.meta.dirname, 'cases');
const begin = performance.now();
const seconds = () => ((performance.now() - begin) / 1_000).toFixed(0);

async function manySeeds() {
  const count = o.seeds === undefined ? Number.MAX_SAFE_INTEGER : Number(o.seeds);
  const untilMs =
    o.minutes === undefined ? Number.MAX_SAFE_INTEGER : Date.now() + Number(o.minutes) * 60_000;
  const work = { story: o.story, first: Number(o.from ?? 1), count, untilMs };
  const { runs, failed, steps, virtualMs, counts } = await runSeeds(work, (report) => {
    if (report.violation !== undefined) printFailure(report);
  });
  const days = (virtualMs / 86_400_000).toFixed(1);
  console.log(`${runs} seeds, ${steps} steps, ${days} virtual days in ${seconds()} s`);
  const names = Object.keys(counts).sort();
  console.log(names.map((name) => `${name} ${counts[name]}`).join(', '));
  const missing = o.coverage ? EXPECTED.filter((name) => !counts[name]) : [];
  if (missing.length > 0) console.log(`never happened: ${missing.join(', ')}`);
  console.log(`${runs - failed} passed, ${failed} failed`);
  return failed === 0 && missing.length === 0;
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

async function proofs() {
  const [isKept, areCaught] = [
    !o.cases || (await storedCases()),
    !o.mutants || (await catchMutants(Number(o.from ?? 1), Number(o.seeds ?? 2_000), o.only)),
  ];
  return isKept && areCaught;
}

const ok = await (o.cases || o.mutants ? proofs() : o.seed ? oneSeed() : manySeeds());
process.exitCode = ok ? 0 : 1;
