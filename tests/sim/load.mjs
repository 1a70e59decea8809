/** Builds the simulator, and with it everything that it tests, into one file, and loads that. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { kernelPlugin } from '../../src/tooling/kernel.mjs';
import { root } from '../../src/tooling/paths.mjs';
import { importSimulator } from './import-simulator.mjs';
import { mutantPlugin } from './mutants.mjs';

const CURVE = '@noble/curves/bls12-381.js';
const memo = join(import.meta.dirname, 'memo-bls.ts');
const folder = join(root, '.cache/sim');

/** @type {import('vite').Plugin} */
const memoPlugin = {
  name: 'memo',
  enforce: 'pre',
  resolveId: (id, from) => (id === CURVE && from !== memo ? memo : undefined),
};

/** The pool has threads of its own here: none is ever started. @type {import('vite').Plugin} */
const noWorkers = {
  name: 'no-workers',
  enforce: 'pre',
  resolveId: (id) => (id.includes('?worker') ? '\0no-worker' : undefined),
  load: (id) => (id === '\0no-worker' ? 'export default undefined;' : undefined),
};

/**
 * @typedef {import('./mutants.mjs').Mutant} Mutant
 * @typedef {import('./import-simulator.mjs').Simulator} Simulator
 */

let built = 0;

/**
 * @param {Mutant} [mutant] whose bug is put into it
 * @returns {Promise<string>} the file; who asked for it removes it
 */
export async function buildSimulator(mutant) {
  const output = await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    plugins: [memoPlugin, noWorkers, ...(mutant ? [mutantPlugin(mutant)] : []), kernelPlugin()],
    build: {
      ssr: join(import.meta.dirname, 'main.ts'),
      write: false,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { codeSplitting: false }, checks: { pluginTimings: false } },
    },
  });
  const [chunk] = /** @type {import('vite').Rolldown.RolldownOutput} */ (output).output;
  const file = join(folder, `${process.pid}-${built++}.mjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, chunk.code);
  return file;
}

/** @type {Promise<Simulator> | undefined} */
let honest;

/** @param {Mutant} [mutant] @returns {Promise<Simulator>} the one without a mutant is loaded once */
export function loadSimulator(mutant) {
  if (mutant !== undefined) return load(mutant);
  honest ??= load();
  return honest;
}

/** @param {Mutant} [mutant] */
async function load(mutant) {
  const file = await buildSimulator(mutant);
  try {
    return await importSimulator(file);
  } finally {
    rmSync(file);
  }
}
