/** Builds the bench page, serves it and opens it in a browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, firefox } from 'playwright';
import { build } from 'vite';
import { ensureBrowser, launchOptions } from '../../src/tooling/browser.mjs';
import { kernelPlugin } from '../../src/tooling/kernel.mjs';
import { root } from '../../src/tooling/paths.mjs';
import { serve } from '../../src/tooling/static-server.mjs';

const folder = join(root, '.cache/bench');

export async function buildPage() {
  const checks = { pluginTimings: false };
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'page'),
    base: './',
    publicDir: false,
    logLevel: 'warn',
    plugins: [kernelPlugin()],
    worker: { format: 'es', plugins: () => [kernelPlugin()], rolldownOptions: { checks } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: { checks },
    },
  });
}

/**
 * @param {import('../../src/tooling/browser.mjs').BrowserName} name
 * @param {(line: string) => void} log
 */
export async function openPage(name, log) {
  const path = await ensureBrowser(name, log);
  const server = await serve({ folder });
  // A profile of its own: in a private window the browser keeps a page's files in memory.
  const profile = mkdtempSync(join(tmpdir(), 'haulout-profile-'));
  const context = await { chromium, firefox }[name].launchPersistentContext(
    name === 'firefox' ? '' : profile,
    launchOptions(name, path),
  );
  const page = await context.newPage();
  page.on('pageerror', (error) => log(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') log(`console error: ${message.text()}`);
  });
  await page.goto(server.url);
  await page.waitForFunction(() => 'bench' in globalThis);
  return {
    page,
    async close() {
      await context.close();
      await server.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
