/** TypeScript modules of this folder in Node, by way of Vite. */
import { join } from 'node:path';
import { createServer } from 'vite';
import { kernelPlugin } from '../../src/tooling/kernel.mjs';
import { root } from '../../src/tooling/paths.mjs';

/** @param {string} name such as `cases.ts` */
export async function loadModule(name) {
  const vite = await createServer({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [kernelPlugin()],
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  const module = await vite.ssrLoadModule(join(import.meta.dirname, name));
  return { module, close: () => vite.close() };
}
