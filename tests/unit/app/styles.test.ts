import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const app = join(import.meta.dirname, '../../../src/app');
const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).map((name) =>
  join(app, name),
);

/** Local class names that a component asks for, by the variable that holds its style module. */
function usesOf(path: string): { module: string; names: string[] }[] {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(/import (\w+) from '([^']+\.module\.css)'/g)];
  return imports.map(([, variable = '', address = '']) => {
    const reader = text.match(new RegExp(`const (\\w+) = classesOf\\(${variable}\\)`))?.[1] ?? '';
    const calls = text.matchAll(new RegExp(`\\b${reader}\\(([^()]+)\\)`, 'g'));
    const names = [...calls].flatMap(([, argument = '']) =>
      [...argument.matchAll(/'(\w+)'/g)].map(([, name = '']) => name),
    );
    return { module: join(dirname(path), address), names };
  });
}

const uses = files.filter((path) => path.endsWith('.tsx')).flatMap(usesOf);

/** Whether a line sets all four sides, and not the same to the left and to the right. */
function isOneSided(line: string): boolean {
  const [, values = ''] = /^\s*(?:margin|padding|inset): (.+);$/.exec(line) ?? [];
  const [, right, , left] = values.match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
  return left !== undefined && right !== left;
}

describe('style modules', () => {
  it('hold every class that a component asks for', () => {
    const missing = uses.flatMap(({ module, names }) => {
      const css = readFileSync(module, 'utf8');
      return names
        .filter((name) => !css.includes(`.${name}`))
        .map((name) => `${name} in ${module}`);
    });
    expect(uses.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it('set no physical sides where a logical one exists', () => {
    const isPhysical = (line: string) => /^\s*(margin|padding)-(left|right|top|bottom):/.test(line);
    const physical = files
      .filter((path) => path.endsWith('.css'))
      .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
      .filter((line) => isPhysical(line) || isOneSided(line));
    expect(physical).toEqual([]);
  });
});
