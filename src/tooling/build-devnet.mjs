/** Builds the local network for Node: dist/devnet/main.js with all that it needs but the kernel. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildKernel } from './kernel.mjs';
import { devnetFolder, root } from './paths.mjs';
import { sliverWorkerPlugin } from './sliver-worker.mjs';
import { isFresh, markFresh, sourcesHash } from './sources.mjs';

/** Builds it unless the result of an earlier build still holds. */
export async function buildDevnetIfChanged() {
  if (isFresh(devnetFolder)) return;
  const hash = sourcesHash();
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [sliverWorkerPlugin()],
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

/** Builds what changed; the kernel while the network starts. */
export async function loadDevnet() {
  const kernel = buildKernel();
  kernel.catch(() => undefined); // whoever starts a network hears of it
  await buildDevnetIfChanged();
  /** @type {typeof import('../devnet/main.ts')} */
  const { startFrom, sentenceOf } = await import(join(devnetFolder, 'main.js'));
  return {
    sentenceOf,
    /** @param {readonly string[]} words */
    startFrom: (words) =>
      startFrom(words, async (engine) =>
        WebAssembly.compile(await readFile((await kernel)[engine])),
      ),
  };
}
