import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  parse,
  wcagContrast,
} from 'culori';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../src/presentation/tokens.css'), 'utf8');

type Theme = 'light' | 'dark';
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
);

function colour(name: string, theme: Theme): string {
  const found = tokens.get(name)?.[theme];
  if (found === undefined) throw new Error(`no token ${name}`);
  return found;
}

const GROUNDS = ['canvas', 'surface', 'sunken', 'raised'];
/** Lowest contrast of a token over every ground it may lie on. */
const BOUNDS: [token: string, bound: number, grounds?: string[]][] = [
  ['ink', 7],
  ['ink-2', 7],
  ['ink-3', 4.5],
  ['accent', 4.5],
  ['ok', 4.5],
  ['warn', 4.5],
  ['bad', 4.5],
  ['control', 3],
  ['focus', 3],
  ['data-done', 3],
  ['data-move', 3],
  ['data-wait', 3],
  ['data-trouble', 3],
  ['on-accent', 4.5, ['accent', 'accent-hover']],
  ['accent-ink', 4.5, ['accent-soft']],
  ['ok-ink', 4.5, ['ok-soft']],
  ['warn-ink', 4.5, ['warn-soft']],
  ['bad-ink', 4.5, ['bad-soft']],
];

describe.each<Theme>(['light', 'dark'])('%s tokens', (theme) => {
  it.each(BOUNDS)('%s keeps a contrast of %d', (token, bound, grounds = GROUNDS) => {
    for (const ground of grounds) {
      const contrast = wcagContrast(colour(token, theme), colour(ground, theme));
      expect(contrast, `${token} on ${ground}`).toBeGreaterThanOrEqual(bound);
    }
  });

  it('tells finished from moving cells also without red and green', () => {
    const difference = differenceCiede2000();
    const pair = ['data-done', 'data-move'].map((name) => parse(colour(name, theme)));
    for (const see of [filterDeficiencyProt(1), filterDeficiencyDeuter(1)]) {
      const [done, move] = pair.map((shade) => shade && see(shade));
      expect(done && move && difference(done, move)).toBeGreaterThanOrEqual(18);
    }
  });

  it('lets read cells stand out from empty ones and from finished ones', () => {
    const read = colour('data-read', theme);
    for (const other of ['sunken', 'data-done', 'data-move']) {
      expect(wcagContrast(read, colour(other, theme)), other).toBeGreaterThanOrEqual(1.4);
    }
  });
});

it('has a value for forced colours for each colour', () => {
  const forced = css.slice(css.indexOf('forced-colors'));
  const missing = [...tokens.keys()].filter((name) => !forced.includes(`--${name}:`));
  expect(missing).toEqual([]);
});
