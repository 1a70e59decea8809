import { expect, test } from 'vitest';
import { shellPlugin } from '../../../src/tooling/shell.mjs';

interface Emitted {
  fileName: string;
  source: string;
}

/** The pages that a build with this base emits besides `index.html`. */
function pages(base: string): Record<string, string> {
  const source = '<link href="./assets/a.css"><script src="./assets/a.js"></script>';
  const emitted: Emitted[] = [];
  const plugin = shellPlugin(base) as unknown as {
    generateBundle: { handler(this: object, options: object, bundle: object): void };
  };
  plugin.generateBundle.handler.call(
    { emitFile: (file: Emitted) => emitted.push(file) },
    {},
    { 'index.html': { type: 'asset', source } },
  );
  return Object.fromEntries(emitted.map(({ fileName, source }) => [fileName, source]));
}

test('places count their addresses from where they are, whatever the base', () => {
  for (const base of ['/', '/haulout/']) {
    expect(pages(base)['settings.html']).toContain('href="assets/a.css"');
    expect(pages(base)['open/compare.html']).toContain('src="../assets/a.js"');
  }
});

test('the page for unknown addresses counts them from the base', () => {
  expect(pages('/')['404.html']).toContain('src="/assets/a.js"');
  expect(pages('/haulout/')['404.html']).toContain('href="/haulout/assets/a.css"');
});
