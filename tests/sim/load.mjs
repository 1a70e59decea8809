/** Loads the simulator, and with it everything that it tests, into this process. */
import { join } from 'node:path';
import { createServer } from 'vite';
import { buildKernel, kernelPlugin } from '../../src/tooling/kernel.mjs';
import { root } from '../../src/tooling/paths.mjs';
import { mutantPlugin } from './mutants.mjs';

const CURVE = '@noble/curves/bls12-381.js';
const memo = join(import.meta.dirname, 'memo-bls.ts');

/** @type {import('vite').Plugin} */
const memoPlugin = {
  name: 'memo',
  enforce: 'pre',
  resolveId: (id, from) => (id === CURVE && from !== memo ? memo : undefined),
};

/**
 * @param {import('./mutants.mjs').Mutant} [mutant]
 * @returns {Promise<{ sim: typeof import('./main.ts'), close: () => Promise<void> }>}
 */
export async function loadSimulator(mutant) {
  await buildKernel(); // before the server waits for it, which it does not do for long
  const vite = await createServer({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [memoPlugin, mutantPlugin(mutant), kernelPlugin()],
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  });
  const sim = await vite.ssrLoadModule(join(import.meta.dirname, 'main.ts'));
  return { sim: /** @type {any} */ (sim), close: () => vite.close() };
}
