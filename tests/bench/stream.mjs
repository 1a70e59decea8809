/** Blob ID of a large file on disk, chosen in a file input: speed, and memory of all processes of the browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inWords, memory, peakMemory, writeLargeFile } from './large-files.mjs';
import { openPage } from './page.mjs';
import { boundRow } from './report.mjs';

const MiB = 1 << 20;

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
    await writeLargeFile(path, bytes);
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
