import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { libraryFolder, programs, root, typesFolder } from './paths.mjs';
import { node } from './step.mjs';

/**
 * Builds the library: `index.js` (one ES module with its lazily loaded parts), the worker beside it, and types.
 *
 * @param {string} [folder]
 * @throws Error if the bundler or the compiler finds a fault
 */
export async function buildLibrary(folder = libraryFolder) {
  const { build } = await import('vite');
  const { kernelPlugin } = await import('./kernel.mjs');
  const checks = { pluginTimings: false };
  const names = { chunkFileNames: 'chunks/[name].js', assetFileNames: '[name][extname]' };
  await build({
    configFile: false,
    root,
    base: './',
    publicDir: false,
    logLevel: 'warn',
    plugins: [kernelPlugin()],
    worker: {
      format: 'es',
      plugins: () => [kernelPlugin()],
      rolldownOptions: { checks, output: { ...names, entryFileNames: '[name].js' } },
    },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      minify: true,
      reportCompressedSize: false,
      lib: { entry: join(root, 'src/index.ts'), formats: ['es'], fileName: 'index' },
      rolldownOptions: { checks, output: names },
    },
  });
  await copyTypes(folder);
}

/**
 * Copies the declarations that `index.d.ts` reaches; imports name `.js` files, as those of the bundle's users do.
 *
 * @param {string} folder
 */
async function copyTypes(folder) {
  rmSync(typesFolder, { recursive: true, force: true });
  const { ok, output } = await node(programs.tsc, [
    ...['-p', 'src/tsconfig.threads.json', '--outDir', typesFolder],
    ...['--composite', 'false', '--incremental', 'false', '--tsBuildInfoFile', 'null'],
    ...['--declaration', '--emitDeclarationOnly'],
  ]);
  if (!ok) throw new Error(output);
  const done = new Set();
  const waiting = ['index.d.ts'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const source = join(typesFolder, path);
    const text = readFileSync(source, 'utf8');
    for (const [, specifier = ''] of text.matchAll(/['"](\.{1,2}\/[^'"]+)\.ts['"]/g)) {
      const target = join(dirname(source), `${specifier}.d.ts`);
      if (existsSync(target)) waiting.push(relative(typesFolder, target));
    }
    const copy = join(folder, path);
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text.replace(/(['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'));
  }
}
