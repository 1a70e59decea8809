/** Large files on disk, and the memory of all processes of a browser. */
import { createCipheriv } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, memoryOf } from './process-memory.mjs';

const MiB = 1 << 20;
const sampleMs = 250;

/**
 * Writes bytes that are the same on every run: AES-CTR over zeros with a fixed key.
 *
 * @param {string} path
 * @param {number} bytes a multiple of 16 MiB
 */
export async function writeLargeFile(path, bytes) {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
  const zeros = Buffer.alloc(16 * MiB);
  const file = await open(path, 'w');
  for (let done = 0; done < bytes; done += zeros.length) await file.write(cipher.update(zeros));
  await file.sync(); // a person's file is at rest: its own writing is no part of what is measured
  await file.close();
}

/** @typedef {{ total: number, parts: Record<string, number> }} Memory in bytes */

/**
 * Memory of the browser that this process started.
 *
 * @param {ReadonlySet<number>} [others] processes that it started for something else
 * @returns {Memory}
 */
export function memory(others = new Set()) {
  const parts = memoryOf(descendants(process.pid).filter((pid) => !others.has(pid)));
  return { total: Object.values(parts).reduce((sum, part) => sum + part, 0), parts };
}

/**
 * Watches the memory while `work` runs.
 *
 * @param {Promise<unknown>} work
 * @param {ReadonlySet<number>} [others] see `memory`
 * @returns {Promise<Memory>} the sample with the highest total
 */
export async function peakMemory(work, others) {
  return highest(await memoryWhile(work, others));
}

/**
 * Samples of the memory while `work` runs, one at least.
 *
 * @param {Promise<unknown>} work
 * @param {ReadonlySet<number>} [others] see `memory`
 * @returns {Promise<Memory[]>}
 */
export async function memoryWhile(work, others) {
  const samples = [memory(others)];
  let running = true;
  const end = work.finally(() => {
    running = false;
  });
  while (running) {
    samples.push(memory(others));
    await Promise.race([end, sleep(sampleMs)]);
  }
  return samples;
}

/** @param {readonly Memory[]} samples one at least */
export function highest(samples) {
  return samples.reduce((peak, sample) => (sample.total > peak.total ? sample : peak));
}

/** @param {Memory} memory */
export function inWords({ total, parts }) {
  const each = Object.entries(parts)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([name, bytes]) => `${name} ${(bytes / MiB).toFixed(0)}`);
  return `${(total / MiB).toFixed(0)} MiB (${each.join(', ')})`;
}
