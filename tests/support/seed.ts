import { execFileSync } from 'node:child_process';

/** Whether the long counts of property and fuzz tests are wanted. */
export const SOAK = process.env['HAULOUT_SOAK'] === '1';

/**
 * What chance starts from: the environment to repeat a run, else the clock in a soak and the commit
 * otherwise, so that a failure in automation can be seen again.
 */
export const SEED = Number(process.env['HAULOUT_SEED'] ?? (SOAK ? clock() : commit()));

function clock(): number {
  return Date.now() % 0x7fffffff;
}

function commit(): number {
  try {
    const hash = execFileSync('git', ['rev-parse', 'HEAD'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number.parseInt(hash.toString().slice(0, 7), 16);
  } catch {
    return 1; // a copy without history
  }
}
