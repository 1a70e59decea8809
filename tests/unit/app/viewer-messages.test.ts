import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import viewer from 'virtual:messages/viewer/en';
import { expect, it } from 'vitest';
import { formatsFor } from '../../../src/presentation/format.ts';
import catalog from '../../../src/presentation/messages/en.json' with { type: 'json' };
import { createSay, type Message } from '../../../src/presentation/messages.ts';
import { readingSentence } from '../../../src/presentation/sentence.ts';
import { ERROR_CODES, HauloutError } from '../../../src/protocol/errors.ts';
import { VIEWER_LACKS } from '../../../src/tooling/messages.mjs';
import { EXAMPLES } from '../../support/error-examples.ts';

const app = join(import.meta.dirname, '../../../src/app');

/** Every file of ours that a page may load that starts with this one. */
function filesFrom(start: string): string[] {
  const files = [start];
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, to = ''] of text.matchAll(/(?:\bfrom|\bimport\(?)\s*'(\.[^']+\.tsx?)'/g)) {
      const path = join(file, '..', to);
      if (existsSync(path) && !files.includes(path)) files.push(path);
    }
  }
  return files;
}

it('a page that only shows a blob has every message that it may say', () => {
  const files = filesFrom(join(app, 'viewer/viewer-main.tsx'));
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const families = [...text.matchAll(/`([\w.]+\.)\$\{/g)].map(([, begin = '']) => begin);
  const said = Object.keys(catalog).filter(
    (key) => text.includes(`'${key}'`) || families.some((begin) => key.startsWith(begin)),
  );
  expect(said.length).toBeGreaterThan(100);
  const isOfStoring = (key: string) => VIEWER_LACKS.some((begin) => key.startsWith(begin));
  expect(said.filter((key) => !(key in viewer) && !isOfStoring(key))).toEqual([]);
});

it.each(ERROR_CODES)('it has words for %s', (code) => {
  const error = new HauloutError(code, EXAMPLES[code]);
  const say = createSay('en-US', viewer);
  for (const { key, values } of Object.values(
    readingSentence(error, formatsFor('en-US'), say),
  ) as Message[]) {
    expect(key in viewer).toBe(true);
    expect(say(key, values)).not.toBe('');
  }
});
