/** Runs `child.ts` in a process of its own, which a test can kill. */
import { join } from 'node:path';
import { createServer } from 'vite';
import { kernelPlugin } from '../../../src/tooling/kernel.mjs';
import { root } from '../../../src/tooling/paths.mjs';

const vite = await createServer({
  configFile: false,
  root,
  logLevel: 'error',
  plugins: [kernelPlugin()],
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
});
/** @type {typeof import('./child.ts')} */
const { runChild } = /** @type {any} */ (
  await vite.ssrLoadModule(join(import.meta.dirname, 'child.ts'))
);
const code = await runChild(JSON.parse(process.argv[2] ?? '{}'), (line) => {
  process.stdout.write(`${line}\n`);
});
await vite.close();
process.exit(code);
