const BEGIN = '<!-- npm run evidence -->';
const END = '<!-- end of the evidence -->';
/** Around the table of faults. */
export const FAILURE_MARKS = /** @type {const} */ ([
  '<!-- npm run evidence -- --only failures -->',
  '<!-- end of the failures -->',
]);

/**
 * @typedef {import('./seeds.mjs').Totals & { commit: string, date: string, firstSeed: number, processes: number,
 *   machine: string, minutes: number, never: readonly string[] }} Evidence
 */

const number = new Intl.NumberFormat('en').format;

/** What the counters are about, by how their names begin. */
const GROUPS = /** @type {const} */ ([
  ['nodes', 'node: '],
  ['relay', 'relay: '],
  ['chain and full node', 'chain: '],
  ['wallet', 'wallet '],
  ['pages that ended with', 'ends with '],
  ['written down', 'fact '],
  ['killed after writing', 'crash after '],
]);

/** @param {Evidence} evidence @returns {string} a table in Markdown */
export function evidenceTable(evidence) {
  const { runs, failed, counts, never } = evidence;
  const groupOf = (/** @type {string} */ name) =>
    GROUPS.find(([, begin]) => name.startsWith(begin));
  const list = (/** @type {(typeof GROUPS)[number] | undefined} */ group) =>
    Object.keys(counts)
      .filter((name) => groupOf(name) === group && counts[name])
      .sort()
      .map((name) => `${name.slice(group?.[1].length ?? 0)} ${number(counts[name] ?? 0)}`)
      .join(' · ');
  const rows = [
    ['seeds run', `${number(runs)}, from ${number(evidence.firstSeed)}`],
    ['of which broke a promise', `**${number(failed)}**`],
    ['commit, date', `\`${evidence.commit}\`, ${evidence.date}`],
    ['time', `${number(evidence.minutes)} minutes in ${evidence.processes} processes`],
    ['steps', number(evidence.steps)],
    ['virtual days', number(Math.round(evidence.virtualMs / 86_400_000))],
    ['page, browser, machine and links', list(undefined)],
    ...GROUPS.map((group) => [group[0], list(group)]),
    ...(never.length > 0 ? [['never happened', never.join(' · ')]] : []),
  ];
  const limit =
    failed === 0
      ? `\n\nIf no seed of N fails, fewer than 3 in N do, with 95 % confidence, under these faults: here ${(300 / runs).toFixed(2)} %.`
      : '';
  const lines = rows.map(([name, value]) => `| ${name} | ${value} |`);
  return `### The simulator\n\n| | |\n| --- | --- |\n${lines.join('\n')}${limit}`;
}

/**
 * @param {string} text with the two marks
 * @param {string} table
 * @param {readonly [begin: string, end: string]} marks
 * @returns {string} the same with the table between them
 */
export function withEvidence(text, table, marks = [BEGIN, END]) {
  const [begin = -1, end = -1] = marks.map((mark) => text.indexOf(mark));
  if (begin < 0 || end < begin) throw new Error('README.md has no place for the evidence');
  return `${text.slice(0, begin + marks[0].length)}\n${table}\n${text.slice(end)}`;
}
