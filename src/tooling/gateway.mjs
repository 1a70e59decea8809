import { join } from 'node:path';
import { kernelPlugin } from './kernel.mjs';
import { messagesPlugin } from './messages.mjs';
import { root } from './paths.mjs';

/** What the service worker says. @param {string} key */
const isSaid = (key) => /^gateway\.|^error\.(aFile$|.*\.happened)/.test(key);

/** Service workers have no workers of their own: the addresses of those scripts are left out. */
function noWorkersPlugin() {
  const none = '\0no-worker';
  return {
    name: 'haulout-no-workers',
    enforce: /** @type {const} */ ('pre'),
    /** @param {string} id */
    resolveId: (id) => (id.endsWith('?worker&url') ? none : undefined),
    /** @param {string} id */
    load: (id) => (id === none ? "export default '';" : undefined),
  };
}

/** One classic script without imports, which a service worker may not make later. @returns {Promise<string>} */
async function bundle() {
  const { build } = await import('vite');
  const result = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    plugins: [noWorkersPlugin(), kernelPlugin(), messagesPlugin(isSaid)],
    // A script that is no module has no address of its own; the bundler asks for a way to make addresses of it.
    define: { 'import.meta.url': 'self.location.href', 'import.meta.resolve': 'undefined' },
    build: {
      write: false,
      target: ['chrome123', 'firefox128', 'safari17.5'],
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(root, 'src/gateway/sw.ts'),
        checks: { pluginTimings: false },
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const outputs = [result].flat().flatMap((each) => ('output' in each ? each.output : []));
  const [script, ...others] = outputs;
  if (script?.type !== 'chunk' || others.length > 0) throw new Error('sw.js is not one script');
  return script.code;
}

/**
 * The service worker, `sw.js` beside the app's first page.
 *
 * @returns {import('vite').Plugin}
 */
export function gatewayPlugin() {
  return {
    name: 'haulout-gateway',
    apply: 'build',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: await bundle() });
    },
  };
}
