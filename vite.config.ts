import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { type BrowserName, findBrowser, launchOptions } from './src/tooling/browser.mjs';
import { cspPlugin } from './src/tooling/csp.mjs';
import { fileListPlugin } from './src/tooling/file-list.mjs';

const here = import.meta.dirname;
const app = join(here, 'src/app');
const site = join(here, 'dist/app');
const underTest = process.env['VITEST'] !== undefined;

async function optionalPlugin(file: string, name: string): Promise<Plugin[]> {
  const path = join(here, 'src/tooling', file);
  if (!existsSync(path)) return [];
  const module = await import(pathToFileURL(path).href);
  return [module[name]()].flat();
}

const pages = existsSync(app)
  ? readdirSync(app)
      .filter((name) => name.endsWith('.html'))
      .map((name) => join(app, name))
  : [];

function browserInstances() {
  const names: BrowserName[] = ['chromium'];
  if (process.env['HAULOUT_FIREFOX'] === '1') names.push('firefox');
  return names.map((name) => ({
    browser: name,
    provider: playwright({ launchOptions: launchOptions(name, findBrowser(name)) }),
  }));
}

export default defineConfig(async () => ({
  root: underTest ? here : app,
  publicDir: join(here, 'public'),
  // Relative, so that the built site works under any path of any static host.
  base: './',
  cacheDir: join(here, 'node_modules/.vite'),
  plugins: [
    react(),
    optimizeLocales.vite({ locales: ['en-US'] }),
    await optionalPlugin('kernel.mjs', 'kernelPlugin'),
    await optionalPlugin('messages.mjs', 'messagesPlugin'),
    await optionalPlugin('shell.mjs', 'shellPlugin'),
    cspPlugin(),
    fileListPlugin(site),
  ],
  worker: {
    format: 'es' as const,
    plugins: () => [optionalPlugin('kernel.mjs', 'kernelPlugin')],
  },
  build: {
    outDir: site,
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // A data: address would need a wider policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: pages },
  },
  server: { host: '127.0.0.1' },
  test: {
    projects: [
      {
        extends: true as const,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/{unit,conformance,fuzz}/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true as const,
        optimizeDeps: {
          include: ['comlink', 'idb', '@mysten/bcs', '@noble/hashes/blake2.js'],
        },
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: browserInstances(),
          },
        },
      },
    ],
  },
}));
