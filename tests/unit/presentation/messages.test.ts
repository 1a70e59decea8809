import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mirrored from 'virtual:messages/ar-XB';
import english from 'virtual:messages/en';
import lengthened from 'virtual:messages/en-XA';
import { describe, expect, it } from 'vitest';
import catalog from '../../../src/presentation/messages/en.json' with { type: 'json' };
import { createSay } from '../../../src/presentation/messages.ts';

const source = join(import.meta.dirname, '../../../src');
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /^(app|dev-wallet|gateway|presentation)\/.*\.tsx?$/.test(name))
  .map((name) => readFileSync(join(source, name), 'utf8'))
  .join('\n');

describe('the catalog', () => {
  it('has a note for translators with every message', () => {
    for (const [key, { text, note }] of Object.entries(catalog)) {
      expect(text.length, key).toBeGreaterThan(0);
      expect(note.length, key).toBeGreaterThan(0);
    }
  });

  it('holds no message that nothing says', () => {
    // Keys that end in a state or a code are made of it, and checked by the compiler.
    const families = [...code.matchAll(/`([\w.]+)\.\$\{/g)].map(([, family]) => `${family}.`);
    const unused = Object.keys(catalog).filter(
      (key) => !families.some((family) => key.startsWith(family)) && !code.includes(`'${key}'`),
    );
    expect(unused).toEqual([]);
  });

  it('keeps to the words that the page may use', () => {
    for (const [key, { text }] of Object.entries(catalog)) {
      expect(text, key).not.toMatch(
        /\b(invalid|illegal|mint|pin|forever|failed to|sorry|please)\b/i,
      );
      expect(text, key).not.toContain('!');
    }
  });

  it('counts in words', () => {
    const say = createSay('en-US', english);
    expect(say('batch.title', { n: 1, size: '3 MB' })).toBe('1 file, 3 MB');
    expect(say('batch.title', { n: 3000, size: '3 MB' })).toBe('3,000 files, 3 MB');
  });
});

describe('invented languages', () => {
  it('have every message, longer and accented', () => {
    const say = createSay('en-US', lengthened);
    expect(Object.keys(lengthened)).toEqual(Object.keys(english));
    expect(say('drop.choose')).toMatch(/^Çĥööšé fîļéš~+$/);
    expect(say('batch.title', { n: 2, size: 'X' })).toMatch(/^2 fîļéš~*, X$/);
  });

  it('turn each word round for right to left, and leave values alone', () => {
    const say = createSay('ar', mirrored);
    expect(say('drop.choose')).toBe('\u202eChoose\u202c \u202efiles\u202c');
    expect(say('app.titleProgress', { percent: '41 %' })).toContain('41 %');
  });
});
