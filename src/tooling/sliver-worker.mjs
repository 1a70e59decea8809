import { join } from 'node:path';
import { root } from './paths.mjs';

const entry = join(root, 'src/devnet/verify/sliver-worker.ts');
/** @type {Promise<string> | undefined} */
let bundled;

/** Bundles the program of the local network's threads into one script that Node can run from a string. */
async function bundle() {
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
  if (chunk === undefined) throw new Error('the program of the threads was not bundled');
  return chunk.code;
}

/** Vite plugin: `virtual:sliver-worker` exports that script. */
export function sliverWorkerPlugin() {
  const id = 'virtual:sliver-worker';
  return {
    name: 'haulout-sliver-worker',
    /** @param {string} wanted */
    resolveId: (wanted) => (wanted === id ? `\0${id}` : undefined),
    /** @param {string} wanted */
    async load(wanted) {
      if (wanted !== `\0${id}`) return undefined;
      bundled ??= bundle();
      return `export default ${JSON.stringify(await bundled)};`;
    },
  };
}
