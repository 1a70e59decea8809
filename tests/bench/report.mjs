/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string} case
 * @property {string} browser
 * @property {number} ours
 * @property {number | null} official same unit, same input, same run
 * @property {string} unit
 * @property {number | null} ratio official / ours
 * @property {string} must such as `>= 5.5x` or `<= 0.5 ms`
 * @property {boolean} ok
 * @property {number | null} limit what the hashes alone take at the speed of the kernel, in the same unit
 */

/** @param {number} value */
const rounded = (value) => Number(value.toPrecision(4));

/**
 * A row that must be so many times as fast as the official package.
 *
 * @param {Pick<Row, 'name' | 'case' | 'browser'>} what
 * @param {{ ours: number, official: number, limit?: number | null }} measured milliseconds
 * @param {number} must
 * @returns {Row}
 */
export function ratioRow(what, { ours, official, limit = null }, must) {
  return {
    ...what,
    ours: rounded(ours),
    official: rounded(official),
    unit: 'ms',
    ratio: rounded(official / ours),
    must: `>= ${must}x`,
    ok: official / ours >= must,
    limit: limit === null ? null : rounded(limit),
  };
}

/**
 * A row with a bound of its own.
 *
 * @param {Pick<Row, 'name' | 'case' | 'browser' | 'unit'>} what
 * @param {number} ours
 * @param {'<=' | '>='} relation
 * @param {number} bound
 * @param {number | null} [official]
 * @param {number | null} [limit]
 * @returns {Row}
 */
export function boundRow(what, ours, relation, bound, official = null, limit = null) {
  return {
    ...what,
    ours: rounded(ours),
    official: official === null ? null : rounded(official),
    ratio: official === null ? null : rounded(official / ours),
    must: `${relation} ${bound} ${what.unit}`,
    ok: relation === '<=' ? ours <= bound : ours >= bound,
    limit: limit === null ? null : rounded(limit),
  };
}

const head = ['name', 'case', 'browser', 'ours', 'official', 'ratio', 'hash limit', 'must', 'ok'];

/** @param {Row[]} rows */
export function table(rows) {
  const withUnit = (/** @type {number | null} */ value, /** @type {string} */ unit) =>
    value === null ? '-' : `${value} ${unit}`;
  const lines = rows.map((row) => [
    row.name,
    row.case,
    row.browser,
    withUnit(row.ours, row.unit),
    withUnit(row.official, row.unit),
    row.ratio === null ? '-' : `${row.ratio}x`,
    row.limit === null ? '-' : `${row.limit} ms (${Math.round((100 * row.limit) / row.ours)} %)`,
    row.must,
    row.ok ? 'yes' : 'NO',
  ]);
  const all = [head, ...lines];
  const widths = head.map((_, at) => Math.max(...all.map((line) => line[at]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
