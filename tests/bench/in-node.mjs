/** The same cases in Node, where everything runs in the calling thread. */
import { join } from 'node:path';
import { createServer } from 'vite';
import { kernelPlugin } from '../../src/tooling/kernel.mjs';
import { root } from '../../src/tooling/paths.mjs';

export async function openNode() {
  const { BlobEncoder } = await import('@mysten/walrus-wasm');
  const vite = await createServer({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [kernelPlugin()],
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  /** @type {typeof import('./cases.ts')} */
  const { cases } = /** @type {any} */ (
    await vite.ssrLoadModule(join(import.meta.dirname, 'cases.ts'))
  );
  return {
    /**
     * @param {keyof typeof cases} name
     * @param {import('./cases.ts').Size} size
     */
    measure: (name, size) =>
      cases[name](size, /** @type {import('./official.ts').OfficialEncoderClass} */ (BlobEncoder)),
    close: () => vite.close(),
  };
}
