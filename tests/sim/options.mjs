import { parseArgs } from 'node:util';

/** @typedef {Record<string, { type: 'string' | 'boolean', default?: string }>} Options */

/**
 * The command line; whoever writes it wrongly is told so in one sentence, and the program ends.
 *
 * @template {Options} const T
 * @param {T} options
 * @param {readonly (keyof T & string)[]} numbers options that are whole numbers
 */
export function readOptions(options, numbers) {
  try {
    const { values } = parseArgs({ options });
    const texts = /** @type {Record<string, unknown>} */ (values);
    for (const name of numbers) {
      if (texts[name] === undefined || /^\d+$/.test(String(texts[name]))) continue;
      throw new Error(`--${name} wants a whole number, not ${texts[name]}`);
    }
    return values;
  } catch (error) {
    const known = Object.keys(options).map((name) => `--${name}`);
    const [reason] = /** @type {Error} */ (error).message.split('. ');
    console.error(`${reason}. There are ${known.join(', ')}.`);
    process.exit(2);
  }
}
