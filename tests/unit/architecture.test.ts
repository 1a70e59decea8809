import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow } from '../../src/tooling/file-list.mjs';
import { root } from '../../src/tooling/paths.mjs';

const rows = [
  ...[['protocol'], ['kernel', 'network', 'chain', 'store'], ['encoding'], ['transfer']],
  ...[
    ['workers'],
    ['flows'],
    ['index.ts'],
    ['engine'],
    ['presentation'],
    ['app', 'widget', 'gateway', 'dev-wallet', 'devnet'],
  ],
];
/** Where a package may be imported; `*` stands for anything with that beginning. */
const homes: Record<string, string[]> = {
  '@noble/*': ['protocol', 'chain', 'devnet'],
  '@mysten/bcs': ['protocol', 'chain', 'devnet'],
  '@mysten/sui/*': ['chain', 'dev-wallet', 'devnet'],
  '@mysten/dapp-kit-core': ['app'],
  '@mysten/wallet-standard': ['dev-wallet'],
  'node:*': ['devnet'],
  comlink: ['workers', 'engine'],
  idb: ['store'],
  '@internationalized/*': ['presentation', 'app'],
  qr: ['presentation'],
  'qr/*': ['presentation'],
  'react*': ['app'],
  'lucide-react/icons/*': ['app'],
  wouter: ['app'],
  'wouter/*': ['app'],
  'virtual:kernel-*': ['kernel'],
  'virtual:sliver-worker': ['devnet'],
  'virtual:codec-worker': ['devnet'],
  'virtual:messages/*': ['presentation', 'app'],
};
const topLevel =
  /^(package(-lock)?\.json|tsconfig\.json|vite\.config\.ts|src|asm|public|tests|README\.md|CHANGELOG\.md|LICENSE|\..+|node_modules|dist)$/;
const banned =
  /\bAbortSignal\.timeout\b|\bMath\.random\b|\bWebAssembly\.(compile|instantiate)|\bnew (Shared)?Worker\b/;

const text = (path: string) => readFileSync(join(root, path), 'utf8');
const isDoorList = (o: { linter: { rules: { style?: { noRestrictedGlobals?: unknown } } } }) =>
  o.linter.rules.style?.noRestrictedGlobals === 'off';
const doors: string[] = JSON.parse(text('.biome.json')).overrides.find(isDoorList).includes;
const glob = (pattern: string) =>
  new RegExp(
    `^${pattern.replaceAll('.', '\\.').replaceAll('**/', '.+/').replaceAll('/*', '/[^/]*')}$`,
  );
const isDoor = (path: string) => doors.some((pattern) => glob(pattern).test(path));
const sources = filesBelow(join(root, 'src'))
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('tooling/'))
  .map((path) => ({ path, folder: path.split('/')[0] ?? '', text: text(`src/${path}`) }));
const imports = sources.flatMap(({ path, folder, text }) =>
  [...text.matchAll(/(?:\bfrom|\bimport\(?)\s*'([^']+)'/g)].map(([, to = '']) => ({
    path,
    folder,
    to,
  })),
);
const rowOf = (folder: string) => rows.findIndex((row) => row.includes(folder));
const matches = (name: string, pattern: string) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

test('a folder imports only from itself and from lower rows', () => {
  const wrong = imports.filter(({ path, folder, to }) => {
    const target = posix.join(posix.dirname(path), to).split('/')[0] ?? '';
    return (
      to.startsWith('.') &&
      target !== folder &&
      !(rowOf(folder) > rowOf(target) && rowOf(target) >= 0)
    );
  });
  expect(wrong).toEqual([]);
});

test('a package is imported only in its home', () => {
  const isAtHome = (folder: string, to: string) =>
    Object.entries(homes).some(([name, at]) => matches(to, name) && at.includes(folder));
  expect(imports.filter(({ folder, to }) => !to.startsWith('.') && !isAtHome(folder, to))).toEqual(
    [],
  );
});

test('time, chance, compilers and workers enter through doors only', () => {
  const code = (source: string) => source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  const wrong = sources.filter(
    ({ path, text }) => banned.test(code(text)) && !isDoor(`src/${path}`),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('only presentation/format.ts uses Intl, and every folder has a row', () => {
  const intl = sources.filter(({ text }) => /\bIntl\.\w+\(/.test(text)).map(({ path }) => path);
  expect(intl.filter((path) => path !== 'presentation/format.ts')).toEqual([]);
  expect(sources.filter(({ folder }) => rowOf(folder) < 0 && !folder.endsWith('.d.ts'))).toEqual(
    [],
  );
});

test('the top level holds what it must hold, files are short and the project stands alone', () => {
  expect(readdirSync(root).filter((name) => !topLevel.test(name))).toEqual([]);
  const lengths = sources.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
  expect(lengths[lengths.length >> 1]).toBeLessThan(150);
  const outside = `../${'shared'}`;
  const written = ['src', 'asm', 'public']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => filesBelow(join(root, folder)).map((path) => `${folder}/${path}`));
  expect([...written, 'README.md'].filter((path) => text(path).includes(outside))).toEqual([]);
});
