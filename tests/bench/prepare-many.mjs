/** A file of 4 GiB and 3,000 small ones, dropped at once: all get their IDs, and the page stays free. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inWords, memory, peakMemory, writeLargeFile } from './large-files.mjs';
import { longestOf, longTasksUntil, tasksInWords, watchLongTasks } from './long-tasks.mjs';
import { onPage } from './on-page.mjs';
import { boundRow } from './report.mjs';

const MiB = 1 << 20;
const SMALL = 3_000;
const LARGE_BYTES = 4_096 * MiB;
const MS = 1_800_000;

/** Drops real files and folders. @param {import('playwright').Page} page @param {string[]} files */
async function drop(page, files) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
    await session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
  }
  await session.detach();
}

/** @param {(line: string) => void} log @returns {Promise<import('./report.mjs').Row[]>} */
export async function prepareMany(log) {
  const folder = mkdtempSync(join(tmpdir(), 'haulout-bench-'));
  try {
    const small = join(folder, 'small');
    mkdirSync(small);
    for (let at = 0; at < SMALL; at++) writeFileSync(join(small, `${at}.json`), `{"number":${at}}`);
    const large = join(folder, 'film.webm');
    await writeLargeFile(large, LARGE_BYTES);
    return await onPage('handful-real', async (page) => {
      await watchLongTasks(page);
      const idle = memory();
      const begin = performance.now();
      await drop(page, [large, small]);
      await page.locator('[data-state=preparing]').waitFor();
      const work = longTasksUntil(page, '[data-state=settled]', MS);
      const peak = await peakMemory(work);
      const tasks = await work;
      const seconds = (performance.now() - begin) / 1_000;
      const ready = await page.getByRole('heading', { level: 1 }).textContent();
      const trouble = await page.locator('[role=row] [data-error]').count();
      log(`prepare-many: ${ready}, ${trouble} in trouble, ${Math.round(seconds)} s`);
      log(`idle ${inWords(idle)}; peak ${inWords(peak)}; ${tasksInWords(tasks)}`);
      const isAll = (await page.locator('[data-batch=ready]').count()) === 1;
      const what = { name: 'prepare-many', browser: 'chromium' };
      const label = `4 GiB and ${SMALL} files`;
      return [
        boundRow({ ...what, case: `${label}, all have IDs`, unit: '' }, isAll ? 1 : 0, '>=', 1),
        boundRow(
          { ...what, case: `${label}, longest task`, unit: 'ms' },
          longestOf(tasks),
          '<=',
          50,
        ),
        boundRow(
          { ...what, case: `${label}, memory over idle`, unit: 'MiB' },
          (peak.total - idle.total) / MiB,
          '<=',
          900,
        ),
      ];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
