import { join } from 'node:path';
import { root } from './paths.mjs';

/** Programs of the local network's threads. */
const entries = new Map([
  ['virtual:sliver-worker', join(root, 'src/devnet/verify/sliver-worker.ts')],
  ['virtual:codec-worker', join(root, 'src/devnet/codec-worker.ts')],
]);
/** @type {Map<string, Promise<string>>} */
const bundled = new Map();

/**
 * Bundles a program into one script that Node can run from a string.
 *
 * @param {string} entry
 */
async function bundle(entry) {
  const { build } = await import('vite');
  const result = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      ssr: entry,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        checks: { pluginTimings: false },
        output: { format: 'cjs', codeSplitting: false },
      },
    },
    ssr: { noExternal: true },
  });
  const outputs = [result].flat().flatMap((each) => ('output' in each ? each.output : []));
  const [chunk] = outputs.filter((each) => each.type === 'chunk');
  if (chunk === undefined) throw new Error(`${entry} was not bundled`);
  return chunk.code;
}

/** Vite plugin: `virtual:sliver-worker` and `virtual:codec-worker` export those scripts. */
export function sliverWorkerPlugin() {
  return {
    name: 'haulout-sliver-worker',
    /** @param {string} wanted */
    resolveId: (wanted) => (entries.has(wanted) ? `\0${wanted}` : undefined),
    /** @param {string} wanted */
    async load(wanted) {
      const entry = wanted.startsWith('\0') ? entries.get(wanted.slice(1)) : undefined;
      if (entry === undefined) return undefined;
      const code = bundled.get(entry) ?? bundle(entry);
      bundled.set(entry, code);
      return `export default ${JSON.stringify(await code)};`;
    },
  };
}
