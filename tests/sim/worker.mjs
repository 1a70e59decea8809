/** Runs seeds in a process of its own, and sends what it saw to the one that started it. */
import { setMaxListeners } from 'node:events';

/** @typedef {{ file: string, story: string, first: number, step: number, count: number, untilMs: number }} Work */

/** @type {Work} */
const { file, story, first, step, count, untilMs } = JSON.parse(process.argv[2] ?? '{}');
setMaxListeners(1_000); // one signal ends all requests of a page
/** @type {import('./load.mjs').Simulator} */
const sim = await import(file);
for (let i = 0; i < count && Date.now() < untilMs; i++) {
  process.send?.(await sim.runSeed(story, first + i * step));
}
process.disconnect?.();
