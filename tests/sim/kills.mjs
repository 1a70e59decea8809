/**
 * Tests the tester: every mutant must be caught. What caught it is kept, made small, in `kills.json`, and catches it
 * again in no time; the same runs must pass without the mutant.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSimulator } from './load.mjs';
import { MUTANTS } from './mutants.mjs';

/**
 * @typedef {import('./main.ts').SimCase} SimCase
 * @typedef {import('./load.mjs').Simulator} Simulator
 * @typedef {import('./mutants.mjs').Mutant} Mutant
 */

const file = join(import.meta.dirname, 'kills.json');

/** @returns {Record<string, SimCase>} by the mutant's name */
const readKills = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});

/** @param {string} name @param {SimCase} kill */
function keep(name, kill) {
  const kills = { ...readKills(), [name]: kill };
  const sorted = MUTANTS.flatMap(({ name }) => (kills[name] ? [[name, kills[name]]] : []));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
}

/**
 * Looks for a seed that catches a mutant, and keeps it.
 *
 * @param {Simulator} sim with the mutant in it
 * @param {Mutant} mutant
 * @param {number} first
 * @param {number} most seeds that are tried
 */
async function bySeeds(sim, { name, story, given }, first, most) {
  for (let seed = first; seed < first + most; seed++) {
    const { violation } = await sim.runSeed(story, seed, given);
    const kill = violation && (await sim.shrinkSeed(story, seed, given));
    if (kill === undefined) continue;
    keep(name, kill);
    console.log(`${name}: seed ${seed} catches it and is kept`);
    return violation;
  }
  return undefined;
}

/**
 * @param {number} first
 * @param {number} most seeds that are tried where no kept run catches a mutant
 * @param {string | undefined} only part of the names of those that are run
 * @returns whether all were caught
 */
export async function catchMutants(first, most, only = '') {
  const kills = readKills();
  // Without seeds to try, only what is kept can be proven: a few, since each is built anew.
  const isWanted = (/** @type {Mutant} */ { name, always }) =>
    name.includes(only) && (most > 0 || (always && kills[name]));
  const mutants = MUTANTS.filter(isWanted);
  let failed = 0;
  for (const mutant of mutants) {
    const { name } = mutant;
    const sim = await loadSimulator(mutant);
    const kill = kills[name];
    const stored = kill && (await sim.runCase(kill)).violation;
    const violation = stored ?? (await bySeeds(sim, mutant, first, most));
    if (violation === undefined) failed += 1;
    console.log(`${name}: ${violation?.message.split('\n')[0] ?? 'LIVES'}`);
  }
  // Runs in which an honest client breaks a promise would prove nothing about a mutant.
  const sim = await loadSimulator();
  const kept = readKills();
  for (const { name } of mutants) {
    const violation = kept[name] && (await sim.runCase(kept[name])).violation;
    if (violation === undefined) continue;
    failed += 1;
    console.log(`${name}: what is kept of it fails without it: ${violation.message}`);
  }
  console.log(`${mutants.length - failed} passed, ${failed} failed`);
  return failed === 0;
}
