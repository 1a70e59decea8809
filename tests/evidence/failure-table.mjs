/**
 * @typedef {object} Attempt
 * @property {'right' | 'wrong bytes' | 'hung' | 'error' | 'waits'} end it waits where it said why, and goes on by itself
 * @property {number} ms
 * @property {string} [error] its name
 *
 * @typedef {object} FailureResult
 * @property {'read' | 'write'} call
 * @property {string} what
 * @property {boolean} canSucceed
 * @property {readonly Attempt[]} official
 * @property {readonly Attempt[]} ours
 *
 * @typedef {object} FailureResults
 * @property {string} commit
 * @property {string} date
 * @property {string} version of the official package
 * @property {readonly FailureResult[]} results
 */

/** @param {readonly Attempt[]} attempts */
function median(attempts) {
  const times = attempts.map(({ ms }) => ms).sort((a, b) => a - b);
  const seconds = (times[times.length >> 1] ?? 0) / 1_000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/** @param {readonly Attempt[]} attempts */
function cell(attempts) {
  const groups = new Map();
  for (const attempt of attempts) {
    const { end, error } = attempt;
    const name = error === undefined ? end : `${end === 'waits' ? 'waits: ' : ''}\`${error}\``;
    groups.set(name, [...(groups.get(name) ?? []), attempt]);
  }
  return [...groups]
    .map(([name, group]) => {
      const count = groups.size > 1 ? `${group.length} × ` : '';
      const bold = name === 'wrong bytes' || name === 'hung' ? '**' : '';
      const limit = name === 'hung' ? `, left after ${median(group)}` : `, ${median(group)}`;
      return `${count}${bold}${name}${bold}${limit}`;
    })
    .join('; ')
    .replaceAll('|', '\\|');
}

/** @param {FailureResults} results @returns {string} tables in Markdown */
export function failureTable({ commit, date, version, results }) {
  const parts = /** @type {const} */ (['read', 'write']).map((call) => {
    const rows = results
      .filter((each) => each.call === call)
      .map(({ what, canSucceed, official, ours }) => {
        const name = canSucceed ? what : `${what}: too little to succeed`;
        return `| ${name} | ${cell(official)} | ${cell(ours)} |`;
      });
    const head = `| ${call === 'read' ? 'Reads' : 'Writes'}: what is wrong | \`@mysten/walrus\` ${version} | Haulout |`;
    return `${head}\n| --- | --- | --- |\n${rows.join('\n')}`;
  });
  const tries = results[0]?.ours.length ?? 0;
  return `### The same faults, twice\n\n${parts.join('\n\n')}\n\n${tries === 1 ? '1 try' : `${tries} tries`} each, over HTTP on local networks of 13 shards; median times; commit \`${commit}\`, ${date}.`;
}
