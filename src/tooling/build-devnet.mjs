/** Builds the local network for Node: dist/devnet/main.js with all that it needs. */
import { join } from 'node:path';
import { build } from 'vite';
import { kernelPlugin } from './kernel.mjs';
import { devnetFolder, root } from './paths.mjs';
import { sliverWorkerPlugin } from './sliver-worker.mjs';
import { isFresh, markFresh, sourcesHash } from './sources.mjs';

/** Builds it unless the result of an earlier build still holds. */
export async function buildDevnetIfChanged() {
  if (isFresh(devnetFolder)) return;
  const hash = sourcesHash();
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [kernelPlugin(), sliverWorkerPlugin()],
    build: {
      ssr: join(root, 'src/devnet/main.ts'),
      outDir: devnetFolder,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: { checks: { pluginTimings: false } },
    },
    ssr: { noExternal: true },
  });
  markFresh(devnetFolder, hash);
}

/** @returns {Promise<typeof import('../devnet/main.ts')>} */
export async function loadDevnet() {
  await buildDevnetIfChanged();
  return import(join(devnetFolder, 'main.js'));
}
