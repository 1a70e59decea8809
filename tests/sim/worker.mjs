/** Runs seeds in a process of its own, and sends what it saw to the one that started it. */
import { setMaxListeners } from 'node:events';
import { importSimulator } from './import-simulator.mjs';

/** @typedef {{ file: string, story: string, first: number, step: number, count: number, untilMs: number }} Work */

/** @type {Work} */
const { file, story, first, step, count, untilMs } = JSON.parse(process.argv[2] ?? '{}');
setMaxListeners(1_000); // one signal ends all requests of a page
const sim = await importSimulator(file);
for (let i = 0; i < count && Date.now() < untilMs; i++) {
  process.send?.(await sim.runSeed(story, first + i * step));
}
process.disconnect?.();
