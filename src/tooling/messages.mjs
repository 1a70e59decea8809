import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { compileStrings } from '@internationalized/string-compiler';

const folder = join(import.meta.dirname, '../presentation/messages');
const prefix = 'virtual:messages/';

/** Invented languages for tests: what they do to the literal parts of each English message. */
const pseudo = { 'en-XA': lengthen, 'ar-XB': mirror };

/** Beginnings of the keys that a page needs which only shows a blob. */
export const VIEWER_KEYS = [
  ...[
    'viewer.',
    'error.',
    'copy.',
    'done.link',
    'done.copyLink',
    'qr.',
    'part.',
    'network.testnet',
    'gateway.safe',
  ],
  ...[
    'network.mainnet',
    'network.localnet',
    'network.label',
    'app.name',
    'row.copyId',
    'upload.resume',
    'details.close',
  ],
];

/** Of these it needs none: they are of storing, and `readingSentence` has other words for them. */
export const VIEWER_LACKS = [
  ...['wal', 'sui-', 'coins-', 'price-', 'capacity-', 'transaction-', 'relay-', 'certificate-'],
  ...['outcome-', 'upload-', 'quorum-', 'not-final-', 'source-', 'file-gone', 'file-changed'],
  'file-unreadable',
].map((begin) => `error.${begin}`);

/** @param {string} key */
const isOfViewer = (key) =>
  VIEWER_KEYS.some((begin) => key.startsWith(begin)) &&
  !VIEWER_LACKS.some((begin) => key.startsWith(begin));

/**
 * Compiles the message catalogs: `virtual:messages/en` is a module of plain functions and strings.
 * `virtual:messages/viewer/en` has no more than what a viewer says. `en-XA` (accented, 40 % longer) and `ar-XB` (right to
 * left) are made from English.
 *
 * @param {(key: string) => boolean} [isNeeded] all are without
 * @returns {import('vite').Plugin}
 */
export function messagesPlugin(isNeeded = () => true) {
  return {
    name: 'haulout-messages',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const [language = '', part] = id
        .slice(prefix.length + 1)
        .split('/')
        .reverse();
      const isWanted = (/** @type {string} */ key) => part === undefined || isOfViewer(key);
      const own = join(folder, `${language}.json`);
      this.addWatchFile(existsSync(own) ? own : join(folder, 'en.json'));
      const messages = Object.entries(messagesOf(language)).filter(
        ([key]) => isWanted(key) && isNeeded(key),
      );
      return compileStrings(Object.fromEntries(messages), { format: 'esm' });
    },
  };
}

/**
 * The messages of one language in ICU syntax, without the notes for translators.
 *
 * @param {string} language a catalog's name, or a pseudo-language
 * @returns {Record<string, string>}
 */
export function messagesOf(language) {
  const change = Object.entries(pseudo).find(([name]) => name === language)?.[1];
  const file = join(folder, `${change === undefined ? language : 'en'}.json`);
  const catalog = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
  return Object.fromEntries(
    catalog.map(([key, { text }]) => [key, change === undefined ? text : rewrite(text, change)]),
  );
}

/**
 * Applies `change` to the words of an ICU message and leaves its arguments alone.
 *
 * @param {string} text
 * @param {(words: string) => string} change
 */
function rewrite(text, change) {
  return print(parse(text), change);
}

/**
 * @param {import('@formatjs/icu-messageformat-parser').MessageFormatElement[]} parts
 * @param {(words: string) => string} change
 * @returns {string}
 */
function print(parts, change) {
  return parts
    .map((part) => {
      if (part.type === TYPE.literal) return change(part.value).replaceAll("'", "''");
      if (part.type === TYPE.argument) return `{${part.value}}`;
      if (part.type === TYPE.pound) return '#';
      if (part.type === TYPE.plural || part.type === TYPE.select) {
        const options = Object.entries(part.options).map(
          ([name, option]) => `${name} {${print(option.value, change)}}`,
        );
        const kind = part.type === TYPE.plural ? 'plural' : 'select';
        return `{${part.value}, ${kind}, ${options.join(' ')}}`;
      }
      throw new Error(`message syntax ${part.type} is not supported`);
    })
    .join('');
}

const plain = 'AaBbCcDdEeGgHhIiKkLlNnOoRrSsTtUuWwYyZz';
const accented = 'ÅåƁƀÇçÐðÉéĜĝĤĥÎîĶķĻļÑñÖöŔŕŠšŢţÛûŴŵÝýŽž';

/** @param {string} words */
function lengthen(words) {
  const letters = [...words].map((letter) => {
    const at = plain.indexOf(letter);
    return at < 0 ? letter : accented.charAt(at);
  });
  const extra = Math.round(words.replaceAll(/\W/g, '').length * 0.4);
  return letters.join('') + (extra > 0 ? '~'.repeat(extra) : '');
}

/** @param {string} words each is turned round with the override and pop characters of Unicode */
function mirror(words) {
  return words.replaceAll(/[A-Za-z]+/g, (word) => `\u202e${word}\u202c`);
}
