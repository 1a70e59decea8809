/** `npm run fuzz -- [--seconds N]`: feeds the parsers and every port of the local network with broken input. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { programs, root } from '../../src/tooling/paths.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const seconds = Number(values.seconds);
if (!Number.isFinite(seconds) || seconds < 1) {
  console.error('--seconds is not a number');
  process.exit(2);
}
const words = [
  'run',
  '--project',
  'unit-alone',
  `--testTimeout=${(seconds + 120) * 1_000}`,
  'tests/fuzz',
];
const child = spawn(process.execPath, [programs.vitest, ...words], {
  cwd: root,
  env: { ...process.env, HAULOUT_FUZZ_SECONDS: String(seconds) },
  stdio: 'inherit',
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
