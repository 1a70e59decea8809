/** Blob ID of a large file on disk, chosen in a file input: speed, and memory of all processes of the browser. */
import { createCipheriv } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPage } from './page.mjs';
import { descendants, memoryOf } from './process-memory.mjs';
import { boundRow } from './report.mjs';

const MiB = 1 << 20;
const sampleMs = 250;

/**
 * Writes bytes that are the same on every run: AES-CTR over zeros with a fixed key.
 *
 * @param {string} path
 * @param {number} bytes a multiple of 16 MiB
 */
async function writeFile(path, bytes) {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
  const zeros = Buffer.alloc(16 * MiB);
  const file = await open(path, 'w');
  for (let done = 0; done < bytes; done += zeros.length) await file.write(cipher.update(zeros));
  await file.close();
}

/** @typedef {{ total: number, parts: Record<string, number> }} Memory in bytes */

/** Memory of the browser that this process started. @returns {Memory} */
function memory() {
  const parts = memoryOf(descendants(process.pid));
  return { total: Object.values(parts).reduce((sum, part) => sum + part, 0), parts };
}

/** Watches the memory while `work` runs. @returns the sample with the highest total */
async function peakMemory(/** @type {Promise<unknown>} */ work) {
  let peak = memory();
  let running = true;
  const end = work.finally(() => {
    running = false;
  });
  while (running) {
    const sample = memory();
    if (sample.total > peak.total) peak = sample;
    await Promise.race([end, sleep(sampleMs)]);
  }
  return peak;
}

/** @param {Memory} memory */
function inWords({ total, parts }) {
  const each = Object.entries(parts)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([name, bytes]) => `${name} ${(bytes / MiB).toFixed(0)}`);
  return `${(total / MiB).toFixed(0)} MiB (${each.join(', ')})`;
}

/**
 * @param {import('playwright').Page} page
 * @param {string} path of the file
 */
async function watchedRun(page, path) {
  await page.setInputFiles('input', path);
  await sleep(3000);
  const idle = memory();
  const work = page.evaluate(() => /** @type {any} */ (globalThis).bench.stream(2));
  const peak = await peakMemory(work);
  return { idle, peak, ...(await work) };
}

/**
 * @param {number} bytes
 * @param {(line: string) => void} log
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
async function measureFile(bytes, log) {
  const folder = mkdtempSync(join(tmpdir(), 'haulout-bench-'));
  const label = `${bytes / 1024 / MiB} GiB file, 2 workers`;
  try {
    const path = join(folder, 'file');
    await writeFile(path, bytes);
    const opened = await openPage('chromium', log);
    const { idle, peak, ms, blobId } = await watchedRun(opened.page, path).finally(opened.close);
    log(`${label}: ${blobId}`);
    log(`idle page ${inWords(idle)}; peak ${inWords(peak)}`);
    const what = { name: 'stream', browser: 'chromium' };
    return [
      boundRow(
        { ...what, case: `${label}, speed`, unit: 'MiB/s' },
        bytes / MiB / (ms / 1000),
        '>=',
        60,
      ),
      boundRow(
        { ...what, case: `${label}, memory`, unit: 'MiB' },
        (peak.total - idle.total) / MiB,
        '<=',
        600,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {(line: string) => void} log
 * @param {number[]} [mebibytes] sizes of the files
 * @returns {Promise<import('./report.mjs').Row[]>}
 */
export async function stream(log, mebibytes = [1024, 4096]) {
  const rows = [];
  for (const size of mebibytes) rows.push(...(await measureFile(size * MiB, log)));
  return rows;
}
