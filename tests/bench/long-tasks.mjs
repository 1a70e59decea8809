/** Tasks of a page's main thread that are longer than 50 ms, as the page itself sees them. */

/** @typedef {import('playwright').Page} Page */
/** @typedef {{ kind: 'longtask' | 'long-animation-frame', atMs: number, ms: number, scripts: readonly string[] }} LongTask */

/** Runs in the page before its scripts. */
function noteLongTasks() {
  /** @type {LongTask[]} */
  const tasks = [];
  Object.assign(globalThis, { longTasks: tasks });
  const note = (/** @type {any} */ entry) => {
    const scripts = (entry.scripts ?? []).map((/** @type {any} */ script) => {
      const name = script.sourceURL.split('/').pop() || 'no address';
      return `${Math.round(script.duration)} ms ${script.invoker} ${name} ${script.sourceFunctionName}`;
    });
    tasks.push({ kind: entry.entryType, atMs: entry.startTime, ms: entry.duration, scripts });
  };
  for (const type of ['longtask', 'long-animation-frame']) {
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type });
  }
}

/** Begins to watch, from the next load of a page on. @param {Page} page */
export async function watchLongTasks(page) {
  await page.addInitScript(noteLongTasks);
  await page.reload();
  await page.waitForLoadState('networkidle');
}

/**
 * The long tasks of a time in which nobody but the page runs scripts there: whether it is over is asked with a
 * script of a few instructions, twice a second.
 *
 * @param {Page} page
 * @param {string} over what `document.querySelector` finds once it is over
 * @param {number} timeout in ms
 * @returns {Promise<readonly LongTask[]>} the longest first
 */
export async function longTasksUntil(page, over, timeout) {
  const beginMs = await page.evaluate(() => performance.now());
  const endMs = Date.now() + timeout;
  while (!(await page.evaluate((selector) => document.querySelector(selector) !== null, over))) {
    if (Date.now() > endMs) throw new Error(`${over} did not come`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const tasks = await page.evaluate(() => /** @type {any} */ (globalThis).longTasks);
  return tasks
    .filter((/** @type {LongTask} */ { atMs }) => atMs > beginMs)
    .sort((/** @type {LongTask} */ a, /** @type {LongTask} */ b) => b.ms - a.ms);
}

/** In ms; 0 if none was longer than 50. Frames may hold several tasks, and only say what ran. @param {readonly LongTask[]} tasks */
export function longestOf(tasks) {
  return tasks.find(({ kind }) => kind === 'longtask')?.ms ?? 0;
}

/** @param {readonly LongTask[]} tasks */
export function tasksInWords(tasks) {
  const each = tasks.slice(0, 5).map(({ kind, atMs, ms, scripts }) => {
    return `${kind} ${Math.round(ms)} ms at ${Math.round(atMs)} [${scripts.join('; ')}]`;
  });
  return `${tasks.length} over 50 ms; ${each.join(', ')}`;
}
