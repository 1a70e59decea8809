import { expect, test } from 'vitest';
import { shellPlugin } from '../../../src/tooling/shell.mjs';

interface Emitted {
  fileName: string;
  source: string;
}

/** The pages that a build with this base emits besides `index.html`. */
function pages(base: string, chunks: object = {}): Record<string, string> {
  const source = '<head><link href="./assets/a.css"><script src="./assets/a.js"></script></head>';
  const emitted: Emitted[] = [];
  const page = { type: 'asset', source };
  const plugin = shellPlugin(base) as unknown as {
    generateBundle: { handler(this: object, options: object, bundle: object): void };
  };
  plugin.generateBundle.handler.call(
    { emitFile: (file: Emitted) => emitted.push(file) },
    {},
    { ...chunks, 'index.html': page },
  );
  return Object.fromEntries(
    [...emitted, { fileName: 'index.html', source: page.source }].map(({ fileName, source }) => [
      fileName,
      source,
    ]),
  );
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

test('a page names the scripts of what it starts, and none that it does without', () => {
  const chunk = (fileName: string, module: string, imports: string[] = []) => ({
    [fileName]: { type: 'chunk', fileName, facadeModuleId: `/x/src/app/${module}`, imports },
  });
  const built = pages('/haulout/', {
    ...chunk('assets/a.js', 'main.ts'),
    ...chunk('assets/app.js', 'whole-app.tsx', ['assets/a.js', 'assets/both.js', 'assets/pay.js']),
    ...chunk('assets/viewer.js', 'viewer/viewer-main.tsx', ['assets/both.js']),
    ...chunk('assets/both.js', 'both.ts', ['assets/deep.js']),
    ...chunk('assets/deep.js', 'deep.ts'),
    ...chunk('assets/pay.js', 'pay.ts'),
  });
  const named = (page: string) =>
    [...(built[page] ?? '').matchAll(/<script type="module" crossorigin src="([^"]+)"/g)].map(
      ([, path]) => path,
    );
  expect(named('index.html')).toEqual(
    ['app', 'both', 'deep', 'pay'].map((name) => `./assets/${name}.js`),
  );
  expect(named('open/compare.html')[0]).toBe('../assets/app.js');
  expect(named('404.html')).toEqual(
    ['viewer', 'both', 'deep'].map((name) => `/haulout/assets/${name}.js`),
  );
});
