/** `npm run check [-- --fix]`: format, lint, types and the rules of the architecture. */
import { programs } from './paths.mjs';
import { node, step } from './step.mjs';

const fix = process.argv.includes('--fix') ? ['--write'] : [];

/** @returns {Promise<boolean>} */
export const checkStyle = () =>
  step('format and lint', () =>
    node(programs.biome, ['check', '--error-on-warnings', '--colors=off', ...fix]),
  );

/** @returns {Promise<boolean>} */
export const checkTypes = () =>
  step('types', () => node(programs.tsc, ['-b', '--pretty', 'false']));

if (process.argv[1] === import.meta.filename) {
  const results = [
    await checkStyle(),
    await checkTypes(),
    await step('architecture', () =>
      node(programs.vitest, ['run', '--project', 'unit', 'tests/unit/architecture.test.ts']),
    ),
  ];
  process.exitCode = results.every(Boolean) ? 0 : 1;
}
