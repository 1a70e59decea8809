import { readdirSync, readFileSync } from 'node:fs';

/** Parent of every process that can be read, by process number. */
function parents() {
  /** @type {Map<number, number>} */
  const result = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      result.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // it ended while we looked
    }
  }
  return result;
}

/**
 * Processes that descend from `ancestor`, without itself.
 *
 * @param {number} ancestor
 * @returns {number[]}
 */
export function descendants(ancestor) {
  const parentOf = parents();
  const isBelow = (/** @type {number} */ pid) => {
    for (let at = parentOf.get(pid); at !== undefined && at > 1; at = parentOf.get(at)) {
      if (at === ancestor) return true;
    }
    return false;
  };
  return [...parentOf.keys()].filter(isBelow);
}

/**
 * Memory of some processes in bytes: proportional set size, which counts shared pages once over all of them.
 *
 * @param {number[]} pids
 */
export function memoryOf(pids) {
  let kilobytes = 0;
  for (const pid of pids) {
    try {
      const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
    } catch {
      // it ended while we looked
    }
  }
  return kilobytes * 1024;
}
