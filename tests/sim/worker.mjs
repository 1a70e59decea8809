/** Runs seeds in a process of its own, and sends what it saw to the one that started it. */
import { setMaxListeners } from 'node:events';
import { loadSimulator } from './load.mjs';
import { MUTANTS } from './mutants.mjs';

/** @typedef {{ story: string, first: number, step: number, count: number, untilMs: number, mutant?: string }} Work */

/** @type {Work} */
const { story, first, step, count, untilMs, mutant } = JSON.parse(process.argv[2] ?? '{}');
setMaxListeners(1_000); // one signal ends all requests of a page
const { sim, close } = await loadSimulator(MUTANTS.find(({ name }) => name === mutant));
for (let i = 0; i < count && Date.now() < untilMs; i++) {
  const report = await sim.runSeed(story, first + i * step);
  process.send?.(report);
  if (mutant !== undefined && report.violation !== undefined) break;
}
await close();
process.disconnect?.();
