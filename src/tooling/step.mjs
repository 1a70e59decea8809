/** Runs the steps of `check` and `test`: one line each with its time; the output is shown when a step fails. */
import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * @typedef {object} StepResult
 * @property {boolean} ok
 * @property {string} output
 */

/** @param {number} begin from `performance.now()` */
const seconds = (begin) => `${((performance.now() - begin) / 1000).toFixed(1)} s`;

/**
 * Runs a piece of work and prints how it went.
 *
 * @param {string} name
 * @param {() => Promise<StepResult>} work
 * @returns {Promise<boolean>} whether it went well
 */
export async function step(name, work) {
  const begin = performance.now();
  console.log(`… ${name}`);
  /** @type {StepResult} */
  const { ok, output } = await work().catch((error) => ({
    ok: false,
    output: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }));
  if (!ok) console.log(output.trimEnd());
  console.log(`${ok ? '✓' : '✗'} ${name} (${seconds(begin)})`);
  return ok;
}

/**
 * Runs a Node script in a process of its own.
 *
 * @param {string} script
 * @param {string[]} words
 * @param {Record<string, string>} [env] added to this process's
 * @returns {Promise<StepResult>}
 */
export function node(script, words, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...words], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('close', (code) =>
      resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }),
    );
  });
}
