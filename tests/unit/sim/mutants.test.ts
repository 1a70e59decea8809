import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { editsOf, MUTANTS } from '../../sim/mutants.mjs';

it.each(MUTANTS.flatMap((mutant) => editsOf(mutant).map((edit) => [mutant.name, edit] as const)))(
  'the place of a mutant is there once: %s',
  (_, { file, from }) => {
    const code = readFileSync(new URL(`../../../src/${file}`, import.meta.url), 'utf8');
    expect(code.split(from)).toHaveLength(2);
  },
);
