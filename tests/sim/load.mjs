/** Loads the simulator, and with it everything that it tests, into this process. */
import { join } from 'node:path';
import { createServer } from 'vite';
import { buildKernel, kernelPlugin } from '../../src/tooling/kernel.mjs';
import { root } from '../../src/tooling/paths.mjs';
import { filesOf, mutantPlugin } from './mutants.mjs';

const CURVE = '@noble/curves/bls12-381.js';
const memo = join(import.meta.dirname, 'memo-bls.ts');

/** @type {import('vite').Plugin} */
const memoPlugin = {
  name: 'memo',
  enforce: 'pre',
  resolveId: (id, from) => (id === CURVE && from !== memo ? memo : undefined),
};

/**
 * @typedef {import('./mutants.mjs').Mutant} Mutant
 * @typedef {typeof import('./main.ts')} Simulator
 */

/** @returns {Promise<{ load: (mutant?: Mutant) => Promise<Simulator>, close: () => Promise<void> }>} */
export async function openSimulator() {
  await buildKernel(); // before the server waits for it, which it does not do for long
  /** @type {Mutant | undefined} */
  let current;
  const vite = await createServer({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [memoPlugin, mutantPlugin(() => current), kernelPlugin()],
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  /** Only what the file has to do with is loaded again: that takes a tenth of the time. */
  const forget = (/** @type {Mutant | undefined} */ mutant) => {
    const { moduleGraph, runner } = /** @type {import('vite').RunnableDevEnvironment} */ (
      vite.environments.ssr
    );
    const { evaluatedModules } = runner;
    const files = mutant ? filesOf(mutant) : [];
    for (const file of files) {
      for (const known of moduleGraph.getModulesByFile(file) ?? []) {
        moduleGraph.invalidateModule(known);
      }
    }
    const stale = new Set(
      files.flatMap((file) => [...(evaluatedModules.getModulesByFile(file) ?? [])]),
    );
    for (const each of stale) {
      for (const id of each.importers) {
        const importer = evaluatedModules.getModuleById(id);
        if (importer) stale.add(importer);
      }
    }
    for (const each of stale) evaluatedModules.invalidateModule(each);
  };
  return {
    /** One at a time. */
    async load(mutant) {
      forget(current);
      forget(mutant);
      current = mutant;
      return /** @type {any} */ (await vite.ssrLoadModule(join(import.meta.dirname, 'main.ts')));
    },
    close: () => vite.close(),
  };
}
