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
 * What a process of Chromium is for: its `--type`, with the kind of service or worker where there is one.
 *
 * @param {number} pid
 */
function purpose(pid) {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  const kind = /--type=([\w-]+)/.exec(words)?.[1] ?? 'browser';
  const service = /--utility-sub-type=([\w.]+)/.exec(words)?.[1];
  return service === undefined ? kind : `${kind} ${service}`;
}

/**
 * Memory of some processes in bytes, by purpose: proportional set size, which counts shared pages once over all, without
 * the pages of files. Those are the program's code, the same whatever it does, and shared out among all browsers of the
 * machine: one that another program closes would seem to make this one grow by some 70 MiB.
 *
 * @param {number[]} pids
 * @returns {Record<string, number>}
 */
export function memoryOf(pids) {
  /** @type {Record<string, number>} */
  const result = {};
  for (const pid of pids) {
    try {
      const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      const kibibytes = (/** @type {RegExp} */ name) => Number(name.exec(text)?.[1] ?? 0);
      const bytes = (kibibytes(/^Pss:\s+(\d+)/m) - kibibytes(/^Pss_File:\s+(\d+)/m)) * 1024;
      const name = purpose(pid);
      result[name] = (result[name] ?? 0) + bytes;
    } catch {
      // it ended while we looked
    }
  }
  return result;
}
