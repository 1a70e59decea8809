import './src/tooling/node-20.mjs';
import { join } from 'node:path';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { type BrowserName, findBrowser, launchOptions } from './src/tooling/browser.mjs';
import { cspPlugin } from './src/tooling/csp.mjs';
import { fileListPlugin } from './src/tooling/file-list.mjs';
import { gatewayPlugin } from './src/tooling/gateway.mjs';
import { kernelPlugin } from './src/tooling/kernel.mjs';
import { layersPlugin } from './src/tooling/layers.mjs';
import { messagesPlugin } from './src/tooling/messages.mjs';
import { shellPlugin } from './src/tooling/shell.mjs';
import { sliverWorkerPlugin } from './src/tooling/sliver-worker.mjs';
import { echoPlugin } from './tests/support/echo-plugin.mjs';

const here = import.meta.dirname;
const app = join(here, 'src/app');
// Compiling the kernel takes a while, and that is known.
const checks = { pluginTimings: false };
const soak = process.env['HAULOUT_SOAK'] === '1';
const underTest = process.env['VITEST'] !== undefined;

async function browserInstances() {
  // Not at the top: to load it takes longer than all the rest of the configuration, and a build has no use for it.
  const { playwright } = await import('@vitest/browser-playwright');
  const names: BrowserName[] = ['chromium'];
  if (process.env['HAULOUT_FIREFOX'] === '1') names.push('firefox');
  return names.map((name) => ({
    browser: name,
    provider: playwright({ launchOptions: launchOptions(name, findBrowser(name)) }),
    provide: { soak, everyCase: soak || name === 'chromium' },
  }));
}

// They change what all of a process sees, or measure it.
const alone = [
  'tests/unit/{disk,sim,store,tooling,workers}/**/*.test.ts',
  'tests/fuzz/**/*.test.ts',
];
const inNode = {
  environment: 'node',
  testTimeout: soak ? 3_600_000 : 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  root: underTest ? here : app,
  publicDir: join(here, 'public'),
  // Relative, so that the built site works under any path of any static host.
  base: './',
  cacheDir: join(here, 'node_modules/.vite'),
  plugins: [
    react(),
    optimizeLocales.vite({ locales: ['en-US'] }),
    kernelPlugin(),
    sliverWorkerPlugin(),
    messagesPlugin((key) => underTest || !/^(devWallet|gateway)\./.test(key)),
    shellPlugin(process.env['HAULOUT_BASE'] ?? '/'),
    layersPlugin(),
    cspPlugin(),
    gatewayPlugin(),
    fileListPlugin(),
  ],
  worker: {
    format: 'es',
    plugins: () => [kernelPlugin()],
    rolldownOptions: { checks },
  },
  build: {
    outDir: join(here, 'dist/app'),
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // A data: address would need a wider policy than 'self'.
    assetsInlineLimit: 0,
    // One small file: with several, the first that is loaded would decide the order of the layers.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What counts is the first screen as it is sent; `npm run build` holds it to a bound.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { checks },
  },
  server: { host: '127.0.0.1' },
  test: {
    // All processors: by default one is left idle, which on two of them doubles the time.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          ...inNode,
          name: 'unit',
          include: ['tests/{unit,conformance,interop}/**/*.test.ts'],
          exclude: alone,
          // On a build machine one more try, which is named at the end of the run.
          retry: process.env['CI'] === 'true' ? 1 : 0,
          // One process for many files: most of their time would go into loading kernel, signatures and codecs again.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { ...inNode, name: 'unit-alone', include: alone },
      },
      {
        extends: true,
        plugins: [echoPlugin()],
        optimizeDeps: {
          include: [
            ...['comlink', 'idb', '@mysten/bcs', '@noble/curves/nist.js'],
            ...['blake2', 'sha2', 'utils'].map((name) => `@noble/hashes/${name}.js`),
          ],
        },
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: underTest ? await browserInstances() : [],
          },
        },
      },
    ],
  },
});
